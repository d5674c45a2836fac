# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""One question that was asked, and which answers to it count."""

from __future__ import annotations

from assist_intent.policy import Policy
from assist_intent.types import NEVER, NO_CHOICES, Choices, Heard, Request, Source

SILENCE = 10.0
"""Seconds after which a question that a silent speaker has not begun is taken as shown, not
spoken: longer than a busy computer takes to make a sentence into sound."""
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
        spoken: what the speaker will say to ask it, which ends with the question; None where
            there is no speaker.
        speaking: whether the speaker says something else meanwhile.
        choices: the objects of which one is asked for.
        failed: whether it asks how to go on after a step that failed.
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
        spoken: str | None = None,
        speaking: bool = False,
        choices: Choices = NO_CHOICES,
        failed: bool = False,
        reprompts: int = 0,
    ) -> None:
        self.request = request
        self.text = text
        self.choices = choices
        self.failed = failed
        self.reprompts = reprompts
        self._asked = now
        self._seconds = seconds
        self._early = early
        self._spoken = spoken
        self._begun = False
        self._silent_since = None if speaking else now
        self._ended = now if spoken is None else None

    @property
    def takes_yes(self) -> bool:
        """Return whether a yes answers it."""
        return not self.choices and not self.failed

    def speech(self, text: str, now: float) -> None:
        """Take in what the robot begins to say; empty when it has ended.

        Only the end of this question, begun after it was asked, is its end.
        """
        self._silent_since = None if text else now
        if self._ended is not None or now < self._asked:
            return
        if self._begun and text != self._spoken:
            self._ended = now
        self._begun = text == self._spoken

    def wait(self, now: float) -> None:
        """Take in that time passes: a question that nobody speaks ends by itself."""
        since = self._silent_since
        if self._ended is None and since is not None and now - max(since, self._asked) >= SILENCE:
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


class Asker:
    """Holds the one question that is open, and makes new ones by the rules of the policy."""

    def __init__(self, policy: Policy) -> None:
        self.question: Question | None = None
        self.expired_at = NEVER
        self._policy = policy
        self._speaking = False
        self._has_speaker = False

    def ask(
        self,
        request: Request,
        text: str,
        now: float,
        choices: Choices = NO_CHOICES,
        *,
        failed: bool = False,
    ) -> None:
        """Open a question in place of the one before."""
        self.question = self._made(request, text, now, choices, failed, self._policy.reprompts)

    def ask_again(self, now: float, spoken: str) -> bool:
        """Begin the open question anew; return False when it was asked often enough.

        Args:
            spoken: what is said to ask it again.
        """
        question = self.question
        if question is None or not question.reprompts:
            return False
        left = question.reprompts - 1
        self.question = self._made(
            question.request, question.text, now, question.choices, question.failed, left, spoken
        )
        return True

    @property
    def asked(self) -> Request | None:
        """Return the request that waits for an answer."""
        return self.question.request if self.question else None

    def close(self) -> Question | None:
        """Close the open question and return it."""
        question, self.question = self.question, None
        return question

    def expire(self, now: float) -> Question | None:
        """Let time pass; close and return the open question when its time is up."""
        if self.question is None:
            return None
        self.question.wait(now)
        if not self.question.expired(now):
            return None
        self.expired_at = now
        return self.close()

    def speaker(self) -> None:
        """Take in that there is a speaker: questions end when it has said them."""
        self._has_speaker = True

    def speech(self, text: str, now: float) -> None:
        """Take in what the robot begins to say; empty when it has ended."""
        self._has_speaker = True
        self._speaking = bool(text)
        if self.question:
            self.question.speech(text, now)

    def _made(
        self,
        request: Request,
        text: str,
        now: float,
        choices: Choices,
        failed: bool,
        reprompts: int,
        spoken: str = '',
    ) -> Question:
        return Question(
            request,
            text,
            now,
            seconds=self._policy.answer_seconds,
            early=self._policy.early_seconds,
            spoken=(spoken or text) if self._has_speaker else None,
            speaking=self._speaking,
            choices=choices,
            failed=failed,
            reprompts=reprompts,
        )
