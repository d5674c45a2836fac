# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What the dialogue answers itself: yes and no, which one, resume, cancel and the like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assist_intent import grounding
from assist_intent.correction import corrected, picks
from assist_intent.policy import Policy
from assist_intent.question import Question
from assist_intent.reporter import Effects, Reporter, StopState
from assist_intent.requests import Requests
from assist_intent.types import (
    NEVER,
    Heard,
    Latch,
    Match,
    Mode,
    Request,
    SceneObject,
    Situation,
    Source,
    Understanding,
    Verdict,
)

JUST_EXPIRED = 30.0
"""Seconds after an expired question in which a yes is told that it is too late."""

_WAYS = {Source.VOICE: 'voice', Source.TEXT: 'typed'}

Answer = Callable[[Understanding, Heard, Situation, float], Effects]


class Answers:
    """What to do at each word that is no request of its own; `of` holds them by intent.

    Args:
        stopping: what to do at a stop.
    """

    def __init__(
        self,
        policy: Policy,
        requests: Requests,
        reporter: Reporter,
        stop: StopState,
        stopping: Answer,
    ) -> None:
        self._policy = policy
        self._requests = requests
        self._acts = requests.acts
        self._asker = requests.asker
        self._reporter = reporter
        self._replies = reporter.replies
        self._stop = stop
        self._last_sorry = NEVER
        self.of: dict[str, Answer] = {
            'stop': stopping,
            'pause': self._on_pause,
            'resume': self._on_resume,
            'cancel': self._on_cancel,
            'yes': self._on_yes,
            'no': self._on_no,
            'repeat': self._on_repeat,
            'retry': self._on_retry,
            'skip': self._on_skip,
            'help': self._on_help,
            'what_can_you_do': self._on_help,
            'select': self._on_select,
        }

    # Answers to a question.

    def _on_yes(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        question, tail = self._asker.question, meaning.tail
        if tail and tail.name in self.of:
            # "Yes, the left one", but also "yes, don't": what comes last is what counts.
            return self.of[tail.name](tail, heard, situation, now)
        if question is None:
            if tail:
                return self._requests.take(tail, heard, situation, now)
            late = now - self._asker.expired_at < JUST_EXPIRED
            return self._reporter.answer('too_late' if late else 'nothing_waits', meaning, heard)
        if not question.counts(heard, now):
            return self._requests.ask_again('too_early', now, heard)
        if not question.takes_yes:
            return self._requests.ask_again('which_way', now, heard)
        if not self._approves(meaning, heard):
            return self._requests.ask_again('yes_or_no', now, heard)
        same = tail is not None and self._repeats(tail, question.request)
        if tail and not same and not self._points_at(tail, question.request, now):
            return self._requests.take(tail, heard, situation, now)
        if not self._policy.may_approve(_WAYS[heard.source], question.request.risk):
            return self._requests.ask_again('not_this_way', now, heard)
        least = self._policy.repeat_from
        if question.request.risk >= least and not same:
            action = self._replies.action(question.request.to_repeat(least))
            return self._requests.ask_again('repeat_action', now, heard, action=action)
        how = 'repeated' if same else 'yes'
        return self._requests.approve(question, how, heard, situation, now)

    def _repeats(self, said: Understanding, request: Request) -> bool:
        """Return whether the words name all that was asked about, or all of it that is risky."""
        risky = request.to_repeat(self._policy.repeat_from)
        return said.repeats(request.understanding) or said.repeats(risky)

    def _points_at(self, said: Understanding, request: Request, now: float) -> bool:
        """Return whether the words mean what was asked about, as in "yes, bring it".

        That is a yes, but names nothing that would have to be repeated.
        """
        meaning, unclear = self._requests.referents.resolve(said, now)
        return not unclear and self._repeats(meaning, request)

    def _approves(self, meaning: Understanding, heard: Heard) -> bool:
        """Return whether these words are clear enough to approve anything."""
        exact = meaning.match == Match.EXACT and (
            meaning.tail is None or meaning.tail.match == Match.EXACT
        )
        return exact and heard.confidence >= self._policy.approve_confidence

    def _on_no(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        tail = meaning.tail
        if tail and tail.name not in self.of:
            effects = self._hold_motion(now)
            return effects + self._requests.take(tail, heard, situation, now)
        if tail and tail.name != 'yes':
            return self.of[tail.name](tail, heard, situation, now)
        if self._asker.question:
            return self._requests.decline(heard)
        if self._acts.moving():
            return self._on_cancel(meaning, heard, situation, now)
        return self._reporter.answer('nothing_waits', meaning, heard)

    def _on_select(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        question = self._asker.question
        if question is None or not question.choices:
            return self._correct(meaning, heard, situation, now)
        if not question.counts(heard, now):
            return self._requests.ask_again('too_early', now, heard)
        if self._requests.plans.owns(question.request):
            return self._choose_for_step(question, meaning, heard, situation, now)
        if question.choices.slot != 'object':
            return self._choose_reference(question, meaning, heard, situation, now)
        wanted = corrected(question.request.understanding, meaning)
        if wanted is None or situation.scene is None:
            return self._requests.ask_again('not_that_one', now, heard)
        chosen = _chosen(question, meaning, situation)
        bound = grounding.bind(wanted, chosen.id) if chosen else wanted
        return self._requests.choose(question, bound, heard, situation, now)

    def _choose_reference(
        self,
        question: Question,
        meaning: Understanding,
        heard: Heard,
        situation: Situation,
        now: float,
    ) -> Effects:
        """Take where to it is done, in a request that is judged anew; all else corrects it."""
        slot, wanted = question.choices.slot, question.request.understanding
        if not picks(grounding.described(wanted, slot), meaning):
            return self._correct(meaning, heard, situation, now)
        chosen = _chosen(question, meaning, situation)
        if chosen is None:
            return self._requests.ask_again('not_that_one', now, heard)
        match = max(wanted.match, meaning.match)
        bound = replace(grounding.bind(wanted, chosen.id, slot), match=match)
        return self._requests.choose(question, bound, heard, situation, now)

    def _choose_for_step(
        self,
        question: Question,
        meaning: Understanding,
        heard: Heard,
        situation: Situation,
        now: float,
    ) -> Effects:
        """Take which object a step of a plan is done to; any other wish is a new request.

        No other question follows before that step begins: so the answer only picks one of the
        objects that were asked about, and must be clear.
        """
        wanted = grounding.described(question.request.understanding, question.choices.slot)
        if not picks(wanted, meaning):
            return self._correct(meaning, heard, situation, now)
        chosen = _chosen(question, meaning, situation)
        if chosen is None or not self._approves(meaning, heard):
            return self._requests.ask_again('not_that_one', now, heard)
        return self._requests.choose_for_step(question, chosen, situation, now)

    def _correct(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        """Take "the blue one" for a new request in place of what was asked about or is done."""
        question, moving = self._asker.question, self._acts.moving()
        request = question.request if question else moving
        wanted = corrected(request.understanding, meaning) if request else None
        if wanted is None:
            return self._reporter.answer('not_that_one', meaning, heard)
        effects = self._hold_motion(now)
        wanted = replace(wanted, text=meaning.text)
        return effects + self._requests.take(wanted, heard, situation, now)

    def _hold_motion(self, now: float) -> Effects:
        """Hold what moves, where no question explains the no: it is not what the person wants."""
        if self._asker.question or not self._acts.moving():
            return []
        return self._requests.pause(now)

    # Resume and cancel.

    def _on_resume(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        if not self._stop.held:
            return self._on_continue(meaning, heard, situation, now)
        if situation.mode == Mode.SAFE_STOP:
            reason = situation.mode_reason or self._stop.reason
            return self._reporter.answer('must_not_move', meaning, heard, reason=reason)
        if not self._approves(meaning, heard) or heard.begun <= self._stop.at:
            return self._reporter.answer('resume_unsure', meaning, heard)
        self._stop.reason = ''
        plans = self._requests.plans
        interrupted, plans.interrupted = plans.interrupted, None
        resumed = self._replies.say('resumed')
        request = self._reporter.new_request(meaning, heard)
        if interrupted is None:
            return [Latch(False), *self._reporter.reply(request, Verdict.ANSWER, resumed)]
        wanted = grounding.unbind(interrupted)
        return [
            Latch(False),
            self._reporter.decided(request, Verdict.ANSWER, resumed),
            *self._requests.take(wanted, heard, situation, now, prefix=resumed),
        ]

    def _on_pause(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        if self._stop.held:
            return self._reporter.answer('stopped', meaning, heard)
        effects = self._requests.pause(now)
        held = self._requests.plans.held is not None
        return effects + self._reporter.answer(
            'paused' if held else 'nothing_to_pause', meaning, heard
        )

    def _on_continue(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        """Go on after a pause, or after a step that failed; never with what was not approved."""
        plans = self._requests.plans
        if self._asker.question and self._asker.question.failed:
            return self._on_skip(meaning, heard, situation, now)
        if plans.held is None:
            return self._reporter.answer('not_stopped', meaning, heard)
        if not self._approves(meaning, heard) or heard.begun <= plans.paused_at:
            return self._reporter.answer('still_paused', meaning, heard)
        request = self._reporter.new_request(meaning, heard)
        effects = self._requests.drop_question('replaced')
        effects.append(self._reporter.decided(request, Verdict.ANSWER))
        if outdated := plans.take_outdated(now):
            wanted = grounding.unbind(outdated)
            return effects + self._requests.take(wanted, heard, situation, now)
        return effects + plans.resume(situation, now)

    def _on_skip(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        return self._after_failure(self._requests.plans.skip, meaning, heard, situation, now)

    def _on_retry(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        return self._after_failure(self._requests.plans.retry, meaning, heard, situation, now)

    def _after_failure(
        self,
        go_on: Callable[[Situation, float], Effects],
        meaning: Understanding,
        heard: Heard,
        situation: Situation,
        now: float,
    ) -> Effects:
        question = self._asker.question
        if question is None or not question.failed:
            return self._reporter.answer('nothing_failed', meaning, heard)
        if not question.counts(heard, now):
            return self._requests.ask_again('too_early', now, heard)
        if not self._approves(meaning, heard):
            return self._requests.ask_again('which_way', now, heard)
        request = self._reporter.new_request(meaning, heard)
        return [self._reporter.decided(request, Verdict.ANSWER), *go_on(situation, now)]

    def _on_cancel(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        had = self._requests.busy
        effects = self._requests.cancel(now)
        sentence = 'cancelled' if had else 'nothing_to_cancel'
        return effects + self._reporter.answer(sentence, meaning, heard)

    # What is answered at once.

    def _on_repeat(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        request = self._reporter.new_request(meaning, heard)
        if self._asker.question:
            text = self._asker.question.text
            self._asker.ask_again(now, text)
            return self._reporter.reply(request, Verdict.ANSWER, text)
        text = self._reporter.last_reply or self._replies.say('nothing_said')
        return self._reporter.reply(request, Verdict.ANSWER, text)

    def _on_help(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        return self._reporter.answer('help', meaning, heard)

    def not_understood(self, meaning: Understanding, heard: Heard, now: float) -> Effects:
        """Take in words that mean nothing."""
        question = self._asker.question
        if question:
            if meaning.negated:
                return self._requests.decline(heard)
            if question.counts(heard, now):
                name = 'not_that_one' if question.choices else 'yes_or_no'
                name = 'which_way' if question.failed else name
                return self._requests.ask_again(name, now, heard)
        request = self._reporter.new_request(meaning, heard)
        if question or now - self._last_sorry < self._policy.silence:
            return self._reporter.silent(request, heard)
        self._last_sorry = now
        return self._reporter.reply(request, Verdict.ASK, self.sorry(meaning))

    def sorry(self, meaning: Understanding) -> str:
        """Return that it was not understood."""
        if meaning.unknown:
            return self._replies.say('unknown_word', word=meaning.unknown)
        return self._replies.say('not_understood')


def _chosen(
    question: Question, meaning: Understanding, situation: Situation
) -> SceneObject | None:
    """Return the one of the objects that were asked about that an answer fits."""
    if situation.scene is None:
        return None
    found = grounding.narrow(question.choices.objects, meaning, situation.scene)
    return found[0] if len(found) == 1 else None
