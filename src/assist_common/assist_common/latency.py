# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""How long the stages of a node take, over a rolling window."""

from __future__ import annotations

import math
import threading
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

WINDOW = 1000


@dataclass(frozen=True)
class StageSummary:
    """The times of one stage in seconds; `count` is of all runs, the rest of the window."""

    name: str
    count: int
    min: float
    mean: float
    max: float
    p50: float
    p95: float
    p99: float


class LatencyTracker:
    """Collect the times of named stages; safe to use from several threads."""

    def __init__(self, window: int = WINDOW) -> None:
        self._window = window
        self._lock = threading.Lock()
        self._times: dict[str, array[float]] = {}
        self._counts: dict[str, int] = {}

    def record(self, stage: str, seconds: float) -> None:
        """Add one run of a stage."""
        with self._lock:
            if stage not in self._times:
                # All at once: a window that fills for a quarter of an hour would look like a leak.
                self._times[stage] = array('d', bytes(8 * self._window))
                self._counts[stage] = 0
            self._times[stage][self._counts[stage] % self._window] = seconds
            self._counts[stage] += 1

    def summary(self) -> list[StageSummary]:
        """Return every stage that ran, by name."""
        with self._lock:
            counts = dict(self._counts)
            snapshot = {name: times[: counts[name]].tolist() for name, times in self._times.items()}
        return [_summarise(name, counts[name], snapshot[name]) for name in sorted(snapshot)]


def _summarise(name: str, count: int, times: list[float]) -> StageSummary:
    # Without numpy: it would be the only use of it in half of the nodes, and takes 15 MB.
    times.sort()
    return StageSummary(
        name=name,
        count=count,
        min=float(times[0]),
        mean=math.fsum(times) / len(times),
        max=float(times[-1]),
        p50=_percentile(times, 50),
        p95=_percentile(times, 95),
        p99=_percentile(times, 99),
    )


def _percentile(times: Sequence[float], percent: float) -> float:
    """Return a percentile of sorted values, on the line between the two nearest."""
    place = (len(times) - 1) * percent / 100
    below = math.floor(place)
    above = min(below + 1, len(times) - 1)
    return float(times[below] + (times[above] - times[below]) * (place - below))
