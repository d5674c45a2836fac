# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""All conversations of a few events: nothing risky starts without its own confirmation."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

import pytest
from assist_intent.dialogue import Dialogue
from assist_intent.grammar import Grammar
from assist_intent.policy import Policy
from assist_intent.replies import Replies
from assist_intent.types import (
    Cancel,
    Decision,
    Mode,
    Outcome,
    Request,
    Risk,
    Situation,
    Source,
    Understanding,
    Verdict,
)
from conftest import KITCHEN, Conversation, thing

GO = 'go to the kitchen'
KNIFE = 'bring me the knife'
CLOSE = replace(KITCHEN, objects=(*KITCHEN.objects, thing('person', 320, 400)))
CUP = 'bring the cup to the bedroom'
KNIVES = replace(KITCHEN, objects=(*KITCHEN.objects, thing('knife', 600, 60, 2)))


def plan(second: str) -> Callable[[Conversation], object]:
    """Return what asks for two acts in one sentence."""

    def ask(talk: Conversation) -> None:
        text = f'{GO} and {second}'
        steps = [talk.grammar.understand(part).steps[0] for part in (GO, second)]
        talk.understand_as = Understanding(text, score=1.0).with_steps(steps)
        talk.hear(text)

    return ask


def refuse(talk: Conversation) -> None:
    """Let the executor refuse the latest act."""
    if talk.started:
        talk.take(talk.dialogue.refused(talk.started[-1].id, talk.now))


def safe_stop(talk: Conversation) -> None:
    """Let the system go from good to a safe stop."""
    for mode in (Mode.NORMAL, Mode.SAFE_STOP):
        talk.take(talk.dialogue.mode_changed(mode, 'it broke', talk.now))


def end(outcome: Outcome) -> Callable[[Conversation], object]:
    """Return what ends the latest act that was started."""

    def ended(talk: Conversation) -> None:
        if talk.started:
            talk.take(talk.dialogue.ended(
                talk.started[-1].id, outcome, 'So it was.', talk.seen(), talk.now
            ))  # fmt: skip

    return ended


CORE: dict[str, Callable[[Conversation], object]] = {
    'go': lambda talk: talk.hear(GO),
    'knife': lambda talk: talk.hear(KNIFE),
    'plan': plan(KNIFE),
    'done': end(Outcome.SUCCEEDED),
    'failed': end(Outcome.FAILED),
    'retry': lambda talk: talk.hear('try again'),
    'pause': lambda talk: talk.hear('pause'),
    'not there': lambda talk: talk.hear('no, the bedroom'),
    'look': lambda talk: talk.hear('what do you see'),
    'yes': lambda talk: talk.hear('yes'),
    'yes, knife': lambda talk: talk.hear(f'yes, {KNIFE}'),
    'yes, go': lambda talk: talk.hear(f'yes, {GO}'),
    'yes, it': lambda talk: talk.hear('yes, bring it'),
    'unclear yes': lambda talk: talk.hear('yes', confidence=0.4),
    'near yes': lambda talk: talk.hear('yess'),
    'early yes': lambda talk: talk.hear(f'yes, {KNIFE}', begun=0.0),
    'no': lambda talk: talk.hear('no'),
    'stop': lambda talk: talk.stop(),
    'resume': lambda talk: talk.hear('resume'),
    'press': lambda talk: talk.press(True),
    'wait': lambda talk: talk.pass_time(10.5),
    'somebody near': lambda talk: setattr(talk, 'situation', Situation(CLOSE)),
}
EVENTS: dict[str, Callable[[Conversation], object]] = {
    **CORE,
    'cups': plan(CUP),
    'two knives': lambda talk: setattr(talk, 'situation', Situation(KNIVES)),
    'the left one': lambda talk: talk.hear('the left one'),
    'the bowl': lambda talk: talk.hear('it is the bowl'),
    'the garage': lambda talk: talk.hear('i mean to the garage'),
    'typed yes': lambda talk: talk.hear('yes', source=Source.TEXT),
    'refused': refuse,
    'timed out': end(Outcome.TIMED_OUT),
    'silence': lambda talk: talk.pass_time(4.0),
    'safe stop': safe_stop,
    'old button': lambda talk: talk.press(True, next(
        (decision.request.id for decision in talk.decisions), 'none'
    )),
}  # fmt: skip
BEGINNINGS = (
    (),
    ('go',),
    ('knife',),
    ('plan',),
    ('go', 'yes'),
    ('go', 'yes', 'pause'),
    ('go', 'yes', 'stop'),
    ('plan', 'yes, knife'),
    ('plan', 'yes, knife', 'done'),
    ('plan', 'yes, knife', 'failed'),
)
"""States from which all conversations of three more core events, or two of any, are held."""
WHICH_ONE = (
    ('cups', 'yes', 'done'),
    ('plan', 'yes, knife', 'two knives', 'done'),
)
"""States in which a plan waits to be told which object is meant."""


APPROVING = ('yes', 'yes, go', 'yes, knife', 'yes, it', 'press', 'typed yes', 'old button')
"""Events that can begin what was asked about."""
CORRECTING = ('not there', 'the garage', 'the bowl')
"""Events that hold what is under way, where no question is open."""


