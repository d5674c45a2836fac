# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math

import pytest
from assist_common.errors import ConfigurationError
from assist_monitor.monitor_parameters import MonitorParameters, to_thresholds
from assist_monitor.thresholds import Level, Threshold, Watch

CPU = Threshold('cpu', 80, 95, 5, '%')


def levels(*values: float) -> list[Level]:
    watch = Watch(CPU)
    return [watch.update(value) for value in values]


def test_levels_begin_at_their_limits() -> None:
    assert levels(79.9) == [Level.HEALTHY]
    assert levels(80) == [Level.WARNING]
    assert levels(95) == [Level.CRITICAL]


def test_a_level_is_left_only_below_its_hysteresis() -> None:
    assert levels(96, 92, 90.1, 89.9) == [Level.CRITICAL] * 3 + [Level.WARNING]
    assert levels(81, 76, 75, 74.9) == [Level.WARNING] * 3 + [Level.HEALTHY]


def test_a_value_around_the_limit_does_not_flicker() -> None:
    assert set(levels(80, 79, 81, 78, 80, 77)) == {Level.WARNING}


def test_hysteresis_does_not_delay_a_rise() -> None:
    assert levels(10, 100) == [Level.HEALTHY, Level.CRITICAL]


def test_of_some_values_less_is_worse() -> None:
    watch = Watch(Threshold('disk_free', 5000, 1000, 100, 'MiB', falling=True))
    levels = [watch.update(value) for value in (6000, 5000, 1000, 1090, 1110, 5090, 5110)]
    assert [int(level) for level in levels] == [0, 1, 2, 2, 1, 1, 0]
    assert watch.update(math.nan) == Level.HEALTHY
    watch.update(900)
    assert watch.sentence == 'disk_free is 900 MiB: critical from 1000'
    watch.update(1050)
    assert watch.sentence == 'disk_free is 1050 MiB: not yet above 1100 again'


def test_limits_of_a_falling_value_are_in_falling_order() -> None:
    with pytest.raises(ConfigurationError, match='Warning must be above critical'):
        Threshold('disk_free', 1000, 5000, 100, 'MiB', falling=True)


def test_a_capped_watch_is_never_worse_than_the_other() -> None:
    percent = Watch(CPU)
    watch = Watch(Threshold('disk_free', 5000, 1000, 100, 'MiB', falling=True), percent)
    percent.update(50)
    assert watch.update(10) == Level.HEALTHY
    percent.update(90)
    assert watch.level == Level.WARNING
    assert watch.sentence == 'disk_free is 10 MiB: warning from 5000'
    percent.update(99)
    assert watch.level == Level.CRITICAL


def test_what_cannot_be_measured_is_healthy() -> None:
    assert levels(99, math.nan) == [Level.CRITICAL, Level.HEALTHY]


def test_sentences_say_value_and_limit() -> None:
    watch = Watch(CPU)
    watch.update(10)
    assert watch.sentence == ''
    watch.update(97)
    assert watch.sentence == 'cpu is 97 %: critical from 95'
    watch.update(92)
    assert watch.sentence == 'cpu is 92 %: not yet below 90 again'


@pytest.mark.parametrize(('warning', 'critical'), [(95, 80), (80, 80), (math.nan, 80)])
def test_limits_out_of_order_are_refused(warning: float, critical: float) -> None:
    with pytest.raises(ConfigurationError, match='cpu are out of order.*Warning must be below'):
        Threshold('cpu', warning, critical, 1, '%')


@pytest.mark.parametrize('hysteresis', [-1, 15, 20])
def test_a_hysteresis_that_swallows_a_level_is_refused(hysteresis: float) -> None:
    with pytest.raises(ConfigurationError, match='hysteresis of cpu'):
        Threshold('cpu', 80, 95, hysteresis, '%')


def test_the_default_parameters_are_in_order() -> None:
    assert {threshold.name for threshold in to_thresholds(MonitorParameters())} >= {'cpu', 'disk'}


def test_a_parameter_without_three_numbers_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="'cpu' has 2 numbers. Give three"):
        to_thresholds(MonitorParameters(cpu=(80.0, 90.0)))
