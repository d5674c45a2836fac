# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Cut a stream of judged frames into segments of speech that grow while somebody speaks."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from assist_common.errors import ConfigurationError

from assist_audio.audio import (
    FRAME_SECONDS,
    SILENCE_LEVEL,
    Frame,
    Samples,
    level_of,
    nanoseconds,
    seconds_of,
)

_SILENCE_IN_WORDS = 0.15  # s, such as before a p, t or k


class ChunkState(IntEnum):
    """How a segment stands after a chunk."""

    GROWING = 0
    FINAL = 1
    DISCARDED = 2
    PAUSED = 3

    @property
    def ends(self) -> bool:
        """Return whether nothing more comes of the segment."""
        return self in (ChunkState.FINAL, ChunkState.DISCARDED)


@dataclass(frozen=True)
class Chunk:
    """The samples of a segment that are new.

    stamp is the time of the first sample of the segment, ns; tail the seconds at the end of the
    segment so far in which nobody spoke; over_speech says that the robot spoke meanwhile.
    """

    segment: int
    index: int
    state: ChunkState
    stamp: int
    samples: Samples
    tail: float = 0.0
    over_speech: bool = False


@dataclass(frozen=True)
class Segmentation:
    """When a segment begins and ends; times in seconds."""

    start_threshold: float = 0.5
    end_threshold: float = 0.35
    margin: float = 3.0
    confirmation: float = 0.09
    pre_roll: float = 0.3
    pause: float = 0.21
    hang_over: float = 0.6
    minimum: float = 0.15
    maximum: float = 15.0
    cut_window: float = 3.0
    chunk: float = 0.3

    def __post_init__(self) -> None:
        if self.end_threshold > self.start_threshold:
            raise ConfigurationError(
                'the end threshold is above the start threshold',
                'lower end_threshold or raise start_threshold',
            )
        if self.pause > self.hang_over:
            raise ConfigurationError(
                'the pause is longer than the hang-over', 'lower pause or raise hang_over'
            )
        if self.cut_window >= self.maximum:
            raise ConfigurationError(
                'the window for a cut is not shorter than the longest segment',
                'lower cut_window or raise maximum_segment',
            )


class NoiseFloor:
    """The level of the background: it falls fast, and rises slowly while nobody speaks."""

    _FALL = 0.3  # share of the way down in one frame
    _RISE = 3.0 * FRAME_SECONDS  # dB in one frame
    _START = -50.0  # dB: a stream may begin with speech, which is no background

    def __init__(self) -> None:
        self.level = self._START

    def update(self, level: float, *, speech: bool) -> None:
        """Take the level of one more frame, dB."""
        if level < self.level:
            self.level += self._FALL * (level - self.level)
        elif not speech:
            self.level = min(level, self.level + self._RISE)


@dataclass(frozen=True)
class _Judged:
    frame: Frame
    voiced: bool
    probability: float
    level: float


