# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Sound from a microphone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from assist_common.errors import DeviceError

from assist_audio import sound_device, sound_server
from assist_audio.source import BlockSource

_BLOCK_SECONDS = 0.03
_ROUTE_SECONDS = 5.0  # between looks at the source that a sound server gives


class DeviceSource(BlockSource):
    """A PortAudio input device, by index, part of its name, or the default one.

    PortAudio's own thread does nothing but hand over the samples with the time of their arrival.
    A sound server that puts another microphone in the place of one that is gone ends the stream;
    opened again, the default device takes the other one, but not the sound of a loudspeaker, and a
    device that was named takes no other.
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
        self._openings = 0
        self._route = ''
        self._route_checked = 0.0
        self._stalled = False
        self._scanner = sound_device.Scanner()
        self._recording = sound_server.Recording()

    def open(self) -> None:
        """Find and start the device.

        Raises:
            DeviceError: it is missing or does not start.
        """
        self.close()
        self._scanner.look()
        found = sound_device.find(self._device, 'input')
        self.name = found.name
        if self._device.isdecimal():
            # When it is unplugged another one may get its index.
            self._device = sound_device.lasting_name(found.name)
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
        self._take_route()
        # What was said since it was open the last time is lost.
        self.counts.gaps += bool(self._openings)
        self._openings += 1

    def read(self, timeout: float) -> list[Any]:
        """Return the next frames."""
        frames = super().read(timeout)
        if not frames and self._fault:
            raise DeviceError(f"the microphone '{self.name}' stopped", 'see that it is connected')
        if frames and self._route:
            self._check_route()
        self._stalled = not frames
        return frames

    def close(self) -> None:
        """Stop the device."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)

    def _take_route(self) -> None:
        """Take note of the source behind a sound server; refuse one that is no substitute."""
        self._recording.forget()
        route = self._recording.source()
        moved = bool(self._route) and bool(route) and route != self._route
        if moved and (self._device or sound_server.is_monitor(route)):
            self.close()
            raise DeviceError(
                f"the microphone '{self._route}' is gone, and '{route}' is in its place",
                'connect it again',
            )
        self._route = route or self._route
        self._route_checked, self._stalled = time.monotonic(), False
        if route and not self._device:
            self.name = f'default: {route}'

    def _check_route(self) -> None:
        if not self._stalled and time.monotonic() < self._route_checked + _ROUTE_SECONDS:
            return
        self._route_checked = time.monotonic()
        route = self._recording.source()
        if route and route != self._route:
            raise DeviceError(
                f"the sound server has put '{route}' in the place of '{self._route}'",
                'see that the microphone is connected',
            )

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
