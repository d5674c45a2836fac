# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Abilities, tasks, and the watch over safety."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from assist_intent.clock_watch import ClockWatch
from assist_intent.executor import Executor, Failed, Result, Task, handles
from assist_intent.grammar import Grammar
from assist_intent.reference_executor import ReferenceExecutor
from assist_intent.replies import Replies
from assist_intent.safety_watch import SafetyWatch
from assist_intent.types import Outcome, Scene, Understanding
from assist_intent.world import World
from conftest import STREET


class Robot(Executor):
    """A robot with a few abilities."""

    @handles('wave', 'greet', moves=False)
    def wave(self, task: Task) -> str:
        return f'{task.intent} {task.slot("object")}'

    @handles('go_to')
    def go_to(self, task: Task) -> None:
        task.wait(60.0)

    @handles('pick')
    def pick(self, task: Task) -> None:
        raise Failed('It is too slippery.')

    @handles('find')
    def find(self, task: Task) -> None:
        raise TimeoutError('It took too long.')


def meaning(grammar: Grammar, text: str) -> Understanding:
    understood = grammar.understand(text)
    assert understood.name
    return understood


def test_methods_are_registered_by_intent() -> None:
    robot = Robot()
    assert robot.intents == ('find', 'go_to', 'greet', 'pick', 'wave')
    assert robot.moves('go_to')
    assert not robot.moves('wave')
    assert robot.run(Task(Understanding('', 'greet'))) == Result(Outcome.SUCCEEDED, 'greet ')
    assert robot.run(Task(Understanding('', 'pick'))) == Result(
        Outcome.FAILED, 'It is too slippery.'
    )
    assert robot.run(Task(Understanding('', 'find'))).outcome == Outcome.TIMED_OUT
    assert robot.run(Task(Understanding('', 'fly'))).outcome == Outcome.UNSUPPORTED


def test_a_halt_ends_a_handler_wherever_it_waits() -> None:
    task = Task(Understanding('', 'go_to'))
    results: list[Result] = []
    thread = threading.Thread(target=lambda: results.append(Robot().run(task)))
    thread.start()
    task.halt('stopped')
    task.halt('again')
    thread.join(5.0)
    assert results == [Result(Outcome.CANCELED, 'stopped')]


def test_a_task_that_is_halted_before_never_begins() -> None:
    task = Task(Understanding('', 'wave'))
    task.halt('stopped')
    assert Robot().run(task).outcome == Outcome.CANCELED


@pytest.mark.parametrize(
    ('text', 'answer'),
    [
        ('what do you see', 'I see two people and a bus.'),
        ('where is the bus', 'The bus is in the middle.'),
        ('how many people are there', 'I see two people.'),
        ('find the bus', 'I found it. The bus is in the middle.'),
    ],
)
def test_questions_are_answered_from_the_scene(grammar: Grammar, text: str, answer: str) -> None:
    executor = ReferenceExecutor(Replies(grammar.responses))
    task = Task(meaning(grammar, text), scene=lambda: STREET)
    assert executor.run(task) == Result(Outcome.SUCCEEDED, answer)


def test_without_a_scene_it_says_so(grammar: Grammar) -> None:
    executor = ReferenceExecutor(Replies(grammar.responses))
    result = executor.run(Task(meaning(grammar, 'what do you see')))
    assert result == Result(Outcome.FAILED, 'I can not see at the moment.')


def test_motion_reports_growing_progress_to_the_end(grammar: Grammar) -> None:
    executor = ReferenceExecutor(Replies(grammar.responses), travel=0.5)
    reports: list[tuple[str, float]] = []
    said: list[str] = []
    task = Task(
        meaning(grammar, 'bring me the bus'),
        feedback=lambda phase, progress: reports.append((phase, progress)),
        say=said.append,
    )
    result = executor.run(task)
    assert result == Result(Outcome.SUCCEEDED, 'Here is the bus.')
    assert [progress for _, progress in reports] == sorted(progress for _, progress in reports)
    assert reports[0][1] == 0.0
    assert reports[-1] == ('bringing the bus', 1.0)
    assert said == ['I have the bus.']


def test_safety_holds_only_while_it_is_heard() -> None:
    watch = SafetyWatch(0.4)
    assert not watch.safe(0.0)
    watch.beat(10.0, False, '')
    assert watch.safe(10.3)
    assert not watch.safe(10.5)
    assert watch.reason == 'the safety state stays away'
    watch.beat(11.0, False, '')
    watch.lose('gone')
    assert not watch.safe(11.0)
    assert watch.reason == 'gone'
    watch.beat(12.0, True, 'a person said stop')
    assert not watch.safe(12.0)
    watch.beat(12.2, False, '')
    assert watch.safe(12.2)


def test_a_clock_that_is_set_is_noticed() -> None:
    clock = ClockWatch()
    assert not clock.look(1000.0, 0.0)
    assert not clock.look(1000.1, 0.05)
    assert clock.held(0.05)
    assert clock.look(500.0, 0.1)
    assert not clock.held(20.0)
    assert clock.held(31.0)


def test_a_scene_is_loaded_once_and_only_when_needed() -> None:
    world = World()
    calls: list[int] = []

    def load() -> Scene:
        calls.append(1)
        return replace(STREET, seen_at=5.0)

    assert world.scene is None
    world.saw(load)
    assert calls == []
    assert world.scene == world.scene == replace(STREET, seen_at=5.0)
    assert calls == [1]
