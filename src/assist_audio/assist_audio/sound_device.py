# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The devices of PortAudio, whose library is looked for only when one is used."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assist_common.errors import ConfigurationError, DeviceError
from assist_common.resilience import Backoff

from assist_audio import sound_server

_ADDRESS = re.compile(r'\s*\(hw:\d+,\d+\)$')


@dataclass(frozen=True)
class SoundDevice:
    """A device that can record (inputs > 0) or play (outputs > 0); rate in Hz."""

    index: int
    name: str
    inputs: int
    outputs: int
    rate: int
    is_default: bool


def library() -> Any:
    """Return the module sounddevice.

    Raises:
        ConfigurationError: it or PortAudio is not installed.
    """
    try:
        import sounddevice
    except ImportError as error:
        raise ConfigurationError(
            'the package sounddevice is not installed', 'run: pip install sounddevice'
        ) from error
    except OSError as error:  # what sounddevice raises without the PortAudio library
        raise ConfigurationError(
            'the PortAudio library is not installed', 'run: sudo apt install libportaudio2'
        ) from error
    return sounddevice


class Scanner:
    """Lets PortAudio look for devices again; it knows only those that were there at its start.

    Each look leaves some kilobytes behind that PortAudio never gives back. So it looks only when
    what the system tells of sound devices has changed, and ever more seldom when it has not.
    """

    def __init__(
        self,
        steady: Callable[[], float] = time.monotonic,
        surroundings: Callable[[], str] = sound_server.surroundings,
    ) -> None:
        self._steady = steady
        self._surroundings = surroundings
        self._seen = ''
        self._due = float('-inf')
        self._backoff = Backoff(10.0, maximum=600.0)

    def look(self) -> bool:
        """Look when that may help, and return whether it was done; every stream ends by it.

        Raises:
            DeviceError: PortAudio does not start.
        """
        seen = self._surroundings()
        if seen and seen != self._seen:
            self._seen = seen
            self._backoff.reset()
        elif self._steady() < self._due:
            return False
        self._due = self._steady() + self._backoff.next()
        _restart()
        return True


def _restart() -> None:
    sounddevice = library()
    try:
        # A start that failed has left nothing to end.
        if sounddevice._initialized:
            sounddevice._terminate()
        sounddevice._initialize()
    except sounddevice.PortAudioError as error:
        raise _unusable(error) from error


def _unusable(error: Exception) -> DeviceError:
    return DeviceError(
        f'PortAudio does not work ({error.args[0]})', 'see that the sound server runs'
    )


def devices(kind: str) -> list[SoundDevice]:
    """Return the devices for 'input' or 'output'.

    Raises:
        DeviceError: PortAudio does not work.
    """
    sounddevice = library()
    try:
        entries = sounddevice.query_devices()
    except sounddevice.PortAudioError as error:
        raise _unusable(error) from error
    default = sounddevice.default.device['input' if kind == 'input' else 'output']
    found = [
        SoundDevice(
            entry['index'],
            entry['name'],
            entry['max_input_channels'],
            entry['max_output_channels'],
            round(entry['default_samplerate']),
            entry['index'] == default,
        )
        for entry in entries
    ]
    return [device for device in found if (device.inputs if kind == 'input' else device.outputs)]


def find(wanted: str, kind: str) -> SoundDevice:
    """Return the device for 'input' or 'output' that an index, a part of a name or '' names.

    Raises:
        DeviceError: there is none, or several have the name.
    """
    known = devices(kind)
    if not known:
        raise DeviceError(
            f'there is no sound {kind} device', 'connect one, or start a sound server'
        )
    if not wanted:
        return next((device for device in known if device.is_default), known[0])
    if wanted.isdecimal():
        matches = [device for device in known if device.index == int(wanted)]
    else:
        exact = [device for device in known if wanted in (device.name, lasting_name(device.name))]
        lower = wanted.lower()
        matches = exact or [device for device in known if lower in device.name.lower()]
    if len(matches) != 1:
        problem = 'several sound devices have' if matches else 'no sound device has'
        raise DeviceError(f"{problem} the name '{wanted}'", f'Use one of: {listing(known)}')
    return matches[0]


def lasting_name(name: str) -> str:
    """Return a device's name without what ALSA numbers anew when it is plugged in again."""
    return _ADDRESS.sub('', name)


def listing(known: list[SoundDevice]) -> str:
    """Return devices in one line."""
    return ', '.join(f'{device.index} {device.name}' for device in known)
