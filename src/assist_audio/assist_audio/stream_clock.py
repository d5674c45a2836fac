# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The time of every sample of a device, although blocks arrive late and clocks drift."""

from __future__ import annotations

from collections import deque

from assist_audio.audio import SECOND

_WINDOW = 64
_GAIN = 0.1
_MOST = 0.001
_JUMP = 0.25


class StreamClock:
    """Turn the moments at which blocks arrive into times of their first samples.

    A block can arrive late, never early: so the least delay of the last blocks tells how far the
    device's clock has drifted, and the stamps follow it by at most 1 ms a block. They go backwards
    only where that is allowed and the clock of arrival was set back. Where sound is missing (the
    source said so, or the delay stays above a quarter of a second) the stamps jump, and gaps counts
    it. A delay that falls does not stay: a source that was held up delivers what it has kept faster
    than it was recorded.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self.gaps = 0
        self.reset()

    def reset(self) -> None:
        """Begin a new stream."""
        self._next: int | None = None
        self._delays: deque[int] = deque(maxlen=_WINDOW)

    def stamp(
        self, samples: int, arrival: int, *, lost: bool = False, may_go_back: bool = False
    ) -> tuple[int, bool]:
        """Return the time of the first sample of a block, and whether sound is missing before it.

        Args:
            samples: length of the block.
            arrival: when its last sample had come, ns.
            lost: the source says that it dropped samples before this block.
            may_go_back: nobody speaks, so that a stamp before the latest one confuses nothing.
        """
        length = samples * SECOND // self._rate
        measured = arrival - length
        gap = False
        if self._next is None:
            self._next = measured
        elif may_go_back and measured < self._next - _JUMP * SECOND:
            # Nothing arrives early: the clock was set back, or the first block had been held up.
            self._delays.clear()
            self._next = measured
        elif lost or self._has_jumped(measured, length):
            gap = True
            self.gaps += 1
            self._delays.clear()
            self._next = max(self._next, measured)
        else:
            self._next += self._correction(measured - self._next)
        stamp = self._next
        self._next = stamp + length
        return stamp, gap

    def _has_jumped(self, measured: int, length: int) -> bool:
        assert self._next is not None
        delay = measured - self._next
        window = [*self._delays, delay][-4:]
        stays = window[0] - delay < length
        return len(window) == 4 and min(window) > _JUMP * SECOND and stays

    def _correction(self, delay: int) -> int:
        self._delays.append(delay)
        most = int(_MOST * SECOND)
        step = max(-most, min(most, int(_GAIN * min(self._delays))))
        # What is recorded is relative to stamps that have just moved.
        self._delays = deque((kept - step for kept in self._delays), maxlen=_WINDOW)
        return step
