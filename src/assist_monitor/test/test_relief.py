# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from assist_common.errors import ConfigurationError
from assist_monitor.relief import LONGEST_FACTOR, Relief, parse_relief
from assist_monitor.thresholds import Level

HOLD = 60.0


def relieved(relief: Relief, now: float) -> float:
    """Return how long a critical moment keeps the relief on."""
    assert relief.update(Level.CRITICAL, now)
    begin = now
    while relief.on:
        now += 5.0
        relief.update(Level.HEALTHY, now)
    return now - begin


def test_warning_alone_brings_no_relief() -> None:
    relief = Relief(HOLD)
    assert not relief.update(Level.WARNING, 0.0)
    assert not relief.on


def test_it_lasts_until_all_has_been_healthy_for_a_time() -> None:
    relief = Relief(HOLD)
    assert relief.update(Level.CRITICAL, 0.0)
    for now, level in ((5.0, Level.HEALTHY), (50.0, Level.HEALTHY), (60.0, Level.WARNING)):
        assert not relief.update(level, now)
    assert not relief.update(Level.HEALTHY, 70.0)
    assert not relief.update(Level.HEALTHY, 129.0)
    assert relief.on
    assert relief.update(Level.HEALTHY, 130.0)
    assert not relief.on


def test_pressure_that_comes_back_makes_it_longer() -> None:
    relief = Relief(HOLD)
    lasted = []
    now = 0.0
    for _ in range(7):
        lasted.append(relieved(relief, now))
        now += lasted[-1] + 10
    factors = [round((seconds - 5) / HOLD) for seconds in lasted]
    assert factors == [1, 2, 4, 8, 16, LONGEST_FACTOR, LONGEST_FACTOR]
    assert relieved(relief, now + 2 * HOLD * LONGEST_FACTOR) == lasted[0]


def test_measures_are_read_with_their_types() -> None:
    lines = ['stt_node: model=tiny.en threads=2', 'detector_node: device=cpu', 'stt_node: a=0.5']
    assert parse_relief(lines) == {
        'stt_node': {'model': 'tiny.en', 'threads': 2, 'a': 0.5},
        'detector_node': {'device': 'cpu'},
    }


@pytest.mark.parametrize('line', ['', 'stt_node', 'stt_node:', 'stt_node: model', ': a=1', 'a: =1'])
def test_what_cannot_be_read_is_one_sentence(line: str) -> None:
    with pytest.raises(ConfigurationError, match='cannot be read. Write it as'):
        parse_relief([line])
