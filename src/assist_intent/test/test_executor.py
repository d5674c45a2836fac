# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Abilities, tasks, and the watch over safety."""

from __future__ import annotations

import math
import threading
from dataclasses import replace
from datetime import datetime

import pytest
from assist_common.errors import InputError
from assist_intent.clock_watch import ClockWatch
from assist_intent.executor import Executor, Failed, Result, Task, handles
from assist_intent.grammar import Grammar
from assist_intent.policy import Policy
from assist_intent.reference_executor import ReferenceExecutor
from assist_intent.replies import Replies
from assist_intent.robot_state import RobotState
from assist_intent.safety_watch import HaltWatch, SafetyWatch
from assist_intent.types import Health, Outcome, Scene, Slot, Understanding
from assist_intent.world import World
from conftest import GRAMMAR, KITCHEN, STREET


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


def test_progress_is_told_in_the_language_of_the_person() -> None:
    grammar = Grammar.load(GRAMMAR.with_name('de.yaml'))
    phases: list[str] = []
    task = Task(
        meaning(grammar, 'Bring mir die Tasse'),
        feedback=lambda phase, progress: phases.append(phase),
    )
    executor = ReferenceExecutor(Replies(grammar.responses), travel=0.3)
    assert executor.run(task) == Result(Outcome.SUCCEEDED, 'Bitte sehr: tasse.')
    assert list(dict.fromkeys(phases))[:2] == ['Ich fahre: tasse.', 'Ich hebe auf: tasse.']


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
        ('what is that on the right', 'That is a person.'),
        ('what time is it', 'It is 14:05.'),
        ('how full is your battery', 'I do not know how full my battery is.'),
        ('how are you', 'I do not know how I am.'),
        ('say hello to anna', 'Hello anna.'),
        ('tell anna dinner is ready', 'Anna: dinner is ready.'),
        ('call the nurse', 'I have called nurse for help.'),
    ],
)
def test_questions_are_answered_from_the_scene(grammar: Grammar, text: str, answer: str) -> None:
    executor = ReferenceExecutor(
        Replies(grammar.responses), clock=lambda: datetime(2026, 1, 1, 14, 5)
    )
    task = Task(meaning(grammar, text), scene=lambda: STREET)
    assert executor.run(task) == Result(Outcome.SUCCEEDED, answer)


def test_relations_tell_which_one_is_meant(grammar: Grammar) -> None:
    executor = ReferenceExecutor(Replies(grammar.responses))
    for text, answer in (
        ('how many cups are on the table', 'I see a cup.'),
        ("what's on the table", 'That is a cup.'),
    ):
        task = Task(meaning(grammar, text), scene=lambda: KITCHEN)
        assert executor.run(task) == Result(Outcome.SUCCEEDED, answer)
    task = Task(meaning(grammar, "what's on the bowl"), scene=lambda: KITCHEN)
    assert executor.run(task).outcome == Outcome.FAILED


def test_it_tells_what_is_reported_of_battery_and_health(grammar: Grammar) -> None:
    state = RobotState()
    executor = ReferenceExecutor(Replies(grammar.responses), state=state, steady=lambda: 100.0)

    def ask(text: str) -> str:
        return executor.run(Task(meaning(grammar, text))).message

    state.report_battery(0.735, True, 90.0)
    state.report_health(Health.WARNING, ('the disk is full',), 95.0)
    assert ask('how full is your battery') == 'My battery is 74 percent full, and charging.'
    assert ask('how are you') == 'I am not quite well: the disk is full'
    state.report_battery(0.5, False, 90.0)
    state.report_health(Health.HEALTHY, (), 95.0)
    assert ask('how full is your battery') == 'My battery is 50 percent full.'
    assert ask('how are you') == 'I am well.'
    state.report_battery(math.nan, False, 99.0)
    state.report_health(Health.HEALTHY, (), 80.0)
    assert 'do not know' in ask('how full is your battery')
    assert 'do not know' in ask('how are you')


def test_help_is_called(grammar: Grammar) -> None:
    called: list[str] = []
    executor = ReferenceExecutor(Replies(grammar.responses), call=called.append)
    executor.run(Task(meaning(grammar, 'i have fallen')))
    assert called == ['']


def test_every_command_of_the_policy_is_done(grammar: Grammar, rules: Policy) -> None:
    executor = ReferenceExecutor(Replies(grammar.responses), travel=0.1)
    assert set(executor.intents) == set(rules.intents)
    for intent in executor.intents:
        moves = rules.intents[intent].moves
        assert executor.moves(intent) == moves, intent
        if moves:
            slots = (Slot('object', 'cup'), Slot('place', 'kitchen'), Slot('direction', 'left'))
            result = executor.run(Task(Understanding('', intent, slots)))
            assert result.outcome == Outcome.SUCCEEDED
            assert result.message


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
    assert reports[-1] == ('Bringing the bus.', 1.0)
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


def test_what_goes_on_after_a_halt_is_halted_again_and_becomes_an_error() -> None:
    watch = HaltWatch()
    assert not watch.look(False, 0.0)
    assert not watch.look(True, 10.0)
    assert not watch.look(True, 10.1)
    assert watch.look(True, 10.25)
    assert not watch.look(True, 10.3)
    assert not watch.overdue
    assert watch.look(True, 11.1)
    assert watch.overdue
    assert not watch.look(False, 11.2)
    assert not watch.overdue
    assert not watch.look(True, 20.0)


def test_a_clock_that_is_set_is_noticed() -> None:
    clock = ClockWatch()
    assert not clock.look(1000.0, 0.0)
    assert not clock.look(1000.1, 0.05)
    assert clock.trusted(0.05)
    assert clock.look(500.0, 0.1)
    assert not clock.trusted(20.0)
    assert clock.trusted(31.0)


def test_a_scene_is_loaded_once_and_only_when_needed() -> None:
    errors: list[Exception] = []
    world = World(errors.append)
    calls: list[int] = []

    def load() -> Scene:
        calls.append(1)
        return replace(STREET, seen_at=5.0)

    assert world.scene is None
    world.saw(load)
    assert calls == []
    assert world.scene == world.scene == replace(STREET, seen_at=5.0)
    assert calls == [1]
    assert not errors


def test_a_scene_that_can_not_be_read_is_reported_once_and_is_none() -> None:
    errors: list[Exception] = []
    world = World(errors.append)
    world.saw(lambda: STREET)
    assert world.scene is STREET

    def bad() -> Scene:
        raise InputError('a box is not finite')

    world.saw(bad)
    assert world.scene is None
    assert world.situation(0.0).scene is None
    assert len(errors) == 1
