# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Whether the memory of a process only ever grows, and how fast."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from assist_monitor.health import short_name
from assist_monitor.sampling import ProcessSample

MOST_POINTS = 240
"""Kept of each process; all pairs of them take some 20 ms."""

JUDGE_PERIOD = 120.0
"""Seconds between two judgements of one process: a leak is a matter of hours."""

LEAST_POINTS = 20
"""Fewer than these tell nothing; both halves of a window need so many."""

CONFIDENCE = 95
"""Percent; `_Z` belongs to it."""

_Z = 1.96
HOUR = 3600.0



@dataclass(frozen=True)
class Slope:
    """How fast something grows, per hour, and the bounds of its 95 % confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Trend:
    """How the memory of one process goes.

    Attributes:
        slope: MiB/h; None while too little is known.
        leaks: it surely grows faster than allowed, in the first half of the window as in the
            second: a model that was loaded once, or a buffer that grew once, is no leak.
    """

    slope: Slope | None
    leaks: bool


def slope(times: Sequence[float], values: Sequence[float]) -> Slope:
    """Return the slope of values over times in seconds, robust against steps and outliers.

    The median of the slopes between all pairs of points, with Sen's confidence interval: P. K. Sen,
    Estimates of the regression coefficient based on Kendall's tau, JASA 63 (1968).
    """
    points = list(zip(times, values, strict=True))
    # Without numpy, which nothing else in this process needs: 15 MB.
    slopes = sorted(
        HOUR * (y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2)
    )
    count, pairs = len(points), len(slopes)
    spread = _Z * math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    low = max(0, math.floor((pairs - spread) / 2))
    high = min(pairs - 1, math.ceil((pairs + spread) / 2))
    median = (slopes[(pairs - 1) // 2] + slopes[pairs // 2]) / 2
    return Slope(float(median), float(slopes[low]), float(slopes[high]))


class LeakDetector:
    """Follows the resident memory of every node."""

    def __init__(self, *, limit: float, warm_up: float, window: float) -> None:
        """Start with nothing known.

        Args:
            limit: growth that is allowed, MiB/h.
            warm_up: seconds of each process that are left out: it still loads and fills caches.
            window: seconds that are looked at.
        """
        self._limit = limit
        self._warm_up = warm_up
        self._spacing = window / MOST_POINTS
        self._begun: dict[str, tuple[int, float]] = {}
        self._points: dict[str, deque[tuple[float, float]]] = {}
        self._judged: dict[str, float] = {}
        self.trends: dict[str, Trend] = {}

    def update(self, processes: Mapping[str, ProcessSample], now: float) -> None:
        """Take a sample of the processes of the nodes; `trends` tells what is known then."""
        for name in set(self._begun) - set(processes):
            self._forget(name)
        for name, process in processes.items():
            if self._begun.get(name, (0, 0.0))[0] != process.pid:
                self._forget(name)
                self._begun[name] = process.pid, now
                self._points[name] = deque(maxlen=MOST_POINTS)
            if self._add(name, process.memory, now) and self._is_due(name, now):
                self.trends[name] = self._judge(list(self._points[name]))

    def complaints(self) -> list[str]:
        """Return a sentence for each node that leaks."""
        return [
            f'{short_name(name)}: memory grows by {describe(trend.slope)}; restart it'
            for name, trend in self.trends.items()
            if trend.leaks
        ]

    def _add(self, name: str, memory: float, now: float) -> bool:
        points = self._points[name]
        if now - self._begun[name][1] < self._warm_up:
            return False
        if points and now - points[-1][0] < self._spacing:
            return False
        points.append((now, memory))
        return True

    def _is_due(self, name: str, now: float) -> bool:
        if name in self._judged and now - self._judged[name] < JUDGE_PERIOD:
            return False
        self._judged[name] = now
        return True

    def _judge(self, points: list[tuple[float, float]]) -> Trend:
        middle = len(points) // 2
        if middle < LEAST_POINTS:
            return Trend(None, leaks=False)
        whole, *halves = (
            slope(*zip(*part, strict=True)) for part in (points, points[:middle], points[middle:])
        )
        grows = all(half.low > 0 for half in halves)
        return Trend(whole, leaks=grows and whole.low > self._limit)

    def _forget(self, name: str) -> None:
        for known in (self._begun, self._points, self._judged, self.trends):
            known.pop(name, None)


def describe(slope: Slope | None) -> str:
    """Return a slope of memory in words."""
    if slope is None:
        return 'not known yet'
    return f'{slope.value:.1f} MiB/h ({slope.low:.1f} to {slope.high:.1f} at {CONFIDENCE} %)'
