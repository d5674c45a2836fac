# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The latency tracker."""

from __future__ import annotations

import pytest
from assist_common.latency import LatencyTracker


def test_summary_of_known_times() -> None:
    tracker = LatencyTracker()
    for number in range(1, 101):
        tracker.record('stt', number / 100)
    (stage,) = tracker.summary()
    assert (stage.name, stage.count, stage.min, stage.max) == ('stt', 100, 0.01, 1.0)
    assert stage.mean == pytest.approx(0.505)
    assert stage.p50 == pytest.approx(0.505)
    assert stage.p95 == pytest.approx(0.9505)
    assert stage.p99 == pytest.approx(0.9901)


def test_window_rolls_but_the_count_goes_on() -> None:
    tracker = LatencyTracker(window=10)
    for _ in range(100):
        tracker.record('a', 9.0)
    for _ in range(10):
        tracker.record('a', 1.0)
    (stage,) = tracker.summary()
    assert (stage.count, stage.max) == (110, 1.0)


def test_stages_come_by_name() -> None:
    tracker = LatencyTracker()
    tracker.record('b', 1)
    tracker.record('a', 1)
    assert [stage.name for stage in tracker.summary()] == ['a', 'b']
    assert LatencyTracker().summary() == []
