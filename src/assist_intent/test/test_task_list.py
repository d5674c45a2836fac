# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The tasks that are being done."""

from __future__ import annotations

import threading

import pytest
from assist_intent.executor import Task
from assist_intent.task_list import TaskList
from assist_intent.types import Understanding


def task(intent: str) -> Task:
    """Return a task for an intent."""
    return Task(Understanding('', intent))


@pytest.fixture
def tasks() -> TaskList:
    """Return a list in which going moves the robot, and looking does not."""
    return TaskList(lambda intent: intent == 'go')


def test_a_task_counts_while_it_is_held(tasks: TaskList) -> None:
    going, looking = task('go'), task('look')
    with tasks.holding(b'1', going), tasks.holding(b'2', looking):
        assert tasks.all() == [going, looking]
        assert tasks.moving() == [going]
        assert tasks.get(b'2') is looking
        assert len(tasks) == 2
    assert not tasks
    assert tasks.get(b'2') is None


def test_a_task_that_fails_is_not_kept(tasks: TaskList) -> None:
    with pytest.raises(ValueError, match='broken'), tasks.holding(b'1', task('go')):
        raise ValueError('broken')
    assert not tasks


def test_all_are_halted_once(tasks: TaskList) -> None:
    going, looking = task('go'), task('look')
    with tasks.holding(b'1', going), tasks.holding(b'2', looking):
        assert tasks.halt('stopped')
        assert going.halted and looking.halted
        assert not tasks.halt('stopped again')
    assert going.halt_reason == 'stopped'


def test_a_motion_halts_only_other_motions(tasks: TaskList) -> None:
    going, looking, new = task('go'), task('look'), task('go')
    with tasks.holding(b'1', going), tasks.holding(b'2', looking), tasks.holding(b'3', new):
        assert tasks.halt('replaced', others_than=new)
        assert [one.halted for one in (going, looking, new)] == [True, False, False]
        assert not tasks.wait_alone(new, 0.0)


def test_a_motion_waits_for_the_end_of_another(tasks: TaskList) -> None:
    new, ending, begun = task('go'), threading.Event(), threading.Event()

    def go() -> None:
        with tasks.holding(b'1', task('go')):
            begun.set()
            ending.wait()

    thread = threading.Thread(target=go)
    thread.start()
    begun.wait()
    with tasks.holding(b'2', new):
        ending.set()
        assert tasks.wait_alone(new, 10.0)
    thread.join()
