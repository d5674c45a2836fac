# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Where sound comes from: what every source offers, and sound that is handed in."""

from __future__ import annotations

import queue
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from assist_common.errors import ConfigurationError, InputError
from numpy.typing import NDArray

from assist_audio.audio import SECOND, Frame, mix_down
from assist_audio.resample import RATES, FrameCutter
from assist_audio.stream_clock import StreamClock

FORMATS: dict[str, str] = {
    'S8': 'i1',
    'U8': 'u1',
    'S16LE': '<i2',
    'S16BE': '>i2',
    'S32LE': '<i4',
    'S32BE': '>i4',
    'F32LE': '<f4',
    'F32BE': '>f4',
    'F64LE': '<f8',
}
"""Sample formats by the names that audio_common_msgs uses, and their numpy types."""

LARGEST_BLOCK = 4 << 20
"""Bytes of sound that may come at once."""

_PLAUSIBLE = 5 * SECOND


@dataclass
class SourceCounts:
    """What a source lost since it was made."""

    overruns: int = 0
    gaps: int = 0


class AudioSource(ABC):
    """Gives frames of 16 kHz mono sound with the time of their first sample."""

    name: str
    """Of the device or file, for people."""

    in_speech = False
    """Set by the reader: whether somebody speaks in what was read, so that no stamp may go back."""

    can_reopen = False
    """Whether opening it again may help when nothing comes."""

    def __init__(self) -> None:
        self.counts = SourceCounts()

    @abstractmethod
    def open(self) -> None:
        """Start to deliver.

        Raises:
            DeviceError: it does not work at present. InputError: it never will.
        """

    @abstractmethod
    def read(self, timeout: float) -> list[Frame]:
        """Return the next frames; none when nothing came within so many seconds.

        Raises:
            DeviceError: the device is gone.
        """

    @abstractmethod
    def close(self) -> None:
        """Stop and let go of the device or file; harmless when it is not open."""

    @property
    def finished(self) -> bool:
        """Return whether nothing will ever come any more."""
        return False


@dataclass(frozen=True)
class _Block:
    samples: NDArray[np.generic]
    arrival: int
    lost: bool


class BlockSource(AudioSource):
    """A source whose blocks are put in by another thread at a fixed rate."""

    _CAPACITY = 256  # blocks that wait; more are dropped and counted

    def __init__(self, rate: int) -> None:
        super().__init__()
        if not RATES[0] <= rate <= RATES[1]:
            raise ConfigurationError(
                f'a sample rate of {rate} Hz is not supported',
                f'use one from {RATES[0]} to {RATES[1]} Hz',
            )
        self._queue: queue.Queue[_Block] = queue.Queue(self._CAPACITY)
        self._begin(rate)

    def _begin(self, rate: int) -> None:
        self._cutter = FrameCutter(rate)
        self._clock = StreamClock(rate)
        self._lost = False
        while not self._queue.empty():
            self._queue.get_nowait()

    def put(self, samples: NDArray[np.generic], arrival: int, *, lost: bool = False) -> None:
        """Hand in a block, (samples,) or (samples, channels).

        Args:
            arrival: when its last sample had come, ns.
            lost: sound is missing before it.
        """
        block = _Block(samples, arrival, lost or self._lost)
        self._lost = False
        try:
            self._queue.put_nowait(block)
        except queue.Full:
            self._lost = True
            self.counts.overruns += 1

    def read(self, timeout: float) -> list[Frame]:
        """Return the frames that the next block completes."""
        try:
            block = self._queue.get(timeout=timeout)
        except queue.Empty:
            return []
        waveform = mix_down(block.samples)
        stamp, gap = self._clock.stamp(
            len(waveform), block.arrival, lost=block.lost, may_go_back=not self.in_speech
        )
        if gap:
            self.counts.gaps += 1
            self._cutter.reset()
        return self._cutter.feed(waveform, stamp)


class TopicSource(BlockSource):
    """Sound that comes as bytes, such as in audio_common_msgs/AudioDataStamped."""

    def __init__(self, name: str, rate: int, channels: int, sample_format: str) -> None:
        super().__init__(rate)
        if sample_format not in FORMATS:
            raise ConfigurationError(
                f"the sample format '{sample_format}' is unknown",
                f'use one of {", ".join(FORMATS)}',
            )
        self.name = name
        self._type = np.dtype(FORMATS[sample_format])
        self._format = sample_format
        self._rate = rate
        self._channels = channels

    def open(self) -> None:
        """Forget what came before."""
        self._begin(self._rate)

    def close(self) -> None:
        """Do nothing: the topic lives on."""

    def receive(self, data: bytes, now: int, stamp: int = 0) -> None:
        """Take the next bytes.

        Args:
            now: the time, ns.
            stamp: of the first sample as the sender gives it; not used when it is far from now.

        Raises:
            InputError: they are no whole samples of the format that is set, or too many.
        """
        size = self._type.itemsize * self._channels
        if len(data) > LARGEST_BLOCK:
            raise InputError(f'{len(data)} bytes of sound came at once', 'send smaller messages')
        if len(data) % size:
            raise InputError(
                f'{len(data)} bytes are no whole samples of {self._channels} x {self._format}',
                'set input_channels and input_format to what is sent',
            )
        if data:
            samples = np.frombuffer(data, self._type).astype(self._type.newbyteorder('='))
            block = samples.reshape(-1, self._channels)
            end = stamp + len(block) * SECOND // self._rate
            self.put(block, end if abs(now - end) < _PLAUSIBLE else now)
