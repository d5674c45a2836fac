# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The demo's input: sentences that are spoken to sound files, and photographs."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assist_common.errors import ConfigurationError
from assist_msgs.msg import Decision

VOICE = ('-v', 'en-gb', '-s', '130', '-p', '30')
"""The voice, speed (words a minute) and pitch of espeak-ng that Whisper tiny.en hears best."""

VOICE_RATE = 22050
"""Samples a second that espeak-ng writes."""

PHOTOGRAPHS = ('bus.jpg', 'zidane.jpg')


@dataclass(frozen=True)
class Line:
    """One sentence of the person, and what must come of it."""

    text: str
    intent: str
    verdicts: tuple[int, ...]


DIALOGUE = (
    Line('What do you see?', 'describe_scene', (Decision.EXECUTE,)),
    Line('Where is the bus?', 'where_is', (Decision.EXECUTE,)),
    Line('Bring me the cup.', 'bring', (Decision.ASK,)),
    Line('Go to the kitchen.', 'go_to', (Decision.CONFIRM,)),
    Line('Yes.', 'go_to', (Decision.EXECUTE,)),
    Line('Stop!', 'stop', (Decision.STOP,)),
    Line('Resume.', 'resume', (Decision.ANSWER,)),
    Line('No.', 'go_to', (Decision.EXPIRE,)),
)


def speak(lines: Sequence[str], folder: Path) -> list[Path]:
    """Write each sentence as a WAV file and return the files.

    Raises:
        ConfigurationError: espeak-ng is missing.
    """
    if shutil.which('espeak-ng') is None:
        raise ConfigurationError(
            'espeak-ng is missing, so the demo has no voice', 'sudo apt-get install espeak-ng'
        )
    return [_speak(text, folder / f'{number:02d}.wav') for number, text in enumerate(lines, 1)]


def photographs(folder: Path) -> Path:
    """Copy the photographs that the Ultralytics package carries into a folder and return it.

    Raises:
        ConfigurationError: the package is missing.
    """
    found = importlib.util.find_spec('ultralytics')
    if found is None or not found.submodule_search_locations:
        raise ConfigurationError(
            'ultralytics is missing, so the demo has no photographs',
            'pip install -r requirements.txt',
        )
    assets = Path(found.submodule_search_locations[0]) / 'assets'
    folder.mkdir(parents=True, exist_ok=True)
    for name in PHOTOGRAPHS:
        shutil.copy(assets / name, folder / name)
    return folder


def _speak(text: str, path: Path) -> Path:
    subprocess.run(['espeak-ng', *VOICE, '-w', str(path), text], check=True)
    return path
