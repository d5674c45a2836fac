# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What PulseAudio, or PipeWire in its place, does with the stream that this process records.

The server moves a stream when its source goes away, and PortAudio, which reaches it through ALSA,
is not told. The server's own tool tells, where it is installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

_TIME_LIMIT = 2.0
_CARDS = Path('/proc/asound/cards')


class Recording:
    """What this process records, asked for again and again: a name is looked up only once."""

    def __init__(self) -> None:
        self._names: dict[Any, str] = {}

    def source(self) -> str:
        """Return the name of the source; empty where that is not known.

        It is not known without a server, for a device that is used past it, without the program
        pactl, and with one older than 15, which writes no JSON.
        """
        process = str(os.getpid())
        for stream in _list('source-outputs'):
            if stream.get('properties', {}).get('application.process.id') == process:
                return self._name(stream.get('source'))
        return ''

    def forget(self) -> None:
        """Look every name up again: another server numbers its sources anew."""
        self._names.clear()

    def _name(self, number: Any) -> str:
        if number not in self._names:
            for source in _list('sources'):
                self._names[source.get('index')] = str(source.get('name', ''))
        return self._names.get(number, '')


def surroundings() -> str:
    """Return what there is of sound cards and of a server's sources and sinks; empty: not known.

    It changes whenever a device may have come or gone.
    """
    parts = []
    with suppress(OSError):
        parts.append(_CARDS.read_text(errors='replace'))
    for kind in ('sources', 'sinks'):
        # Number and name: what follows tells how it is used.
        lines = _pactl('list', 'short', kind).splitlines()
        parts += ['\t'.join(line.split('\t')[:2]) for line in lines]
    return '\n'.join(parts)


def is_monitor(source: str) -> bool:
    """Return whether a source is what a loudspeaker plays."""
    return source.endswith('.monitor')


def _list(kind: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(_pactl('--format=json', 'list', kind) or '[]')
    except ValueError:
        return []
    return [entry for entry in found if isinstance(entry, dict)]


def _pactl(*arguments: str) -> str:
    """Return what the server's tool says; nothing where there is no tool or no answer."""
    program = shutil.which('pactl')
    if program is None:
        return ''
    try:
        finished = subprocess.run(
            [program, *arguments],
            env={**os.environ, 'LC_ALL': 'C.UTF-8'},  # else numbers may have a decimal comma
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIME_LIMIT,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ''
    return finished.stdout.decode(errors='replace')
