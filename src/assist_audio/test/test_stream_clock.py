# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Times of samples from times of arrival."""

from __future__ import annotations

import numpy as np
from assist_audio.audio import SECOND
from assist_audio.stream_clock import StreamClock

RATE = 16000
BLOCK = 480
LENGTH = BLOCK * SECOND // RATE
START = 1_000 * SECOND


def test_late_arrivals_do_not_move_the_stamps() -> None:
    clock = StreamClock(RATE)
    generator = np.random.default_rng(1)
    delays = generator.exponential(0.005 * SECOND, 500).astype(int)
    stamps = [
        clock.stamp(BLOCK, START + (i + 1) * LENGTH + int(delays[i]))[0] for i in range(500)
    ]
    errors = np.array(stamps) - (START + np.arange(500) * LENGTH)
    assert np.abs(errors[100:]).max() < 0.004 * SECOND
    assert (np.diff(stamps) > 0).all()
    assert clock.gaps == 0


def test_drift_is_followed() -> None:
    clock = StreamClock(RATE)
    true_length = int(LENGTH * 1.0005)  # a device that is 500 ppm slow
    stamp = 0
    for i in range(4000):
        stamp, _ = clock.stamp(BLOCK, START + (i + 1) * true_length)
    assert abs(stamp - (START + 3999 * true_length)) < 0.002 * SECOND
    assert clock.gaps == 0


def test_missing_sound_is_a_gap_that_is_counted() -> None:
    clock = StreamClock(RATE)
    arrivals = [START + i * LENGTH for i in range(1, 50)]
    arrivals += [START + SECOND + i * LENGTH for i in range(50, 100)]
    results = [clock.stamp(BLOCK, arrival) for arrival in arrivals]
    assert sum(gap for _, gap in results) == clock.gaps == 1
    assert abs(results[-1][0] - (arrivals[-1] - LENGTH)) < 0.002 * SECOND


def test_sound_that_was_held_up_keeps_its_time() -> None:
    clock = StreamClock(RATE)
    arrivals = [START + max(i, 150 if i > 50 else 0) * LENGTH for i in range(1, 300)]
    stamps = [clock.stamp(BLOCK, arrival)[0] for arrival in arrivals]
    assert np.abs(np.array(stamps) - (START + np.arange(299) * LENGTH)).max() < 0.1 * SECOND
    assert clock.gaps == 0


def test_what_is_missing_after_sound_was_held_up_is_a_gap() -> None:
    clock = StreamClock(RATE)
    kept = [*range(51), *range(101, 300)]
    arrivals = [START + max(i, 150 if i > 100 else 0) * LENGTH for i in kept]
    stamps = [clock.stamp(BLOCK, arrival)[0] for arrival in arrivals]
    assert clock.gaps == 1
    assert abs(stamps[-1] - (arrivals[-1] - LENGTH)) < 0.1 * SECOND


def test_a_loss_that_the_source_reports_is_a_gap_at_once() -> None:
    clock = StreamClock(RATE)
    clock.stamp(BLOCK, START)
    stamp, gap = clock.stamp(BLOCK, START + SECOND, lost=True)
    assert gap
    assert stamp == START + SECOND - LENGTH


def test_stamps_never_go_backwards_when_the_clock_is_set_back() -> None:
    clock = StreamClock(RATE)
    arrivals = [START + i * LENGTH - (10 * SECOND if i > 50 else 0) for i in range(200)]
    stamps = [clock.stamp(BLOCK, arrival)[0] for arrival in arrivals]
    assert (np.diff(stamps) > 0).all()


def test_between_segments_a_clock_that_was_set_back_is_followed_at_once() -> None:
    clock = StreamClock(RATE)
    back = 3600 * SECOND
    arrivals = [START + i * LENGTH - (back if i > 50 else 0) for i in range(1, 200)]
    speech = range(40, 100)
    stamps = [
        clock.stamp(BLOCK, arrival, may_go_back=number not in speech)[0]
        for number, arrival in enumerate(arrivals)
    ]
    assert (np.diff(stamps[:100]) > 0).all()
    assert stamps[100:] == [arrival - LENGTH for arrival in arrivals[100:]]
    assert clock.gaps == 0
