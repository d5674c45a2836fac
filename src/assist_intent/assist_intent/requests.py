# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""From what a person wants to what the executor does, with every question in between.

It owns what must never go wrong: nothing of MEDIUM or HIGH risk starts without its own
confirmation.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from assist_intent import grounding
from assist_intent.acts import Act, Acts
from assist_intent.judge import Judgement
from assist_intent.plan_runner import PlanRunner
from assist_intent.policy import Policy
from assist_intent.question import Asker, Question
from assist_intent.reporter import Effects, Reporter, StopState
from assist_intent.starter import Starter
from assist_intent.types import (
    Cancel,
    Heard,
    Match,
    Outcome,
    Request,
    SceneObject,
    Sight,
    Situation,
    Understanding,
    Verdict,
)

_ENDINGS = {
    Outcome.FAILED: 'went_wrong',
    Outcome.CANCELED: 'halted',
    Outcome.TIMED_OUT: 'timed_out',
    Outcome.UNSUPPORTED: 'unsupported',
}


class Requests:
    """Judges requests, asks about them, starts them and hears how they end."""

    def __init__(
        self, policy: Policy, reporter: Reporter, stop: StopState, unseen: Collection[str] = ()
    ) -> None:
        self._policy = policy
        self.acts = Acts(policy)
        self.asker = Asker(policy)
        self._reporter = reporter
        self._replies = reporter.replies
        self._starter = Starter(policy, self.acts, reporter, stop, unseen)
        self.referents = self._starter.referents
        self.plans = PlanRunner(self._starter, self.acts, self.asker, reporter)
        self._runaway: Request | None = None

    @property
    def busy(self) -> bool:
        """Return whether something is being executed, is held or waits for an answer."""
        held = self.plans.held is not None
        return bool(self.acts) or held or self.asker.question is not None

    def take(
        self,
        meaning: Understanding,
        heard: Heard,
        situation: Situation,
        now: float,
        *,
        request_id: str = '',
        prefix: str = '',
    ) -> Effects:
        """Do what is wanted, ask about it or refuse it."""
        effects = self.drop_question('replaced')
        meaning, unclear = self.referents.resolve(meaning, now)
        if unclear:
            reply = self._replies.say('what_do_you_mean', word=unclear)
            request = self._reporter.new_request(meaning, heard)
            return effects + self._reporter.reply(request, Verdict.ASK, reply)
        judged = self.judged(meaning, heard, situation, now)
        self.referents.mention(judged.meaning, now)
        new_id = request_id or self._reporter.new_id()
        request = _request(new_id, judged, heard)
        reply = f'{prefix} {judged.reply}'.strip()
        if judged.verdict == Verdict.EXECUTE:
            return effects + self._begin(request, reply, '', judged.sight, situation, now)
        if judged.verdict == Verdict.CONFIRM or judged.choices:
            self.asker.ask(request, reply, now, judged.choices)
        elif judged.offer:
            return effects + self._offer(request, judged, reply, situation, now)
        return effects + self._reporter.reply(request, judged.verdict, reply, sight=judged.sight)

    def judged(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Judgement:
        """Return the judgement, and change nothing."""
        return self._starter.judged(meaning, heard, situation, now)

    def _offer(
        self,
        request: Request,
        judged: Judgement,
        reply: str,
        situation: Situation,
        now: float,
    ) -> Effects:
        """Ask whether to do something else instead: that is what a yes then approves."""
        assert judged.offer is not None
        other = self.judged(judged.offer, request.heard, situation, now)
        offered = _request(request.id, other, request.heard)
        allowed = other.verdict in (Verdict.EXECUTE, Verdict.CONFIRM)
        if allowed and other.risk < self._policy.repeat_from:
            self.asker.ask(offered, reply, now)
        return self._reporter.reply(request, Verdict.ASK, reply, sight=judged.sight)

    def _begin(
        self,
        request: Request,
        reply: str,
        confirmation: str,
        sight: Sight,
        situation: Situation,
        now: float,
    ) -> Effects:
        """Begin what may be done: an act, or the first step of several."""
        if request.understanding.is_plan:
            return self.plans.begin(request, confirmation, situation, now)
        effects = self.plans.replace(now) if self.acts.moves(request) else []
        return effects + self._starter.start(request, reply, confirmation, sight, now)

    # Answers to the open question.

    def approve(
        self, question: Question, how: str, answer: Heard, situation: Situation, now: float
    ) -> Effects:
        """Start what was asked about, if it is still no riskier than what was asked about.

        Args:
            how: yes, repeated or button.
        """
        request = replace(question.request, answer=answer)
        if self.plans.owns(request):
            return self.plans.approve(request, how, situation, now)
        # The question settled whether it was heard right; what may have changed is the world.
        certain = replace(request.heard, confidence=1.0)
        meaning = replace(request.understanding, match=Match.EXACT)
        judged = self.judged(meaning, certain, situation, now)
        allowed = judged.verdict in (Verdict.EXECUTE, Verdict.CONFIRM)
        if not allowed or _riskier(judged, request):
            return self.take(meaning, certain, situation, now, request_id=request.id)
        self.asker.close()
        doing = self._replies.doing(judged.meaning)
        approved = replace(request, understanding=judged.meaning)
        return self._begin(approved, doing, how, judged.sight, situation, now)

    def choose(
        self, question: Question, meaning: Understanding, heard: Heard, situation: Situation,
        now: float,
    ) -> Effects:  # fmt: skip
        """Take which object was meant, as a request that is judged anew."""
        self.asker.close()
        # What was asked for is no surer than the worse of the two sentences.
        confidence = min(heard.confidence, question.request.heard.confidence)
        both = replace(heard, confidence=confidence)
        return self.take(meaning, both, situation, now, request_id=question.request.id)

    def choose_for_step(
        self, question: Question, chosen: SceneObject, situation: Situation, now: float
    ) -> Effects:
        """Take which object the current step of the plan is done to, and change nothing else."""
        self.asker.close()
        slot = question.choices.slot
        meaning = grounding.bind(question.request.understanding, chosen.id, slot)
        return self.plans.take_step(
            situation, now, replace(question.request, understanding=meaning)
        )

    def ask_again(self, name: str, now: float, heard: Heard, **values: str) -> Effects:
        """Ask once more, as a new question about the same request; then only the time-out."""
        question = self.asker.question
        assert question is not None
        text = self._replies.say(name, question=question.text, **values)
        if not self.asker.ask_again(now, text):
            return self._reporter.silent(question.request, heard)
        return self._reporter.reply(replace(question.request, heard=heard), Verdict.ASK, text)

    def decline(self, heard: Heard) -> Effects:
        """Take a no."""
        question = self.asker.close()
        assert question is not None
        return self._let_go(replace(question.request, heard=heard), 'declined')

    def drop_question(self, reason: str) -> Effects:
        """Forget the question, since something else was said instead of an answer."""
        question = self.asker.close()
        if question is None:
            return []
        self._leave_plan(question.request)
        return self._reporter.expired(question.request, reason)

    def _let_go(self, request: Request, sentence: str) -> Effects:
        self._leave_plan(request)
        action = self._replies.action(request.understanding)
        reply = self._replies.say(sentence, action=action)
        return self._reporter.reply(request, Verdict.EXPIRE, reply)

    def _leave_plan(self, request: Request) -> None:
        # A plan that waits for an answer does not outlive the question.
        if self.plans.owns(request):
            self.plans.forget()

    # How acts end.

    def cancel(self, now: float) -> Effects:
        """End everything, and ask nothing any more."""
        effects = self.drop_question('cancelled') + self.acts.cancel(now)
        self.plans.forget()
        return effects

    def interrupt(self, now: float) -> Effects:
        """End everything at once, and keep in mind what it was."""
        self.plans.interrupt()
        effects = self._reporter.expired(self.asker.asked, 'stopped')
        self.asker.close()
        return effects + self.acts.cancel(now)

    def pause(self, now: float) -> Effects:
        """Hold what is under way, without a stop."""
        effects = self._reporter.expired(self.asker.asked, 'paused')
        self.asker.close()
        return effects + self.plans.pause(now)

    def refused(self, request_id: str, now: float, *, absent: bool) -> Effects:
        """Take in that the executor does not do it, or that there is none."""
        act = self.acts.get(request_id)
        if act is None:
            return []
        gone = 'lost' if act.accepted else 'no_executor'
        return self._fail(act, Outcome.FAILED, gone if absent else 'rejected', now)

    def ended(
        self, request_id: str, outcome: Outcome, message: str, situation: Situation, now: float
    ) -> Effects:
        """Take in the result of an act; a second one for the same act means nothing."""
        act = self.acts.end(request_id)
        if act is None:
            return []
        effects: Effects = [self._reporter.ended(act.request, outcome, message)]
        if outcome == Outcome.SUCCEEDED:
            self.referents.mention(act.request.understanding, now)
            self._starter.hand.done(act.request.understanding)
        if act.cancelled:
            return effects
        text = self._told(act, outcome, message)
        if self._is_step(act):
            return effects + self.plans.ended(act, outcome, text, situation, now)
        return effects + self._reporter.say(text)

    def _told(self, act: Act, outcome: Outcome, message: str) -> str:
        """Return what to tell the person; why the executor halted is not in their language."""
        if outcome == Outcome.SUCCEEDED or (message and outcome != Outcome.CANCELED):
            return message
        action = self._replies.action(act.request.understanding)
        return self._replies.say(_ENDINGS[outcome], action=action)

    def _is_step(self, act: Act) -> bool:
        course = self.plans.course
        return course is not None and course.running == act.request.id

    def tick(self, now: float) -> Effects:
        """Let questions and acts run out of time."""
        effects: Effects = []
        if question := self.asker.expire(now):
            effects += self._let_go(question.request, 'expired')
        for act in self.acts.overdue(now):
            effects += self._give_up(act, now)
        return effects

    def take_runaway(self) -> Request | None:
        """Return an act that moves and may not have ended though it was to, once."""
        runaway, self._runaway = self._runaway, None
        return runaway

    def _give_up(self, act: Act, now: float) -> Effects:
        if act.cancelled:
            # It was told to end long ago.
            self.acts.end(act.request.id)
            if self.acts.moves(act.request):
                self._runaway = act.request
            message = 'the executor did not confirm it'
            return [self._reporter.ended(act.request, Outcome.CANCELED, message)]
        reason = 'timed_out' if act.accepted else 'no_answer'
        return [Cancel((act.request.id,)), *self._fail(act, Outcome.TIMED_OUT, reason, now)]

    def _fail(self, act: Act, outcome: Outcome, sentence: str, now: float) -> Effects:
        self.acts.end(act.request.id)
        action = self._replies.action(act.request.understanding)
        message = self._replies.say(sentence, action=action)
        effects: Effects = [self._reporter.ended(act.request, outcome, message)]
        if act.cancelled:
            return effects
        if self._is_step(act):
            return effects + self.plans.fail(act.request, message, now)
        return effects + self._reporter.say(message)


def _request(request_id: str, judged: Judgement, heard: Heard) -> Request:
    return Request(
        request_id, judged.meaning, heard, judged.risk, judged.reasons, judged.risks
    )


def _riskier(judged: Judgement, request: Request) -> bool:
    """Return whether the act, or one of its steps, is riskier than what was asked about."""
    before = request.risks or (request.risk,)
    after = judged.risks or (judged.risk,)
    return any(now > then for now, then in zip(after, before, strict=True))
