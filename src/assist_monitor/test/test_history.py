# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The last values of what is measured."""

from __future__ import annotations

import math
import tracemalloc

import pytest
from assist_monitor.history import History


def test_the_newest_values_stay_in_order() -> None:
    history = History(3)
    for moment in range(5):
        history.add(float(moment), {'cpu': 10.0 * moment})
        assert len(history) == min(moment + 1, 3)
    assert history.latest('cpu', 2) == [30.0, 40.0]
    assert history.latest('cpu', 9) == [20.0, 30.0, 40.0]
    assert history.range('cpu') == (20.0, 40.0)
    assert history.seconds == 2.0


def test_what_a_sample_does_not_have_is_not_known() -> None:
    history = History(4)
    history.add(0.0, {'cpu': 1.0})
    history.add(1.0, {'cpu': 2.0, 'gpu': math.nan, 'node memory': 7.0})
    assert history.latest('node memory', 2) == pytest.approx([math.nan, 7.0], nan_ok=True)
    assert history.range('node memory') == (7.0, 7.0)
    assert history.range('gpu') == pytest.approx((math.nan, math.nan), nan_ok=True)
    assert history.latest('swap', 2) == []


def test_an_empty_history_says_nothing() -> None:
    history = History(4)
    assert (len(history), history.seconds, history.latest('cpu', 3)) == (0, 0.0, [])


def test_a_name_that_is_gone_is_given_up() -> None:
    history = History(10)
    for moment in range(100):
        history.add(float(moment), {'cpu': 1.0, f'node_{moment} memory': 5.0})
    assert history.names == {'cpu', *(f'node_{moment} memory' for moment in range(90, 100))}


def test_it_takes_no_more_memory_when_it_fills() -> None:
    history = History(1000)
    values = {f'value {number}': 1.0 for number in range(30)}
    tracemalloc.start()
    history.add(0.0, values)
    begin, _ = tracemalloc.get_traced_memory()
    for moment in range(1, 2000):
        history.add(float(moment), values)
    end, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert begin > 30 * 8000
    assert end - begin < 2000
