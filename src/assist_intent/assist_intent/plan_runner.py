# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Run the steps of a plan one after the other, hold what is paused, keep what was stopped."""

from __future__ import annotations

from assist_intent.acts import Act, Acts
from assist_intent.course import Course
from assist_intent.judge import Judgement
from assist_intent.question import Asker
from assist_intent.reporter import Effects, Reporter
from assist_intent.starter import Starter
from assist_intent.types import NEVER, Outcome, Request, Risk, Situation, Understanding, Verdict

HELD = 300.0
"""Seconds after which what was paused has to be confirmed anew."""


class PlanRunner:
    """At most one plan runs, or waits for an answer, or is held."""

    def __init__(self, starter: Starter, acts: Acts, asker: Asker, reporter: Reporter) -> None:
        self.course: Course | None = None
        self.held: Course | None = None
        self.paused_at = NEVER
        self.interrupted: Understanding | None = None
        """What a stop ended."""
        self._starter = starter
        self._acts = acts
        self._asker = asker
        self._reporter = reporter
        self._replies = reporter.replies

    def owns(self, request: Request) -> bool:
        """Return whether a request is a step of the plan that is under way."""
        return self.course is not None and request.plan == self.course.request.id

    def begin(
        self, request: Request, confirmation: str, situation: Situation, now: float
    ) -> Effects:
        """Begin a plan that was approved, in place of what is under way."""
        effects = self.replace(now)
        self.course = Course(request, confirmation)
        effects += self._reporter.reply(request, Verdict.EXECUTE, '', confirmation=confirmation)
        return effects + self.take_step(situation, now)

    def take_step(
        self,
        situation: Situation,
        now: float,
        asked: Request | None = None,
        prefix: str = '',
    ) -> Effects:
        """Judge the current step by what is seen now; start it, or ask where it has got riskier.

        Args:
            asked: the step as a person has just answered it.
            prefix: what to say instead of the announcement, or before the question.
        """
        course = self.course
        assert course is not None
        wanted = asked.understanding if asked else course.meaning()
        if not _same(wanted, course.meaning()):
            raise AssertionError('a step must be what was approved, but for which object it means')
        judged = self._starter.judged(wanted, course.heard(), situation, now)
        request = course.step(judged, asked.id if asked else '')
        course.running = ''
        allowed = judged.verdict in (Verdict.EXECUTE, Verdict.CONFIRM)
        if allowed and judged.risk <= course.approved:
            course.running = request.id
            text = prefix or self._announcement(course, judged)
            return self._starter.start(request, text, course.confirmation, judged.sight, now)
        if judged.verdict == Verdict.CONFIRM or judged.choices:
            text = f'{prefix} {judged.reply}'.strip()
            effects = self._reporter.expired(self._asker.asked, 'replaced')
            self._asker.ask(request, text, now, judged.choices)
            return effects + self._reporter.reply(request, judged.verdict, text, sight=judged.sight)
        reason = judged.reply
        if judged.offer:
            reason = self._replies.not_seen(wanted.value('object'))
        return self.fail(request, reason, now)

    def approve(self, request: Request, how: str, situation: Situation, now: float) -> Effects:
        """Take the yes to a step that had got riskier."""
        assert self.course is not None
        self._asker.close()
        self.course.approve(request.risk, how, request.answer)
        return self.take_step(situation, now, request)

    def ended(
        self, act: Act, outcome: Outcome, message: str, situation: Situation, now: float
    ) -> Effects:
        """Take in how a step ended, and go on to the next."""
        course = self.course
        assert course is not None
        if outcome != Outcome.SUCCEEDED:
            return self.fail(act.request, message, now)
        effects = self._reporter.say(message)
        return effects + self._advance(course, situation, now)

    def fail(self, request: Request, reason: str, now: float) -> Effects:
        """Tell which step failed and why, and ask how to go on."""
        course = self.course
        assert course is not None
        course.running = ''
        if course.count == 1:
            self.course = None
            return self._reporter.say(reason)
        last = course.index == course.count - 1
        text = self._replies.say(
            'last_step_failed' if last else 'step_failed',
            action=self._replies.action(request.understanding),
            reason=reason,
        )
        effects = self._reporter.expired(self._asker.asked, 'replaced')
        self._asker.ask(request, text, now, failed=True)
        return effects + self._reporter.reply(request, Verdict.ASK, text)

    def skip(self, situation: Situation, now: float) -> Effects:
        """Leave the failed step out."""
        self._asker.close()
        course = self.course
        assert course is not None
        return self._advance(course, situation, now)

    def retry(self, situation: Situation, now: float) -> Effects:
        """Do the failed step again."""
        self._asker.close()
        return self.take_step(situation, now)

    def pause(self, now: float) -> Effects:
        """Hold the plan at its step, or else the latest act, and end what moves."""
        acts = self._acts.wanted()
        if self.course is None and acts:
            self.course = Course(acts[-1].request, acts[-1].confirmation)
        if self.course:
            self.held, self.course, self.paused_at = self.course, None, now
        return self._acts.cancel(now)

    def resume(self, situation: Situation, now: float) -> Effects:
        """Go on with what is held; only `HELD` s long without asking."""
        self.course, self.held = self.held, None
        assert self.course is not None
        action = self._replies.action(self.course.rest())
        return self.take_step(
            situation, now, prefix=self._replies.say('continuing', action=action)
        )

    def take_outdated(self, now: float) -> Understanding | None:
        """Return what was held, where it is risky or was held for so long that it needs to be
        asked about again."""
        if self.held is None:
            return None
        if now - self.paused_at <= HELD and self.held.riskiest < Risk.HIGH:
            return None
        rest, self.held = self.held.rest(), None
        return rest

    def replace(self, now: float) -> Effects:
        """Forget all plans: something else is done instead."""
        self.held = self.interrupted = None
        if self.course is None:
            return []
        running, self.course = self.course.running, None
        return self._acts.cancel_one(running, now)

    def interrupt(self) -> None:
        """Keep in mind what a stop ends."""
        moving = self._acts.moving()
        if course := self.course or self.held:
            self.interrupted = course.rest()
        elif moving:
            self.interrupted = moving.understanding
        self.course = self.held = None

    def forget(self) -> None:
        """Forget all, also what was stopped."""
        self.course = self.held = self.interrupted = None

    def _advance(self, course: Course, situation: Situation, now: float) -> Effects:
        course.index += 1
        if not course.done:
            return self.take_step(situation, now)
        self.course = None
        return []

    def _announcement(self, course: Course, judged: Judgement) -> str:
        if course.index == 0 or course.count == 1:
            return self._replies.doing(judged.meaning)
        return self._replies.say(
            'step',
            number=str(course.index + 1),
            count=str(course.count),
            action=self._replies.action(judged.meaning),
        )


def _same(wanted: Understanding, approved: Understanding) -> bool:
    """Return whether two single acts are the same, wherever their object stands."""
    (mine,), (other,) = wanted.steps, approved.steps
    return mine.name == other.name and mine.values() == other.values()
