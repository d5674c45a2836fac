# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""One question that was asked, and which answers to it count."""

from __future__ import annotations

from assist_intent.types import Heard, Request, SceneObject, Source

SILENCE = 2.0
"""Seconds after which a question that the speaker has not begun is taken as shown, not spoken."""
LONGEST = 20.0
"""Seconds that speaking a question may take, with all that is said before it."""


class Question:
    """A question bound to one request and one deadline on the steady clock.

    Args:
        request: what the answer decides on.
        text: the words of the question.
        now: steady time, s.
        seconds: time for the answer, from the end of the question.
        early: seconds that an answer may seem to begin before the question ended, because a
            recogniser counts a little silence before the first word.
        spoken: whether there is a speaker, so that the question ends when it falls silent.
        choices: the objects of which one is asked for; empty for a yes-or-no question.
        reprompts: how often it may still be asked again.
    """

    def __init__(
        self,
        request: Request,
        text: str,
        now: float,
        *,
        seconds: float,
        early: float = 0.0,
        spoken: bool = False,
        speaking: bool = False,
        choices: tuple[SceneObject, ...] = (),
        reprompts: int = 0,
    ) -> None:
        self.request = request
        self.text = text
        self.choices = choices
        self.reprompts = reprompts
        self._asked = now
        self._seconds = seconds
        self._early = early
        self._speaking = speaking
        self._ended = None if spoken else now

    def speech(self, speaking: bool, now: float) -> None:
        """Take in that the robot begins or ends to speak."""
        self._speaking = speaking
        self._ended = None if speaking else now

    def wait(self, now: float) -> None:
        """Take in that time passes: a question that nobody speaks ends by itself."""
        silent = self._ended is None and not self._speaking
        if silent and now - self._asked >= SILENCE:
            self._ended = now

    def counts(self, heard: Heard, now: float) -> bool:
        """Return whether these words can be an answer: begun after the question, in time."""
        if self.expired(now):
            return False
        if heard.source == Source.TEXT:
            return heard.begun >= self._asked
        return self._ended is not None and heard.begun >= self._ended - self._early

    def expired(self, now: float) -> bool:
        """Return whether the deadline has passed."""
        latest = self._asked + LONGEST + self._seconds
        if self._ended is None:
            return now > latest
        return now > min(self._ended + self._seconds, latest)