class Segmenter:
    """Turn frames and their probabilities of speech into chunks of segments.

    Speech starts when enough of the latest frames are voiced; the segment then begins a pre-roll
    earlier. At a pause all that has been said is sent as PAUSED; a hang-over later it is FINAL, or
    speech goes on as GROWING. A long segment ends at its next pause, at the latest at the quietest
    moment of its last seconds, and what follows is the next segment: nothing is lost.
    """

    def __init__(self, settings: Segmentation | None = None) -> None:
        self.settings = settings or Segmentation()
        self.noise_floor = NoiseFloor()
        self.level = SILENCE_LEVEL
        self._segments = 0
        self._history: deque[_Judged] = deque()
        self._open: _Open | None = None
        self._expected = 0

    @property
    def active(self) -> bool:
        """Return whether somebody speaks: from the confirmed start to the confirmed end."""
        return self._open is not None

    @property
    def mid_word(self) -> bool:
        """Return whether speech goes on, but for so short a silence as there is within words."""
        return self._open is not None and self._open.tail < _SILENCE_IN_WORDS

    def push(self, frame: Frame, probability: float) -> list[Chunk]:
        """Take the next frame; return the chunks that it completes."""
        chunks = self.flush() if self._is_gap(frame) else []
        self._expected = frame.stamp + nanoseconds(seconds_of(len(frame.samples)))
        self.level = level_of(frame.samples)
        judged = _Judged(frame, self._is_voiced(probability), probability, self.level)
        self.noise_floor.update(self.level, speech=self.active or judged.voiced)
        if self._open is None:
            return chunks + self._listen(judged)
        return chunks + self._grow(self._open, judged)

    def flush(self) -> list[Chunk]:
        """End the segment that is open, as if silence followed, and forget the past."""
        chunks = self._close() if self._open else []
        self._history.clear()
        return chunks

    def _is_gap(self, frame: Frame) -> bool:
        known = self.active or bool(self._history)
        return known and abs(frame.stamp - self._expected) > nanoseconds(2 * FRAME_SECONDS)

    def _is_voiced(self, probability: float) -> bool:
        if self._open:
            return probability >= self.settings.end_threshold
        above = self.level >= self.noise_floor.level + self.settings.margin
        return above and probability >= self.settings.start_threshold

    def _listen(self, judged: _Judged) -> list[Chunk]:
        self._history.append(judged)
        confirmation = _frames(self.settings.confirmation)
        window = 2 * confirmation - 1
        while len(self._history) > _frames(self.settings.pre_roll) + window:
            self._history.popleft()
        voiced = [item.voiced for item in list(self._history)[-window:]]
        if sum(voiced) < confirmation:
            return []
        first = max(0, len(self._history) - len(voiced) + voiced.index(True))
        begin = max(0, first - _frames(self.settings.pre_roll))
        self._open = self._begin(list(self._history)[begin:])
        self._history.clear()
        return [self._open.chunk(ChunkState.GROWING)]

    def _begin(self, frames: list[_Judged]) -> _Open:
        self._segments += 1
        return _Open(self._segments, frames)

    def _grow(self, segment: _Open, judged: _Judged) -> list[Chunk]:
        segment.append(judged)
        settings = self.settings
        is_long = segment.seconds >= settings.maximum - settings.cut_window
        if segment.tail >= settings.hang_over - FRAME_SECONDS / 2:
            return self._close()
        if segment.tail >= settings.pause - FRAME_SECONDS / 2:
            if is_long:
                return self._close()
            if not segment.paused:
                segment.paused = True
                return [segment.chunk(ChunkState.PAUSED)]
            return []
        if judged.voiced:
            segment.paused = False
        if segment.seconds >= settings.maximum:
            return self._cut(segment)
        if segment.paused or is_long or segment.pending_seconds < settings.chunk:
            return []
        return [segment.chunk(ChunkState.GROWING)]

    def _close(self) -> list[Chunk]:
        assert self._open is not None
        segment, self._open = self._open, None
        unsent = segment.keep_tail(self.settings.pause)
        self._history.extend(replace(item, voiced=False) for item in unsent)
        enough = segment.voiced_seconds >= self.settings.minimum - FRAME_SECONDS / 2
        return [segment.chunk(ChunkState.FINAL if enough else ChunkState.DISCARDED)]

    def _cut(self, segment: _Open) -> list[Chunk]:
        rest = segment.split_at_quietest()
        self._open = self._begin(rest)
        return [segment.chunk(ChunkState.FINAL)]


class _Open:
    """A segment that has begun and not ended."""

    def __init__(self, number: int, frames: list[_Judged]) -> None:
        self.paused = False
        self._number = number
        self._stamp = frames[0].frame.stamp
        self._chunks = 0
        self._frames = 0
        self._voiced = 0
        self._tail = 0
        self._pending: list[_Judged] = []
        for judged in frames:
            self.append(judged)

    @property
    def seconds(self) -> float:
        return self._frames * FRAME_SECONDS

    @property
    def pending_seconds(self) -> float:
        return len(self._pending) * FRAME_SECONDS

    @property
    def voiced_seconds(self) -> float:
        return self._voiced * FRAME_SECONDS

    @property
    def tail(self) -> float:
        return self._tail * FRAME_SECONDS

    def append(self, judged: _Judged) -> None:
        self._pending.append(judged)
        self._frames += 1
        self._voiced += judged.voiced
        self._tail = 0 if judged.voiced else self._tail + 1

    def chunk(self, state: ChunkState) -> Chunk:
        """Return all that was not yet sent as the next chunk."""
        discarded = state == ChunkState.DISCARDED
        arrays = [] if discarded else [item.frame.samples for item in self._pending]
        samples = np.concatenate(arrays) if arrays else np.zeros(0, np.int16)
        result = Chunk(self._number, self._chunks, state, self._stamp, samples, self.tail)
        self._pending = []
        self._chunks += 1
        return result

    def keep_tail(self, seconds: float) -> list[_Judged]:
        """Take off, and return, what was not sent and lies later than this after the speech."""
        surplus = max(0, min(self._tail - _frames(seconds), len(self._pending)))
        taken = self._pending[len(self._pending) - surplus :]
        self._pending = self._pending[: len(self._pending) - surplus]
        self._frames -= surplus
        self._tail -= surplus
        return taken

    def split_at_quietest(self) -> list[_Judged]:
        """Take off, and return, what was not sent and comes after the quietest moment in it."""
        quiet = np.array([item.probability + item.level / 96.0 for item in self._pending])
        smooth = np.convolve(np.pad(quiet, 2, mode='edge'), np.ones(5) / 5, mode='valid')
        best = min(int(np.argmin(smooth)) + 1, len(self._pending) - 1)
        rest, self._pending = self._pending[best:], self._pending[:best]
        self._frames -= len(rest)
        self._tail = 0
        return rest


def _frames(seconds: float) -> int:
    return max(1, round(seconds / FRAME_SECONDS))
