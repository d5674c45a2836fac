# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The last values of what is measured, in as little memory after a day as after a minute."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping


class History:
    """A ring for each name, allocated when it is first seen and given up when it is never again.

    A thousand samples kept as they are would be 9000 objects for nine nodes, which grow for more
    than an hour.
    """

    def __init__(self, length: int) -> None:
        """Keep so many samples."""
        self._length = length
        self._count = 0
        self._times = self._ring()
        self._rings: dict[str, array[float]] = {}
        self._last: dict[str, int] = {}

    def __len__(self) -> int:
        """Return how many samples are kept."""
        return min(self._count, self._length)

    def add(self, time: float, values: Mapping[str, float]) -> None:
        """Take what was measured at a time in s; what a sample does not have is NaN in it."""
        place = self._count % self._length
        self._count += 1
        self._times[place] = time
        for name in values.keys() - self._rings.keys():
            self._rings[name] = self._ring()
        for name, ring in self._rings.items():
            ring[place] = values.get(name, math.nan)
        self._last.update(dict.fromkeys(values, self._count))
        oldest = self._count - self._length
        for name in [name for name, last in self._last.items() if last <= oldest]:
            del self._rings[name], self._last[name]

    @property
    def names(self) -> frozenset[str]:
        """Return what is known by name."""
        return frozenset(self._rings)

    @property
    def seconds(self) -> float:
        """Return how much time lies between the oldest sample and the newest."""
        times = self._latest(self._times, len(self))
        return times[-1] - times[0] if times else 0.0

    def latest(self, name: str, count: int) -> list[float]:
        """Return the last so many values, or as many as are kept, the oldest first."""
        ring = self._rings.get(name)
        return self._latest(ring, min(count, len(self))) if ring is not None else []

    def range(self, name: str) -> tuple[float, float]:
        """Return the least and the greatest value that is kept; NaN where none is known."""
        known = [value for value in self._rings.get(name, ()) if not math.isnan(value)]
        return (min(known), max(known)) if known else (math.nan, math.nan)

    def _ring(self) -> array[float]:
        return array('d', [math.nan]) * self._length

    def _latest(self, ring: array[float], count: int) -> list[float]:
        return [ring[(self._count - back) % self._length] for back in range(count, 0, -1)]
