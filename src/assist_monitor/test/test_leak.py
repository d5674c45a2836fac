# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from assist_monitor.leak import HOUR, LEAST_POINTS, LeakDetector, Trend, slope
from assist_monitor.sampling import ProcessSample

PERIOD = 30.0
NODE = '/assist/stt_node'


def make_detector() -> LeakDetector:
    return LeakDetector(limit=5.0, warm_up=600.0, window=2 * HOUR)


def feed(
    detector: LeakDetector, memory: Callable[[float], float], hours: float, pid: int = 7
) -> Trend:
    """Give samples of a memory in MiB over time in hours."""
    for now in np.arange(0.0, hours * HOUR, PERIOD):
        used = ProcessSample(pid=pid, cpu=0, memory=memory(now / HOUR), threads=1, files=1)
        detector.update({NODE: used}, float(now))
    return detector.trends[NODE]


def test_the_slope_is_that_of_the_line() -> None:
    times = np.arange(100) * PERIOD
    found = slope(times, 50 + 12 * times / HOUR)
    assert found.value == pytest.approx(12)
    assert (found.low, found.high) == (pytest.approx(12), pytest.approx(12))


def test_the_interval_holds_the_slope_as_often_as_it_says() -> None:
    random = np.random.default_rng(1)
    times = np.arange(60) * PERIOD
    inside = 0
    for _ in range(300):
        found = slope(times, 8 * times / HOUR + random.normal(0, 2, len(times)))
        inside += found.low <= 8 <= found.high
    assert 0.91 <= inside / 300 <= 0.99


def test_few_outliers_change_nothing() -> None:
    times = np.arange(100) * PERIOD
    values = np.full(100, 200.0)
    values[::10] += 500
    assert slope(times, values).value == 0


def test_a_steady_leak_in_noise_is_found() -> None:
    random = np.random.default_rng(2)
    detector = make_detector()
    trend = feed(detector, lambda hour: 300 + 20 * hour + random.normal(0, 2), 2.0)
    assert trend.leaks
    assert trend.slope is not None
    assert trend.slope.low < 20 < trend.slope.high
    (complaint,) = detector.complaints()
    assert complaint.startswith('stt_node: memory grows by ')


def test_a_leak_that_comes_in_steps_is_found() -> None:
    trend = feed(make_detector(), lambda hour: 300 + 5 * np.floor(hour * 6), 2.1)
    assert trend.leaks


@pytest.mark.parametrize('hours', [0.8, 1.1, 1.5, 2.0, 3.0])
@pytest.mark.parametrize(
    'memory',
    [
        lambda hour: 300.0,
        lambda hour: 300 - 20 * hour,
        lambda hour: 300 + 3 * hour,
        lambda hour: 300 + 80 * (hour > 0.6),
        lambda hour: 300 + 80 * (hour > 1.0),
        lambda hour: 300 + 50 * (hour < 0.1) * hour,
    ],
    ids=['steady', 'falls', 'allowed', 'early step', 'step', 'warm-up'],
)
def test_what_does_not_go_on_growing_is_no_leak(
    memory: Callable[[float], float], hours: float
) -> None:
    assert not feed(make_detector(), memory, hours).leaks


def test_noise_alone_is_no_leak() -> None:
    random = np.random.default_rng(3)
    for _ in range(20):
        assert not feed(make_detector(), lambda hour: 300 + random.normal(0, 5), 1.0).leaks


def test_too_little_is_not_judged() -> None:
    minutes = 10 + (2 * LEAST_POINTS - 1) * PERIOD / 60
    trend = feed(make_detector(), lambda hour: 300 + 100 * hour, minutes / 60)
    assert (trend.slope, trend.leaks) == (None, False)


def test_a_new_process_begins_anew() -> None:
    detector = make_detector()
    assert feed(detector, lambda hour: 300 + 100 * hour, 2.0).leaks
    used = ProcessSample(pid=8, cpu=0, memory=500, threads=1, files=1)
    detector.update({NODE: used}, 3 * HOUR)
    assert detector.complaints() == []


def test_a_node_that_has_gone_is_forgotten() -> None:
    detector = make_detector()
    feed(detector, lambda hour: 300 + 100 * hour, 2.0)
    detector.update({}, 3 * HOUR)
    assert detector.trends == {}
