# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from assist_vision.timeline import Timeline

NOW = 1000.0
PERIOD = 0.1


def run(timeline: Timeline, stamps: list[float]) -> list[float | None]:
    """Return the times of images that come every tenth of a second from NOW on."""
    return [
        timeline.take(stamp, NOW + i * PERIOD, 50.0 + i * PERIOD) for i, stamp in enumerate(stamps)
    ]


def true(i: int) -> float:
    return NOW - 0.05 + i * PERIOD


def test_true_stamps_are_the_time() -> None:
    timeline = Timeline()
    stamps = [true(i) for i in range(10)]
    assert run(timeline, stamps) == stamps
    assert (timeline.late, timeline.implausible) == (0, 0)


@pytest.mark.parametrize('bad', [0.0, -3.0, NOW + 60, NOW - 60, true(4)])
def test_one_bad_stamp_changes_nothing(bad: float) -> None:
    timeline = Timeline()
    stamps = [true(i) for i in range(10)]
    taken = run(timeline, [*stamps[:5], bad, *stamps[6:]])
    assert taken == pytest.approx(stamps, abs=1e-6)
    assert (timeline.late, timeline.implausible) == (0, 1)


def test_late_images_are_skipped_and_counted() -> None:
    timeline = Timeline()
    stamps = [true(i) for i in (0, 1, 3, 2, 4, 5, 1, 6)]
    taken = run(timeline, stamps)
    assert [i for i, time in enumerate(taken) if time is None] == [3, 6]
    assert timeline.late == 2


@pytest.mark.parametrize('stamp', [0.0, 1.5, NOW + 60])
def test_a_stamp_that_never_changes_does_not_stop_time(stamp: float) -> None:
    taken = run(Timeline(), [stamp] * 30)
    assert taken[29] - taken[1] == pytest.approx(2.8)


def test_stamps_that_are_all_ahead_do_not_stop_time() -> None:
    taken = run(Timeline(), [true(i) + 60 for i in range(30)])
    assert taken[29] - taken[0] == pytest.approx(2.9)


def test_time_that_is_set_back_goes_on_from_there() -> None:
    stamps = [true(i) for i in range(5)] + [true(i) - 300 for i in range(5, 10)]
    taken = run(Timeline(), stamps)
    assert taken[5] == pytest.approx(true(5))
    assert taken[6:] == stamps[6:]
    timeline = Timeline()
    run(timeline, stamps[:5])
    timeline.reset()
    assert timeline.take(stamps[5], NOW, 60.0) == stamps[5]
