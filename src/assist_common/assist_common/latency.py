# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""How long the stages of a node take, over a rolling window."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

import numpy as np

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
        self._times: dict[str, deque[float]] = {}
        self._counts: dict[str, int] = {}

    def record(self, stage: str, seconds: float) -> None:
        """Add one run of a stage."""
        with self._lock:
            times = self._times.setdefault(stage, deque(maxlen=self._window))
            times.append(seconds)
            self._counts[stage] = self._counts.get(stage, 0) + 1

    def summary(self) -> list[StageSummary]:
        """Return every stage that ran, by name."""
        with self._lock:
            snapshot = {name: np.array(times) for name, times in self._times.items()}
            counts = dict(self._counts)
        return [_summarise(name, counts[name], snapshot[name]) for name in sorted(snapshot)]


def _summarise(name: str, count: int, times: np.ndarray) -> StageSummary:
    p50, p95, p99 = (float(value) for value in np.percentile(times, (50, 95, 99)))
    return StageSummary(
        name=name,
        count=count,
        min=float(times.min()),
        mean=float(times.mean()),
        max=float(times.max()),
        p50=p50,
        p95=p95,
        p99=p99,
    )
