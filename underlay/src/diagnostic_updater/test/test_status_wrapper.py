# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Summaries and values of a status."""

from __future__ import annotations

import pytest
from diagnostic_msgs.msg import DiagnosticStatus
from diagnostic_updater import DiagnosticStatusWrapper

OK, WARN, ERROR = DiagnosticStatus.OK, DiagnosticStatus.WARN, DiagnosticStatus.ERROR


def status(level: bytes, message: str) -> DiagnosticStatusWrapper:
    wrapper = DiagnosticStatusWrapper()
    wrapper.summary(level, message)
    return wrapper


def test_summary_of_another_status() -> None:
    wrapper = DiagnosticStatusWrapper(name='lidar')
    wrapper.summary(DiagnosticStatus(level=WARN, message='hot', name='other'))
    assert (wrapper.name, wrapper.level, wrapper.message) == ('lidar', WARN, 'hot')


def test_clear_summary() -> None:
    wrapper = status(ERROR, 'broken')
    wrapper.clearSummary()
    assert (wrapper.level, wrapper.message) == (OK, '')


@pytest.mark.parametrize(('first', 'second', 'merged'), [
    ((OK, ''), (OK, 'good'), (OK, 'good')),
    ((OK, 'good'), (OK, 'fine'), (OK, 'good; fine')),
    ((OK, 'good'), (WARN, 'hot'), (WARN, 'hot')),
    ((WARN, 'hot'), (OK, 'good'), (WARN, 'hot')),
    ((WARN, 'hot'), (ERROR, 'burnt'), (ERROR, 'hot; burnt')),
    ((ERROR, 'burnt'), (WARN, 'hot'), (ERROR, 'burnt; hot')),
])
def test_merge(first: tuple, second: tuple, merged: tuple) -> None:
    wrapper = status(*first)
    wrapper.mergeSummary(*second)
    assert (wrapper.level, wrapper.message) == merged
    wrapper = status(*first)
    wrapper.mergeSummary(status(*second))
    assert (wrapper.level, wrapper.message) == merged


def test_values_are_kept_in_order() -> None:
    wrapper = DiagnosticStatusWrapper()
    wrapper.add('temperature (C)', '21.5')
    wrapper.add('rate (Hz)', '30')
    assert [(v.key, v.value) for v in wrapper.values] == [
        ('temperature (C)', '21.5'),
        ('rate (Hz)', '30'),
    ]


def test_value_that_is_not_text_is_named() -> None:
    with pytest.raises(TypeError, match="value of 'rate' must be a str, not int"):
        DiagnosticStatusWrapper().add('rate', 30)


@pytest.mark.parametrize('level', [0, 'OK', b'', b'12'])
def test_wrong_level_is_named(level: object) -> None:
    with pytest.raises(TypeError, match='level must be one byte'):
        DiagnosticStatusWrapper().summary(level, 'text')
