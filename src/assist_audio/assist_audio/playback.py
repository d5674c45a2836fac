# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Sound to a loudspeaker, or to nowhere at the same pace."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock
from typing import Any, Protocol

from assist_common.errors import AssistError, ConfigurationError, DeviceError

from assist_audio import sound_device
from assist_audio.speech_synthesis import SpokenText
from assist_audio.timed_calls import TimedCalls

OUTPUTS = ('auto', 'device', 'silent')
_BLOCK_SECONDS = 0.05
_GRACE = 2.0  # s: how much longer than its sound a device may take


class Player(Protocol):
    """Plays one sound at a time."""

    name: str
    is_silent: bool

    def play(self, sound: SpokenText, stop: Event, on_sound: Callable[[bool], object]) -> bool:
        """Play to the end, or until `stop` is set; return whether the end was reached.

        on_sound is told True when sound begins to be heard and False when it has ended.

        Raises:
            DeviceError: the device does not work.
        """
        ...


def make_player(output: str, device: str = '') -> tuple[Player, str]:
    """Return a player, and why it is silent when that was not asked for.

    Args:
        output: 'device', 'silent', or 'auto': the device if there is one.
        device: index or part of the name; empty for the default one.
    """
    if output == 'silent':
        return SilentPlayer(), ''
    if output not in OUTPUTS:
        raise ConfigurationError(
            f"the output '{output}' is unknown", f'use one of {", ".join(OUTPUTS)}'
        )
    player = DevicePlayer(device)
    try:
        player.check()
    except AssistError as error:
        if output == 'device':
            raise
        return SilentPlayer(), str(error)
    return player, ''


class SilentPlayer:
    """Takes as long as the sound would, for machines without a loudspeaker."""

    name = 'silent'
    is_silent = True

    def play(self, sound: SpokenText, stop: Event, on_sound: Callable[[bool], object]) -> bool:
        """Wait as long as the sound lasts."""
        on_sound(True)
        try:
            return not stop.wait(sound.seconds)
        finally:
            on_sound(False)


class DevicePlayer:
    """A PortAudio output device."""

    is_silent = False

    def __init__(self, device: str = '') -> None:
        self.name = device or 'default'
        self._device = device
        self._scanner = sound_device.Scanner()
        self._calls = TimedCalls('loudspeaker')

    def check(self) -> None:
        """Raise a DeviceError when there is no such device."""
        self.name = sound_device.find(self._device, 'output').name

    def play(self, sound: SpokenText, stop: Event, on_sound: Callable[[bool], object]) -> bool:
        """Play on the device, which is looked for anew where it does not work.

        A device that hangs is left behind, so that nobody takes the robot for speaking still.
        """
        if self._calls.left_behind:
            raise DeviceError(f"the loudspeaker '{self.name}' hangs", 'restart the sound server')
        told = _Told(on_sound)
        try:
            return self._calls.call(sound.seconds + _GRACE, lambda: self._play(sound, stop, told))
        except TimeoutError as error:
            raise DeviceError(
                f"the loudspeaker '{self.name}' hangs", 'see that the sound server works'
            ) from error
        finally:
            told.close()

    def _play(self, sound: SpokenText, stop: Event, told: _Told) -> bool:
        sounddevice = sound_device.library()
        try:
            with self._ready(sound) as stream:
                return _play(stream, sound, stop, told)
        except sounddevice.PortAudioError as error:
            raise DeviceError(
                f"the loudspeaker '{self.name}' does not work ({error.args[0]})",
                'see that no other program holds it',
            ) from error

    def _ready(self, sound: SpokenText) -> Any:
        try:
            return self._open(sound)
        except (DeviceError, sound_device.library().PortAudioError):
            if not self._scanner.look():
                raise
            return self._open(sound)

    def _open(self, sound: SpokenText) -> Any:
        found = sound_device.find(self._device, 'output')
        self.name = found.name
        return sound_device.library().OutputStream(
            device=found.index, samplerate=sound.rate, channels=1, dtype='int16'
        )


class _Told:
    """Tells when sound begins and ends, each once; closed, it tells the end and nothing more."""

    def __init__(self, on_sound: Callable[[bool], object]) -> None:
        self.closed = False
        self._on_sound = on_sound
        self._heard = False
        self._lock = Lock()

    def set(self, heard: bool) -> None:
        with self._lock:
            if not self.closed:
                self._change(heard)

    def close(self) -> None:
        with self._lock:
            self.closed = True
            self._change(False)

    def _change(self, heard: bool) -> None:
        if heard != self._heard:
            self._heard = heard
            self._on_sound(heard)


def _play(stream: Any, sound: SpokenText, stop: Event, told: _Told) -> bool:
    block = round(sound.rate * _BLOCK_SECONDS)
    told.set(True)
    try:
        for start in range(0, len(sound.samples), block):
            if stop.is_set() or told.closed:
                stream.abort()
                return False
            stream.write(sound.samples[start : start + block])
        stream.stop()  # returns when all has been heard
    finally:
        told.set(False)
    return True
