# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import random

import pytest
from assist_vision.pace import Pace, PaceOptions

CAMERA = [number / 30 for number in range(3000)]
"""Times of the images of a camera of 30 Hz, s."""


def accepted(pace: Pace, times: list[float], *, watched: bool = False) -> list[float]:
    return [time for time in times if pace.accepts(time, watched)]


def awake(**options: float) -> Pace:
    pace = Pace(PaceOptions(**{'idle_rate': 0.0, **options}))
    pace.wake(0.0)
    return pace


def test_without_a_limit_every_image_is_looked_at() -> None:
    pace = awake()
    assert accepted(pace, CAMERA) == CAMERA and pace.left_out == 0


@pytest.mark.parametrize('rate', [1.0, 7.0, 10.0, 15.0, 20.0])
def test_the_limit_is_kept_in_spite_of_jitter(rate: float) -> None:
    source = random.Random(4)
    times = sorted(time + source.uniform(0, 0.02) for time in CAMERA)
    pace = awake(rate=rate)
    taken = accepted(pace, times)
    assert len(taken) == pytest.approx(rate * 100, abs=2)
    assert pace.left_out == len(times) - len(taken)


def test_a_camera_slower_than_the_limit_loses_nothing() -> None:
    times = [number / 10 for number in range(300)]
    assert accepted(awake(rate=15.0), times) == times


def test_nothing_is_made_up_for_after_a_gap() -> None:
    pace = awake(rate=5.0)
    accepted(pace, CAMERA[:300])
    taken = accepted(pace, [time + 60 for time in CAMERA[:300]])
    assert len(taken) == pytest.approx(50, abs=1)


def test_idle_from_a_while_after_the_last_sign_until_the_next() -> None:
    pace = Pace(PaceOptions(idle_rate=1.0, idle_after=10.0))
    pace.wake(0.0)
    at_first = accepted(pace, CAMERA[:300])
    assert len(at_first) == 300
    later = accepted(pace, CAMERA[301:2400])
    assert len(later) == pytest.approx(70, abs=1) and pace.idle
    pace.wake(CAMERA[2400])
    assert accepted(pace, CAMERA[2400:2500]) == CAMERA[2400:2500] and not pace.idle


def test_an_idle_scene_is_never_stale_for_a_command() -> None:
    taken = accepted(Pace(PaceOptions()), CAMERA)
    assert max(after - before for before, after in zip(taken, taken[1:], strict=False)) < 1.1


def test_never_idle_while_watched_or_switched_off() -> None:
    assert accepted(Pace(PaceOptions()), CAMERA, watched=True) == CAMERA
    assert accepted(Pace(PaceOptions(idle_rate=0.0)), CAMERA) == CAMERA


def test_idle_is_never_faster_than_the_limit() -> None:
    pace = Pace(PaceOptions(rate=0.5, idle_rate=5.0))
    assert len(accepted(pace, CAMERA)) == pytest.approx(50, abs=1)


def test_options_change_at_once() -> None:
    pace = awake(rate=0.1)
    accepted(pace, CAMERA[:30])
    pace.options = PaceOptions(rate=0.0, idle_rate=0.0)
    assert accepted(pace, CAMERA[30:60]) == CAMERA[30:60]
