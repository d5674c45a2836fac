# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Sound from a microphone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assist_common.errors import DeviceError

from assist_audio import sound_device
from assist_audio.source import BlockSource

_BLOCK_SECONDS = 0.03


class DeviceSource(BlockSource):
    """A PortAudio input device, by index, part of its name, or the default one.

    PortAudio's own thread does nothing but hand over the samples with the time of their arrival.
    """

    can_reopen = True

    def __init__(self, device: str, now: Callable[[], int], rate: int = 0) -> None:
        """Name the device, which need not be there yet.

        Args:
            now: the time for stamps, ns.
            rate: Hz; 0 takes 16 kHz where the device has it, else its own.
        """
        super().__init__(rate or 16_000)
        self.name = device or 'default'
        self._device = device
        self._now = now
        self._wanted_rate = rate
        self._stream: Any = None
        self._fault = ''

    def open(self) -> None:
        """Find and start the device.

        Raises:
            DeviceError: it is missing or does not start.
        """
        self.close()
        sound_device.rescan()
        found = sound_device.find(self._device, 'input')
        self.name = found.name
        self._fault = ''
        rate = self._usable_rate(found)
        self._begin(rate)
        sounddevice = sound_device.library()
        try:
            self._stream = sounddevice.InputStream(
                device=found.index,
                samplerate=rate,
                channels=min(2, found.inputs),
                dtype='int16',
                blocksize=round(rate * _BLOCK_SECONDS),
                callback=self._receive,
                finished_callback=self._finish,
            )
            self._stream.start()
        except sounddevice.PortAudioError as error:
            self.close()
            raise DeviceError(
                f"the microphone '{found.name}' does not start ({error.args[0]})",
                'see that no other program holds it',
            ) from error

    def read(self, timeout: float) -> list[Any]:
        """Return the next frames."""
        frames = super().read(timeout)
        if not frames and self._fault:
            raise DeviceError(f"the microphone '{self.name}' stopped", 'see that it is connected')
        return frames

    def close(self) -> None:
        """Stop the device."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)

    def _usable_rate(self, found: sound_device.SoundDevice) -> int:
        sounddevice = sound_device.library()
        channels = min(2, found.inputs)
        rate = self._wanted_rate or 16_000
        try:
            sounddevice.check_input_settings(found.index, channels, 'int16', samplerate=rate)
        except sounddevice.PortAudioError:
            return found.rate
        return rate

    def _receive(self, data: Any, _frames: int, _time: Any, status: Any) -> None:
        if status.input_overflow:
            self.counts.overruns += 1
        self.put(data.copy(), self._now(), lost=bool(status.input_overflow))

    def _finish(self) -> None:
        if self._stream is not None:
            self._fault = 'stopped'
