# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Judge what is wanted, and hand it over: the only place from which anything starts."""

from __future__ import annotations

from collections.abc import Collection

from assist_intent.acts import Acts
from assist_intent.binding import Hand
from assist_intent.judge import Judge, Judgement, State
from assist_intent.policy import Policy
from assist_intent.referents import Referents
from assist_intent.reporter import Effects, Reporter, StopState
from assist_intent.types import (
    Heard,
    Request,
    Risk,
    Sight,
    Situation,
    Start,
    Understanding,
    Verdict,
)

ENDS = {'stop_following': 'follow'}
"""Intents that are done by ending another."""


class Starter:
    """Knows the policy and what is under way."""

    def __init__(
        self,
        policy: Policy,
        acts: Acts,
        reporter: Reporter,
        stop: StopState,
        unseen: Collection[str],
    ) -> None:
        self._acts = acts
        self._reporter = reporter
        self._stop = stop
        self.referents = Referents()
        self.hand = Hand(policy)
        self._judge = Judge(policy, reporter.replies, unseen)

    def judged(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Judgement:
        """Return the judgement, and change nothing."""
        moving = self._acts.moving()
        state = State(
            stopped=self._stop.held,
            starts=self._acts.starts(now),
            busy=self._reporter.replies.action(moving.understanding) if moving else '',
            last_object=self.referents.object_id(now),
            held=self.hand.held,
        )
        return self._judge.judge(meaning, heard, situation, state, now)

    def start(
        self, request: Request, reply: str, confirmation: str, sight: Sight, now: float
    ) -> Effects:
        """Hand a single act to the executor; one that moves ends those before it."""
        if request.risk > Risk.LOW and not confirmation:
            raise AssertionError('an act of MEDIUM or HIGH risk needs its confirmation')
        effects: Effects = []
        if self._acts.moves(request):
            effects += self._acts.cancel(now, only_moving=True)
        effects += self._acts.cancel_intent(ENDS.get(request.understanding.name, ''), now)
        self._acts.begin(request, confirmation, now)
        effects += self._reporter.reply(
            request, Verdict.EXECUTE, reply, confirmation=confirmation, sight=sight
        )
        return [*effects, Start(request)]
