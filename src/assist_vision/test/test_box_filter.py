# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Boxes do not jitter at rest, do not lag in motion, and each has a past of its own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from assist_vision.box_filter import BoxFilter

STEADY, AGILITY, STEP = 1.0, 3.0, 1 / 30


def smooth(filter: BoxFilter, ids: list[int], boxes: list[list[float]], time: float) -> np.ndarray:
    return filter.update(ids, np.array(boxes), time, steady=STEADY, agility=AGILITY)


def box_at(x: float) -> list[float]:
    return [x, 100.0, x + 60.0, 200.0]


def test_a_box_that_is_new_is_what_was_measured() -> None:
    assert smooth(BoxFilter(), [7], [box_at(10)], 5.0).tolist() == [box_at(10)]


def test_jitter_at_rest_is_taken_out() -> None:
    filter, random = BoxFilter(), np.random.default_rng(1)
    measured = 100 + random.normal(0, 2, 300)
    told = [smooth(filter, [1], [box_at(x)], k * STEP)[0, 0] for k, x in enumerate(measured)]
    assert np.std(told[60:]) < 0.6 * np.std(measured[60:])


def test_what_moves_is_not_left_behind() -> None:
    filter = BoxFilter()
    speed = 200.0
    for k in range(60):
        told = smooth(filter, [1], [box_at(speed * k * STEP)], k * STEP)
    # The lag of a low-pass is speed / (2 pi cut-off); the cut-off has risen with the speed.
    cutoff = STEADY + AGILITY * speed / 100.0
    assert 0 < speed * 59 * STEP - told[0, 0] < speed / (2 * math.pi * cutoff)


def test_each_box_has_its_own_past_in_whatever_order() -> None:
    alone, together = [BoxFilter(), BoxFilter()], BoxFilter()
    for k in range(20):
        boxes = {1: box_at(10.0 + k % 3), 2: box_at(300.0 - 20 * k)}
        order = [1, 2] if k % 2 else [2, 1]
        told = smooth(together, order, [boxes[id] for id in order], k * STEP)
        for id, filter in enumerate(alone, start=1):
            single = smooth(filter, [id], [boxes[id]], k * STEP)
            assert np.allclose(told[order.index(id)], single[0])


def test_who_was_away_for_an_image_begins_anew() -> None:
    filter = BoxFilter()
    smooth(filter, [1, 2], [box_at(0), box_at(0)], 0.0)
    smooth(filter, [2], [box_at(0)], STEP)
    assert smooth(filter, [1, 2], [box_at(50), box_at(0)], 2 * STEP)[0].tolist() == box_at(50)


@pytest.mark.parametrize('later', [0.0, -1.0])
def test_time_that_stands_still_or_goes_back_is_survived(later: float) -> None:
    filter = BoxFilter()
    smooth(filter, [1], [box_at(0)], 10.0)
    assert smooth(filter, [1], [box_at(30)], 10.0 + later).tolist() == [box_at(30)]


def test_no_boxes_are_fine() -> None:
    filter = BoxFilter()
    assert filter.update([], np.empty((0, 4)), 0.0, steady=1.0, agility=1.0).shape == (0, 4)
    filter.reset()
    assert smooth(filter, [1], [box_at(5)], 1.0).tolist() == [box_at(5)]
