# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Put decisions into effects and words, and keep what was said last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from assist_intent.replies import Replies
from assist_intent.types import (
    NEVER,
    Decided,
    Decision,
    Effect,
    Ended,
    Heard,
    Outcome,
    Request,
    Say,
    Sight,
    Situation,
    Understanding,
    Verdict,
)

Effects = list[Effect]


@dataclass
class StopState:
    """Why the robot is stopped, empty when it is not, and since when (steady time, s)."""

    reason: str = ''
    at: float = NEVER

    @property
    def held(self) -> bool:
        """Return whether the stop is latched."""
        return bool(self.reason)


class Reporter:
    """Makes the effects by which others learn what was decided.

    Args:
        new_id: returns a new request id each time it is called.
    """

    def __init__(self, replies: Replies, new_id: Callable[[], str], stop: StopState) -> None:
        self.replies = replies
        self.last_reply = ''
        self.new_id = new_id
        self.situation: Situation | None = None
        """By what is judged at present."""
        self._stop = stop

    def new_request(self, meaning: Understanding, heard: Heard) -> Request:
        """Return a request with an id of its own."""
        return Request(self.new_id(), meaning, heard)

    def say(self, text: str) -> Effects:
        """Say something, if it is anything, and remember it."""
        if not text:
            return []
        self.last_reply = text
        return [Say(text)]

    def reply(
        self,
        request: Request,
        verdict: Verdict,
        text: str,
        *,
        confirmation: str = '',
        sight: Sight = Sight.MISSING,
    ) -> Effects:
        """Tell a decision to the graph, and the person what came of it."""
        decision = self.decision(request, verdict, text, confirmation=confirmation, sight=sight)
        return [Decided(decision), *self.say(text)]

    def answer(
        self, sentence: str, meaning: Understanding, heard: Heard, **values: str
    ) -> Effects:
        """Answer at once with a sentence of the language."""
        request = self.new_request(meaning, heard)
        return self.reply(request, Verdict.ANSWER, self.replies.say(sentence, **values))

    def silent(self, request: Request, heard: Heard) -> Effects:
        """Tell only the graph that something was not clear."""
        return [self.decided(replace(request, heard=heard), Verdict.ASK)]

    def decided(self, request: Request, verdict: Verdict, text: str = '') -> Decided:
        """Return a decision that is not spoken here."""
        return Decided(self.decision(request, verdict, text))

    def decision(
        self,
        request: Request,
        verdict: Verdict,
        text: str,
        *,
        confirmation: str = '',
        sight: Sight = Sight.MISSING,
    ) -> Decision:
        """Return a decision."""
        stopped = self._stop.held
        return Decision(request, verdict, text, confirmation, sight, stopped, self.situation)

    def expired(self, request: Request | None, reason: str) -> Effects:
        """Tell the graph that a question, if there was one, is no longer open."""
        if request is None:
            return []
        request = replace(request, reasons=(*request.reasons, reason))
        return [self.decided(request, Verdict.EXPIRE)]

    def ended(self, request: Request, outcome: Outcome, message: str) -> Ended:
        """Return how an act ended."""
        return Ended(request, outcome, message, self._stop.held)
