# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""All short conversations: nothing risky starts without its own confirmation."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache

import pytest
from assist_intent import policy
from assist_intent.dialogue import Dialogue
from assist_intent.grammar import Grammar
from assist_intent.replies import Replies
from assist_intent.types import Request, Risk, Situation, Verdict
from conftest import KITCHEN, Conversation

GO = 'go to the kitchen'
KNIFE = 'bring me the knife'
EVENTS: dict[str, Callable[[Conversation], object]] = {
    'go': lambda talk: talk.hear(GO),
    'knife': lambda talk: talk.hear(KNIFE),
    'look': lambda talk: talk.hear('what do you see'),
    'yes': lambda talk: talk.hear('yes'),
    'yes, knife': lambda talk: talk.hear(f'yes, {KNIFE}'),
    'yes, go': lambda talk: talk.hear(f'yes, {GO}'),
    'unclear yes': lambda talk: talk.hear('yes', confidence=0.4),
    'near yes': lambda talk: talk.hear('yess'),
    'early yes': lambda talk: talk.hear(f'yes, {KNIFE}', begun=0.0),
    'no': lambda talk: talk.hear('no'),
    'stop': lambda talk: talk.stop(),
    'resume': lambda talk: talk.hear('resume'),
    'press': lambda talk: talk.press(True),
    'wait': lambda talk: talk.pass_time(10.5),
}


class Oracle:
    """An independent account of which start would be right, from what was published alone."""

    def __init__(self) -> None:
        self.asked: Request | None = None
        self.asked_at = 0.0
        self.stopped = False

    def check(self, event: str, talk: Conversation, before: int) -> None:
        """Check all that came of one event."""
        asked, asked_at, stopped = self.asked, self.asked_at, self.stopped
        for decision in talk.decisions[before:]:
            if decision.verdict == Verdict.EXECUTE and decision.request.risk > Risk.LOW:
                self.check_start(event, decision.request, asked, talk.now - asked_at, stopped)
                self.asked = None
            elif decision.verdict == Verdict.CONFIRM:
                self.asked, self.asked_at = decision.request, talk.now
            elif decision.verdict == Verdict.ASK and self.asked is not None:
                # Asked again: the same request, with a new deadline.
                if decision.request.id == self.asked.id and decision.reply:
                    self.asked_at = talk.now
            elif decision.verdict in (Verdict.STOP, Verdict.EXPIRE):
                self.asked = None
        self.stopped = talk.latched
        if stopped and not self.stopped:
            assert event == 'resume'

    @staticmethod
    def check_start(
        event: str, request: Request, asked: Request | None, age: float, stopped: bool
    ) -> None:
        assert asked is not None, 'nothing was asked'
        assert request.id == asked.id
        assert request.understanding.name == asked.understanding.name
        assert request.risk <= asked.risk
        assert age <= 10.0
        assert not stopped
        if asked.risk == Risk.HIGH:
            assert event == 'yes, knife'
            assert request.understanding.name == 'bring'
        else:
            assert event in ('yes', 'yes, go', 'press')


@pytest.mark.parametrize('first', EVENTS)
def test_no_path_starts_anything_unconfirmed(
    grammar: Grammar, rules: policy.Policy, first: str
) -> None:
    grammar_cached = CachedGrammar(grammar)
    replies = Replies(grammar.responses)
    starts = 0
    for rest in itertools.product(EVENTS, repeat=3):
        numbers = itertools.count(1)
        dialogue = Dialogue(rules, replies, lambda numbers=numbers: f'r{next(numbers)}')
        talk = Conversation(grammar_cached, dialogue, Situation(KITCHEN))  # type: ignore[arg-type]
        oracle = Oracle()
        for event in (first, *rest):
            before = len(talk.decisions)
            EVENTS[event](talk)
            oracle.check(event, talk, before)
        assert len(talk.started) == sum(
            decision.verdict == Verdict.EXECUTE for decision in talk.decisions
        )
        starts += sum(request.risk > Risk.LOW for request in talk.started)
    # The test would prove nothing if nothing ever started.
    assert starts > 0


class CachedGrammar:
    """A grammar that remembers: the same sentences come thousands of times."""

    def __init__(self, grammar: Grammar) -> None:
        self.understand = cache(grammar.understand)
