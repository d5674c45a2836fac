# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os

import pytest
from assist_common import threads


@pytest.fixture
def many_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, 'sched_getaffinity', lambda pid: set(range(32)))


@pytest.mark.parametrize(
    ('chosen', 'environment', 'count'),
    [
        (0, {}, threads.MOST),
        (12, {}, 12),
        (0, {'OMP_NUM_THREADS': '3'}, 3),
        (0, {'OMP_NUM_THREADS': '4,2'}, 4),
        (0, {'OMP_NUM_THREADS': 'many'}, threads.MOST),
        (0, {'OMP_NUM_THREADS': '0'}, threads.MOST),
        (2, {'OMP_NUM_THREADS': '3'}, 2),
    ],
)
def test_the_pool_is_bounded(
    many_cores: None, chosen: int, environment: dict[str, str], count: int
) -> None:
    assert threads.pool(chosen, environment) == count


def test_no_more_threads_than_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, 'sched_getaffinity', lambda pid: {0})
    assert threads.pool(0, {'OMP_NUM_THREADS': '8'}) == 1


def test_what_is_set_stays(many_cores: None) -> None:
    assert threads.bounds({'OMP_NUM_THREADS': '2'}) == {'OPENCV_FOR_THREADS_NUM': '2'}
    assert set(threads.bounds({}).values()) == {str(threads.MOST)}


def test_the_launch_may_bound_them_otherwise(many_cores: None) -> None:
    assert set(threads.bounds({}, 3).values()) == {'3'}
    assert threads.bounds({'OMP_NUM_THREADS': '2'}, 3) == {'OPENCV_FOR_THREADS_NUM': '2'}
