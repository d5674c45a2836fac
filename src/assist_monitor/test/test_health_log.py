# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from assist_monitor.health_log import QUIET, HealthLog
from assist_monitor.thresholds import Level

HEALTHY, WARNING, CRITICAL = Level


def test_a_change_of_the_level_is_told_with_all_its_causes() -> None:
    log = HealthLog()
    assert log.update(HEALTHY, [], 0.0) == (False, '')
    assert log.update(WARNING, ['a: b.', 'c'], 5.0) == (True, 'Health is WARNING; a: b; c.')
    assert log.update(CRITICAL, ['d', 'c'], 10.0) == (True, 'Health is CRITICAL; d; c.')
    assert log.update(HEALTHY, [], 15.0) == (False, 'Health is HEALTHY.')


def test_a_second_cause_at_the_same_level_is_told_once() -> None:
    log = HealthLog()
    log.update(WARNING, ['cpu is 91 %: warning from 90'], 0.0)
    assert log.update(WARNING, ['cpu is 95.5 %: warning from 90'], 5.0) == (False, '')
    assert log.update(WARNING, ['cpu is 88 %: not yet below 85 again'], 6.0) == (False, '')
    both = ['cpu is 93 %: warning from 90', 'ghost: not heard for 3 s']
    assert log.update(WARNING, both, 10.0) == (
        True,
        'Health is still WARNING; ghost: not heard for 3 s.',
    )
    assert log.update(WARNING, both[:1], 15.0) == (False, '')
    assert log.update(WARNING, both, 20.0) == (False, '')
    log.update(WARNING, both[:1], 20.0 + QUIET)
    assert log.update(WARNING, both, 25.0 + QUIET)[0]


def test_a_task_of_a_node_is_one_cause_whatever_it_says() -> None:
    log = HealthLog()
    log.update(WARNING, ['supervisor_node: nodes: a is inactive; b is inactive'], 0.0)
    assert log.update(WARNING, ['supervisor_node: nodes: b is inactive'], 1.0) == (False, '')
    assert log.update(WARNING, ['supervisor_node: input: 3 messages refused'], 2.0)[0]