class Oracle:
    """An independent account of which start would be right, from what was published alone."""

    def __init__(self) -> None:
        self.asked: Request | None = None
        self.asked_at = 0.0
        self.stopped = False
        self.live: Request | None = None
        """What was approved last: the only thing of which a part may start without a question."""
        self.step = 0
        """Which part of it was begun last, or is asked about."""
        self.wait = ''
        """Why the next part of it does not start by itself: paused, failed or which one."""
        self.cancels = 0

    def check(self, event: str, talk: Conversation, before: int) -> None:
        """Check all that came of one event."""
        stopped = self.stopped
        held = event in CORRECTING and len(talk.of(Cancel)) > self.cancels
        self.cancels = len(talk.of(Cancel))
        if event == 'pause' or held:
            self.wait = 'paused'
        for decision in talk.decisions[before:]:
            self.take(event, decision, talk.now)
        self.stopped = talk.latched
        if stopped and not self.stopped:
            assert event == 'resume'

    def take(self, event: str, decision: Decision, now: float) -> None:
        """Check one decision, and keep what it allows."""
        request = decision.request
        if decision.verdict == Verdict.EXECUTE and request.risk > Risk.LOW:
            assert not self.stopped
            if self.asked is not None and request.id == self.asked.id:
                self.check_answer(event, request, now)
                self.asked = None
            else:
                self.check_part(event, request)
        elif decision.verdict == Verdict.CONFIRM:
            self.asked, self.asked_at = request, now
        elif decision.verdict == Verdict.ASK and decision.reply:
            if request.plan and 'Shall I try again' in decision.reply:
                self.wait, self.step = 'failed', request.step
            elif request.plan and 'Which one?' in decision.reply:
                self.wait, self.step = 'which one', request.step
            # Asked again: the same request, with a new deadline.
            if self.asked is not None and request.id == self.asked.id:
                self.asked_at = now
        elif decision.verdict == Verdict.STOP:
            self.asked = self.live = None
        elif decision.verdict == Verdict.EXPIRE:
            self.asked = None
            if request.plan and event != 'pause':
                self.live = None

    def check_answer(self, event: str, request: Request, now: float) -> None:
        """Check a start that a question was asked about."""
        asked = self.asked
        assert asked is not None
        assert request.understanding.repeats(asked.understanding)
        assert request.risk <= asked.risk
        assert now - self.asked_at <= 10.0
        if asked.risk == Risk.HIGH:
            (risky,) = asked.to_repeat(Risk.HIGH).steps
            assert event == {'go_to': 'yes, go', 'bring': 'yes, knife'}[risky.name]
            assert 'bedroom' not in risky.values().values()
        else:
            pointing = asked.understanding.steps[0].name == 'bring' and event == 'yes, it'
            assert pointing or event in ('yes', 'yes, go', 'press', 'typed yes', 'old button')
        self.step, self.wait = request.step, ''
        if not request.plan:
            self.live = request

    def check_part(self, event: str, request: Request) -> None:
        """Check a step of what was approved, or an act that was paused."""
        live = self.live
        assert live is not None, 'nothing was approved'
        assert request.plan == live.id
        steps, risks = live.understanding.steps, live.risks or (live.risk,)
        assert request.understanding.steps[0].values() == steps[request.step - 1].values()
        assert request.risk <= risks[request.step - 1]
        due = {
            '': {'done': self.step + 1, **dict.fromkeys(APPROVING, 1)},
            'paused': {'resume': max(self.step, 1)},
            'failed': {'retry': self.step, 'resume': self.step + 1},
            'which one': {'the left one': self.step},
        }[self.wait]
        assert request.step == due.get(event), f'{event} {self.wait}'
        self.step, self.wait = request.step, ''


@pytest.mark.parametrize('beginning', BEGINNINGS, ids=', '.join)
def test_no_path_starts_anything_unconfirmed(
    grammar: Grammar, rules: Policy, beginning: tuple[str, ...]
) -> None:
    assert converse(grammar, rules, beginning, itertools.product(CORE, repeat=3)) > 0


@pytest.mark.parametrize('beginning', BEGINNINGS + WHICH_ONE, ids=', '.join)
def test_no_short_path_of_any_events_starts_anything_unconfirmed(
    grammar: Grammar, rules: Policy, beginning: tuple[str, ...]
) -> None:
    assert converse(grammar, rules, beginning, itertools.product(EVENTS, repeat=2)) > 0


def test_the_beginnings_ask_which_one(grammar: Grammar, rules: Policy) -> None:
    for beginning in WHICH_ONE:
        talk = conversation(CachedGrammar(grammar), rules)
        for event in beginning:
            EVENTS[event](talk)
        assert talk.said[-1].endswith('Which one?')


def converse(
    grammar: Grammar,
    rules: Policy,
    beginning: tuple[str, ...],
    endings: Iterable[tuple[str, ...]],
) -> int:
    """Check all conversations; return how many acts of a risk began: none would prove nothing."""
    cached, starts = CachedGrammar(grammar), 0
    for rest in endings:
        talk, oracle = conversation(cached, rules), Oracle()
        for event in (*beginning, *rest):
            before = len(talk.decisions)
            EVENTS[event](talk)
            oracle.check(event, talk, before)
        assert len(talk.started) == sum(
            decision.verdict == Verdict.EXECUTE and not decision.request.understanding.is_plan
            for decision in talk.decisions
        )
        starts += sum(request.risk > Risk.LOW for request in talk.started)
    return starts


def conversation(grammar: CachedGrammar, rules: Policy) -> Conversation:
    """Return a new conversation in the kitchen."""
    numbers = itertools.count(1)
    dialogue = Dialogue(
        rules,
        Replies(grammar.responses),
        lambda: f'r{next(numbers)}',
        unseen=grammar.unseen,
    )
    return Conversation(grammar, dialogue, Situation(KITCHEN))  # type: ignore[arg-type]


class CachedGrammar:
    """A grammar that remembers: the same sentences come thousands of times."""

    def __init__(self, grammar: Grammar) -> None:
        self.understand = cache(grammar.understand)
        self.responses = grammar.responses
        self.unseen = grammar.unseen
