# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Tasks apart from a node."""

from __future__ import annotations

import time

import diagnostic_updater
import pytest
from diagnostic_msgs.msg import DiagnosticStatus
from diagnostic_updater import (
    CompositeDiagnosticTask,
    DiagnosticStatusWrapper,
    DiagnosticTask,
    DiagnosticTaskVector,
    FrequencyStatus,
    FrequencyStatusParam,
    FunctionDiagnosticTask,
    HeaderlessTopicDiagnostic,
    Heartbeat,
    TimeStampStatus,
    TimeStampStatusParam,
    TopicDiagnostic,
)
from rclpy.clock import Clock

OK, WARN, ERROR = DiagnosticStatus.OK, DiagnosticStatus.WARN, DiagnosticStatus.ERROR


def run(task: DiagnosticTask) -> tuple[bytes, str, dict[str, str]]:
    status = task.run(DiagnosticStatusWrapper())
    return status.level, status.message, {value.key: value.value for value in status.values}


def reporting(level: bytes, message: str) -> FunctionDiagnosticTask:
    def fill(status: DiagnosticStatusWrapper) -> DiagnosticStatusWrapper:
        status.summary(level, message)
        status.add(message, 'yes')
        return status

    return FunctionDiagnosticTask(message, fill)


def test_composite_merges_summaries_and_collects_values() -> None:
    composite = CompositeDiagnosticTask('imu')
    for task in (reporting(OK, 'calibrated'), reporting(WARN, 'hot'), reporting(ERROR, 'late')):
        composite.addTask(task)
    level, message, values = run(composite)
    assert composite.getName() == 'imu'
    assert (level, message) == (ERROR, 'hot; late')
    assert list(values) == ['calibrated', 'hot', 'late']


def test_every_member_of_a_composite_sees_the_summary_from_before() -> None:
    seen = []

    def look(status: DiagnosticStatusWrapper) -> DiagnosticStatusWrapper:
        seen.append(status.message)
        return status

    composite = CompositeDiagnosticTask('imu')
    composite.addTask(reporting(WARN, 'hot'))
    composite.addTask(FunctionDiagnosticTask('look', look))
    before = DiagnosticStatusWrapper(message='before')
    composite.run(before)
    assert seen == ['before']


def test_vector_adds_and_removes() -> None:
    vector = DiagnosticTaskVector()
    vector.add(Heartbeat())
    vector.add('second', lambda status: status)
    assert [task.name for task in vector.tasks] == ['Heartbeat', 'second']
    assert vector.removeByName('Heartbeat')
    assert not vector.removeByName('Heartbeat')
    assert [task.name for task in vector.tasks] == ['second']
    with pytest.raises(TypeError, match='not 3 values'):
        vector.add('a', 'b', 'c')


def test_heartbeat() -> None:
    assert run(Heartbeat()) == (OK, 'Alive', {})


@pytest.mark.parametrize(('bounds', 'level', 'message'), [
    ({'min': 0.001, 'max': 1e12}, OK, 'Desired frequency met'),
    ({'min': 0.001}, OK, 'Desired frequency met'),
    ({'min': 1e12}, WARN, 'Frequency too low.'),
    ({'min': 0.0, 'max': 0.001}, WARN, 'Frequency too high.'),
])
def test_frequency(bounds: dict[str, float], level: bytes, message: str) -> None:
    task = FrequencyStatus(FrequencyStatusParam(bounds))
    task.tick()
    time.sleep(0.01)
    assert run(task)[:2] == (level, message)


def test_frequency_without_events() -> None:
    task = FrequencyStatus(FrequencyStatusParam({'min': 0.0}))
    assert run(task)[:2] == (ERROR, 'No events recorded.')
    task.tick()
    task.clear()
    assert run(task)[:2] == (ERROR, 'No events recorded.')


def test_frequency_values() -> None:
    task = FrequencyStatus(FrequencyStatusParam({'min': 10.0, 'max': 10.0}, 0.1, 2))
    for _ in range(3):
        task.tick()
    time.sleep(0.01)
    values = run(task)[2]
    assert values['Events in window'] == '3'
    assert values['Target frequency (Hz)'] == '10.000000'
    assert values['Minimum acceptable frequency (Hz)'] == '9.000000'
    assert values['Maximum acceptable frequency (Hz)'] == '11.000000'
    window = float(values['Duration of window (s)'])
    assert float(values['Actual frequency (Hz)']) == pytest.approx(3 / window, rel=1e-3)


def test_frequency_window_slides_over_updates() -> None:
    task = FrequencyStatus(FrequencyStatusParam({'min': 0.0}, 0.1, 2))
    task.tick()
    events = []
    for _ in range(4):
        values = run(task)[2]
        events.append(values['Events in window'])
    assert events == ['1', '1', '0', '0']
    assert values['Events since startup'] == '1'


@pytest.mark.parametrize(('age', 'level', 'message'), [
    (0.1, OK, 'Timestamps are reasonable.'),
    (9.0, ERROR, 'Timestamps too far in past seen.'),
    (-3.0, ERROR, 'Timestamps too far in future seen.'),
])
def test_stamps(age: float, level: bytes, message: str) -> None:
    task = TimeStampStatus()
    task.tick(time.time() - age)
    first = run(task)
    assert first[:2] == (level, message)
    assert float(first[2]['Latest timestamp delay:']) == pytest.approx(age, abs=0.5)
    assert run(task)[:2] == (WARN, 'No data since last update.')


def test_stamps_keep_the_extremes_and_count_faults() -> None:
    task = TimeStampStatus(TimeStampStatusParam(-1, 2))
    for age in (1.0, 7.0, 0.0, -4.0):
        task.tick(time.time() - age)
    task.tick(0.0)
    _, message, values = run(task)
    assert message == 'Zero timestamp seen.'
    assert float(values['Earliest timestamp delay:']) == pytest.approx(-4, abs=0.5)
    assert float(values['Latest timestamp delay:']) == pytest.approx(7, abs=0.5)
    for kind in ('Late diagnostic update', 'Early diagnostic update',
                 'Zero seen diagnostic update'):
        assert values[f'{kind} count:'] == '1'


def test_topic_diagnostics_add_themselves() -> None:
    vector = DiagnosticTaskVector()
    rate = FrequencyStatusParam({'min': 0.001})
    headerless = HeaderlessTopicDiagnostic('/bool', vector, rate)
    stamped = TopicDiagnostic('/image', vector, rate, TimeStampStatusParam())
    assert [task.name for task in vector.tasks] == ['/bool topic status', '/image topic status']
    headerless.tick()
    stamped.tick(Clock().now())
    time.sleep(0.01)
    assert run(headerless)[:2] == (OK, 'Desired frequency met')
    assert run(stamped)[:2] == (OK, 'Desired frequency met; Timestamps are reasonable.')
    headerless.clear_window()
    assert run(headerless)[0] == ERROR


def test_what_is_not_offered_is_named() -> None:
    with pytest.raises(AttributeError, match='diagnostic_updater.SlowTimeStampStatus'):
        _ = diagnostic_updater.SlowTimeStampStatus
