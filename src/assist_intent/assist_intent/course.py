# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""How far a request of several steps has come, and what of it was approved."""

from __future__ import annotations

from dataclasses import replace

from assist_intent.judge import Judgement
from assist_intent.types import Heard, Match, Request, Risk, Understanding


class Course:
    """The way through the steps of one request.

    Args:
        request: all steps, and their risks when they were approved.
        confirmation: how they were approved; empty where none needed it.
    """

    def __init__(self, request: Request, confirmation: str) -> None:
        self.request = request
        self.confirmation = confirmation
        self.index = 0
        self.running = ''
        """The id of the step that the executor has."""
        self._starts = 0
        self._answer = request.answer
        self._risks = list(request.risks or (request.risk,))

    @property
    def count(self) -> int:
        """Return the number of steps."""
        return len(self.request.understanding.steps)

    @property
    def done(self) -> bool:
        """Return whether no step is left."""
        return self.index >= self.count

    @property
    def approved(self) -> Risk:
        """Return the risk up to which the current step is approved."""
        return self._risks[self.index]

    @property
    def riskiest(self) -> Risk:
        """Return the highest risk of what is left to do."""
        return max(self._risks[self.index :])

    def approve(self, risk: Risk, confirmation: str, answer: Heard | None) -> None:
        """Take in that a person has approved the current step by itself."""
        self._risks[self.index] = risk
        self.confirmation = confirmation
        self._answer = answer

    def meaning(self) -> Understanding:
        """Return the current step."""
        whole = self._certain(self.request.understanding)
        return whole.single(whole.steps[self.index])

    def rest(self) -> Understanding:
        """Return the current step and those after it."""
        whole = self.request.understanding
        return whole.with_steps(whole.steps[self.index :])

    def heard(self) -> Heard:
        """Return the words that led to it: a confirmation settles whether they were heard right."""
        heard = self.request.heard
        return replace(heard, confidence=1.0) if self.confirmation else heard

    def step(self, judged: Judgement, request_id: str) -> Request:
        """Return the request for the current step; with an id of its own unless it is given."""
        self._starts += not request_id
        return Request(
            request_id or f'{self.request.id}.{self._starts}',
            judged.meaning,
            self.request.heard,
            judged.risk,
            judged.reasons,
            plan=self.request.id,
            step=self.index + 1,
            answer=self._answer,
        )

    def _certain(self, meaning: Understanding) -> Understanding:
        return replace(meaning, match=Match.EXACT) if self.confirmation else meaning
