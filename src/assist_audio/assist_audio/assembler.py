# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Put the chunks of a segment together again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from assist_common.errors import InputError

from assist_audio.audio import Samples, seconds_of
from assist_audio.segmenter import Chunk, ChunkState


@dataclass(frozen=True)
class Speech:
    """A segment as far as it has come.

    stamp in ns; tail: seconds without speech at its end; over_speech: the robot spoke meanwhile.
    """

    segment: int
    stamp: int
    state: ChunkState
    samples: Samples
    tail: float
    over_speech: bool = False

    @property
    def duration(self) -> float:
        """Return the seconds up to the end of the speech."""
        return max(0.0, seconds_of(len(self.samples)) - self.tail)


class Assembler:
    """Join the chunks of one segment after the other."""

    def __init__(self, longest: float) -> None:
        """Take segments of at most so many seconds."""
        self._longest = longest
        self._segment: tuple[int, int] | None = None
        self._skipped: tuple[int, int] | None = None
        self._next = 0
        self._length = 0
        self._parts: list[Samples] = []

    def add(self, chunk: Chunk) -> Speech | None:
        """Return the segment so far; None for a chunk of one that is already given up.

        Raises:
            InputError: a chunk is missing, or the segment is too long; it is given up.
        """
        identity = (chunk.segment, chunk.stamp)
        if chunk.index == 0:
            self._begin(identity)
        elif identity == self._skipped:
            return None
        if identity != self._segment or chunk.index != self._next:
            expected = self._next if identity == self._segment else 0
            self._skip(identity, f'chunk {expected} of speech segment {chunk.segment} is missing')
        self._next += 1
        self._length += len(chunk.samples)
        if seconds_of(self._length) > self._longest:
            self._skip(
                identity, f'speech segment {chunk.segment} is longer than {self._longest:g} s'
            )
        self._parts = [np.concatenate((*self._parts, chunk.samples))]
        return Speech(
            chunk.segment, chunk.stamp, chunk.state, self._parts[0], chunk.tail, chunk.over_speech
        )

    def _begin(self, identity: tuple[int, int] | None) -> None:
        self._segment, self._skipped = identity, None
        self._next = self._length = 0
        self._parts = []

    def _skip(self, identity: tuple[int, int], cause: str) -> NoReturn:
        self._begin(None)
        self._skipped = identity
        raise InputError(cause, 'the segment is skipped')
