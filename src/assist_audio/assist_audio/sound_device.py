# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The devices of PortAudio, whose library is looked for only when one is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assist_common.errors import ConfigurationError, DeviceError


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


def rescan() -> None:
    """Let PortAudio look for devices again; it knows only those that were there at its start.

    Every stream of this process ends by it.
    """
    sounddevice = library()
    sounddevice._terminate()
    sounddevice._initialize()


def devices(kind: str) -> list[SoundDevice]:
    """Return the devices for 'input' or 'output'."""
    sounddevice = library()
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
        for entry in sounddevice.query_devices()
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
        exact = [device for device in known if device.name == wanted]
        lower = wanted.lower()
        matches = exact or [device for device in known if lower in device.name.lower()]
    if len(matches) != 1:
        problem = 'several sound devices have' if matches else 'no sound device has'
        raise DeviceError(f"{problem} the name '{wanted}'", f'Use one of: {listing(known)}')
    return matches[0]


def listing(known: list[SoundDevice]) -> str:
    """Return devices in one line."""
    return ', '.join(f'{device.index} {device.name}' for device in known)
