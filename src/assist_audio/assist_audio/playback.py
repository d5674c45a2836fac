# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Sound to a loudspeaker, or to nowhere at the same pace."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Lock
from typing import Any, Protocol, TypeVar

import numpy as np
from assist_common.errors import AssistError, ConfigurationError, DeviceError
from numpy.typing import NDArray

from assist_audio import sound_device
from assist_audio.audio import to_samples, to_waveform
from assist_audio.resample import Resampler
from assist_audio.speech_synthesis import SpokenText
from assist_audio.timed_calls import TimedCalls

T = TypeVar('T')

OUTPUTS = ('auto', 'device', 'silent')
_BLOCK_SECONDS = 0.05
_OPENING = 5.0  # s: how long a device may take to open
_GRACE = 2.0  # s: how much longer than its sound it may take to play


class Player(Protocol):
    """Plays one sound at a time."""

    @property
    def name(self) -> str:
        """Return the name of the device, or 'silent'."""
        ...

    @property
    def why_silent(self) -> str:
        """Return why nothing is heard; empty where that was asked for, or sound is heard."""
        ...

    def play(self, sound: SpokenText, stop: Event, on_sound: Callable[[bool], object]) -> bool:
        """Play to the end, or until `stop` is set; return whether the end was reached.

        on_sound is told True when sound begins to be heard and False when it has ended.

        Raises:
            DeviceError: the device does not work.
        """
        ...


def make_player(output: str, device: str = '') -> Player:
    """Return a player.

    Args:
        output: 'device', 'silent', or 'auto': the device if there is one.
        device: index or part of the name; empty for the default one.

    Raises:
        DeviceError: with 'device', there is none. ConfigurationError: another output.
    """
    if output == 'silent':
        return SilentPlayer()
    if output not in OUTPUTS:
        raise ConfigurationError(
            f"the output '{output}' is unknown", f'use one of {", ".join(OUTPUTS)}'
        )
    if output == 'auto':
        return AutoPlayer(device)
    player = DevicePlayer(device)
    player.check()
    return player


class SilentPlayer:
    """Takes as long as the sound would, for machines without a loudspeaker."""

    name = 'silent'
    why_silent = ''

    def play(self, sound: SpokenText, stop: Event, on_sound: Callable[[bool], object]) -> bool:
        """Wait as long as the sound lasts."""
        on_sound(True)
        try:
            return not stop.wait(sound.seconds)
        finally:
            on_sound(False)


class AutoPlayer:
    """A PortAudio output device when there is one, which is looked for each time; else silence."""

    def __init__(self, device: str = '') -> None:
        """Look for the device."""
        self._device = DevicePlayer(device)
        self._silence = SilentPlayer()
        self._look()

    @property
    def name(self) -> str:
        """Return the name of the device, or 'silent'."""
        return self._silence.name if self.why_silent else self._device.name

    def play(self, sound: SpokenText, stop: Event, on_sound: Callable[[bool], object]) -> bool:
        """Play on the device, or wait as long as the sound lasts."""
        if self.why_silent:
            self._look()
        player: Player = self._silence if self.why_silent else self._device
        return player.play(sound, stop, on_sound)

    def _look(self) -> None:
        try:
            self._device.check()
            self.why_silent = ''
        except AssistError as error:
            self.why_silent = str(error)


class DevicePlayer:
    """A PortAudio output device, at the rate of the sound or, where it has not that, at its own."""

    why_silent = ''

    def __init__(self, device: str = '') -> None:
        self.name = device or 'default'
        self._device = device
        self._scanner = sound_device.Scanner()
        self._calls = TimedCalls('loudspeaker')

    def check(self) -> None:
        """Raise a DeviceError when there is no such device, now or after another look."""
        try:
            self.name = sound_device.find(self._device, 'output').name
        except DeviceError:
            if self._calls.left_behind or not self._scanner.look():
                raise
            self.name = sound_device.find(self._device, 'output').name

    def play(self, sound: SpokenText, stop: Event, on_sound: Callable[[bool], object]) -> bool:
        """Play on the device, which is looked for anew where it does not work.

        A device that hangs is left behind, so that nobody takes the robot for speaking still.
        """
        if self._calls.left_behind:
            raise DeviceError(f"the loudspeaker '{self.name}' hangs", 'restart the sound server')
        told = _Told(on_sound)
        try:
            output = self._within(_OPENING, lambda: self._ready(sound.rate))
            return self._within(
                sound.seconds + _GRACE, lambda: _play(output, sound, stop, told)
            )
        finally:
            told.close()

    def _within(self, seconds: float, function: Callable[[], T]) -> T:
        sounddevice = sound_device.library()
        try:
            return self._calls.call(seconds, function)
        except TimeoutError as error:
            raise DeviceError(
                f"the loudspeaker '{self.name}' hangs", 'see that the sound server works'
            ) from error
        except sounddevice.PortAudioError as error:
            raise DeviceError(
                f"the loudspeaker '{self.name}' does not work ({error.args[0]})",
                'see that no other program holds it',
            ) from error

    def _ready(self, rate: int) -> _Output:
        try:
            return self._open(rate)
        except (DeviceError, sound_device.library().PortAudioError):
            if not self._scanner.look():
                raise
            return self._open(rate)

    def _open(self, rate: int) -> _Output:
        found = sound_device.find(self._device, 'output')
        self.name = found.name
        try:
            return _opened(found, rate, 1)
        except sound_device.library().PortAudioError:
            usable = _usable_format(found, rate)
            if usable is None:
                raise
            return _opened(found, *usable)


@dataclass(frozen=True)
class _Output:
    stream: Any
    rate: int
    channels: int

    def shaped(self, sound: SpokenText) -> NDArray[np.int16]:
        """Return the samples of a sound as the stream takes them, (samples, channels)."""
        samples = sound.samples
        if sound.rate != self.rate:
            resampler = Resampler(sound.rate, self.rate)
            waveform = to_waveform(samples)
            samples = to_samples(np.concatenate((resampler.process(waveform), resampler.flush())))
        return np.repeat(samples[:, None], self.channels, axis=1)


def _opened(found: sound_device.SoundDevice, rate: int, channels: int) -> _Output:
    stream = sound_device.library().OutputStream(
        device=found.index, samplerate=rate, channels=channels, dtype='int16'
    )
    return _Output(stream, rate, channels)


def _usable_format(found: sound_device.SoundDevice, rate: int) -> tuple[int, int] | None:
    """Return the rate and number of channels that a device takes, near to those of the sound."""
    sounddevice = sound_device.library()
    for wanted in (rate, found.rate):
        for channels in (1, min(2, found.outputs)):
            with suppress(sounddevice.PortAudioError):
                sounddevice.check_output_settings(found.index, channels, 'int16', samplerate=wanted)
                return wanted, channels
    return None


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


def _play(output: _Output, sound: SpokenText, stop: Event, told: _Told) -> bool:
    samples = output.shaped(sound)
    block = round(output.rate * _BLOCK_SECONDS)
    with output.stream as stream:
        told.set(True)
        try:
            for start in range(0, len(samples), block):
                if stop.is_set() or told.closed:
                    stream.abort()
                    return False
                stream.write(samples[start : start + block])
            stream.stop()  # returns when all has been heard
        finally:
            told.set(False)
    return True
