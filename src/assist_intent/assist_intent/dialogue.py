# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The conversation: a state machine that turns words, buttons and time into effects.

It owns what must never go wrong: nothing of MEDIUM or HIGH risk starts without its own
confirmation, and a stop holds until an explicit resume. Time is an argument, on the steady clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from assist_intent import grounding
from assist_intent.judge import Judge, Judgement, State
from assist_intent.policy import MINUTE, Policy
from assist_intent.question import Question
from assist_intent.replies import Replies
from assist_intent.types import (
    NEVER,
    Cancel,
    Decided,
    Decision,
    Effect,
    Ended,
    Heard,
    Latch,
    Match,
    Mode,
    Outcome,
    Request,
    Risk,
    Say,
    Sight,
    Situation,
    Start,
    Understanding,
    Verdict,
)

ACCEPTANCE = 3.0
"""Seconds that an executor has to take or refuse a request."""
CANCELLATION = 5.0
"""Seconds that an executor has to end what was cancelled, before it is given up."""
JUST_EXPIRED = 30.0
"""Seconds after an expired question in which a yes is told that it is too late."""

Effects = list[Effect]


@dataclass
class _Task:
    """A request that the executor has."""

    request: Request
    deadline: float
    accepted: bool = False
    cancelled: bool = False


class Dialogue:
    """One conversation with one person at a time.

    Args:
        new_id: returns a new request id each time it is called.
        stopped: why it begins stopped; empty when it does not.
    """

    OWN_INTENTS = frozenset(
        {'stop', 'pause', 'resume', 'cancel', 'yes', 'no', 'repeat', 'help', 'what_can_you_do',
         'select'}
    )  # fmt: skip
    """What it answers itself, whatever the policy says."""

    def __init__(
        self, policy: Policy, replies: Replies, new_id: Callable[[], str], *, stopped: str = ''
    ) -> None:
        self.policy = policy
        self.stop_reason = stopped
        self._replies = replies
        self._judge = Judge(policy, replies)
        self._new_id = new_id
        self._stopped_at = NEVER
        self._was_safe = False
        self._interrupted: Understanding | None = None
        self._question: Question | None = None
        self._expired_at = NEVER
        self._tasks: dict[str, _Task] = {}
        self._starts: deque[tuple[str, float]] = deque(maxlen=1000)
        self._last_reply = ''
        self._last_sorry = NEVER
        self._speaking = False
        self._has_speaker = False
        self._answers = {
            'stop': self._on_stop,
            # A pause holds until an explicit resume, as a stop does.
            'pause': self._on_stop,
            'resume': self._on_resume,
            'cancel': self._on_cancel,
            'yes': self._on_yes,
            'no': self._on_no,
            'repeat': self._on_repeat,
            'help': self._on_help,
            'what_can_you_do': self._on_help,
            'select': self._on_select,
        }

    @property
    def stopped(self) -> bool:
        """Return whether the stop is latched."""
        return bool(self.stop_reason)

    @property
    def busy(self) -> bool:
        """Return whether something is being executed or waits for an answer."""
        return bool(self._tasks) or self._question is not None

    @property
    def executing(self) -> str:
        """Return the id of the latest request that is being executed, or nothing."""
        return next(reversed(self._tasks), '')

    @property
    def waiting(self) -> str:
        """Return the id of the request that waits for an answer, or nothing."""
        return self._question.request.id if self._question else ''

    # Inputs: what a person says and presses.

    def hear(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        """Take in one finished sentence."""
        effects = self.tick(now)
        answer = self._answers.get(meaning.name)
        # A word that is nearly a yes, or nearly a stop, means nothing where nothing goes on.
        idle = not self.busy and not self.stopped
        if not meaning.name or (answer and meaning.match == Match.FUZZY and idle):
            return effects + self._not_understood(meaning, heard, now)
        if answer:
            return effects + answer(meaning, heard, situation, now)
        return effects + self._request(meaning, heard, situation, now)

    def stop(self, heard: Heard, now: float, reason: str = '') -> Effects:
        """Stop everything, whatever the state."""
        again = self.stopped
        # Nor is the robot to answer itself, should that be whom it heard.
        silent = again and (heard.stop_only or heard.begun <= self._stopped_at)
        moving = [task.request for task in self._tasks.values() if self._moves(task.request)]
        if moving:
            self._interrupted = moving[-1].understanding
        if not again:
            self._stopped_at = now
        self.stop_reason = reason or self.stop_reason or 'a person said stop'
        self._question = None
        reply = '' if silent else self._stop_reply(again, reason)
        request = self._new_request(Understanding(heard.text, 'stop', score=1.0), heard)
        return [
            Latch(True, self.stop_reason),
            *self._cancel_all(now),
            *([Say(reply, urgent=True)] if reply else []),
            self._decided(request, Verdict.STOP, reply),
        ]

    def press(
        self, request_id: str, approve: bool, situation: Situation, now: float
    ) -> tuple[bool, str, Effects]:
        """Take in a button; return whether it was accepted, what to tell, and the effects."""
        effects = self.tick(now)
        question = self._question
        if question is None or question.request.id != request_id or question.choices:
            return False, self._replies.say('nothing_waits'), effects
        heard = replace(question.request.heard, begun=now)
        if not approve:
            effects += self._decline(heard)
            return True, self._last_reply, effects
        if question.request.risk >= Risk.HIGH:
            # A button does not say what it approves.
            action = self._replies.action(question.request.understanding)
            return False, self._replies.say('repeat_action', action=action), effects
        effects += self._approve(question, 'button', situation, now)
        return True, self._last_reply, effects

    # Inputs: the robot itself.

    def speech(self, speaking: bool, now: float) -> None:
        """Take in that the robot begins or ends to speak."""
        self._has_speaker = True
        self._speaking = speaking
        if self._question:
            self._question.speech(speaking, now)

    def mode_changed(self, mode: Mode, reason: str, now: float) -> Effects:
        """Take in a new mode of the system: a safe stop stops.

        One that holds from before this node began is the bring-up's, which waits for this very
        node. The policy refuses to move in it; a latch would outlive it and need a resume.
        """
        if mode != Mode.SAFE_STOP:
            self._was_safe = True
            return []
        if self.stopped or not (self._was_safe or self._tasks):
            return []
        return self.stop(Heard('', begun=now), now, reason or 'the system is not safe')

    def accepted(self, request_id: str, now: float) -> None:
        """Take in that the executor has begun."""
        task = self._tasks.get(request_id)
        if task and not task.cancelled:
            task.accepted = True
            task.deadline = now + self.policy.intents[task.request.understanding.name].timeout

    def refused(self, request_id: str, now: float, *, absent: bool = False) -> Effects:
        """Take in that the executor does not do it, or that there is none."""
        task = self._tasks.get(request_id)
        if task is None:
            return []
        return self._end(task, Outcome.FAILED, 'no_executor' if absent else 'rejected')

    def ended(self, request_id: str, outcome: Outcome, message: str, now: float) -> Effects:
        """Take in the result of an act; a second one for the same act means nothing."""
        task = self._tasks.pop(request_id, None)
        if task is None:
            return []
        effects: Effects = [Ended(task.request, outcome, message, self.stopped)]
        if message and not task.cancelled:
            self._last_reply = message
            effects.append(Say(message))
        return effects

    def tick(self, now: float) -> Effects:
        """Take in that time passes."""
        effects: Effects = []
        if self._question:
            self._question.wait(now)
            if self._question.expired(now):
                effects += self._expire(now)
        for task in list(self._tasks.values()):
            if now > task.deadline:
                effects += self._give_up(task, now)
        return effects

    def preview(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Decision:
        """Return what would be decided about a sentence, and change nothing."""
        request = Request('', meaning, heard)
        if meaning.name == 'stop':
            return self._decision(request, Verdict.STOP, self._replies.say('stopping'))
        if meaning.name in self._answers:
            return self._decision(request, Verdict.ANSWER, '')
        if not meaning.name:
            return self._decision(request, Verdict.ASK, self._sorry(meaning))
        judged = self._judged(meaning, heard, situation, now)
        request = Request('', judged.meaning, heard, judged.risk, judged.reasons)
        return self._decision(request, judged.verdict, judged.reply, sight=judged.sight)

    # Requests.

    def _request(
        self,
        meaning: Understanding,
        heard: Heard,
        situation: Situation,
        now: float,
        *,
        request_id: str = '',
        prefix: str = '',
    ) -> Effects:
        effects = self._drop_question('replaced')
        judged = self._judged(meaning, heard, situation, now)
        request = Request(
            request_id or self._new_id(), judged.meaning, heard, judged.risk, judged.reasons
        )
        reply = f'{prefix} {judged.reply}'.strip()
        if judged.verdict == Verdict.EXECUTE:
            return effects + self._start(request, reply, '', judged.sight, now)
        if judged.verdict == Verdict.CONFIRM:
            self._ask(request, reply, now)
        elif judged.choices:
            self._ask(request, reply, now, judged)
        elif judged.offer:
            return effects + self._offer(request, judged, reply, situation, now)
        return effects + self._reply(request, judged.verdict, reply, sight=judged.sight)

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
        other = self._judged(judged.offer, request.heard, situation, now)
        offered = Request(request.id, other.meaning, request.heard, other.risk, other.reasons)
        if other.verdict in (Verdict.EXECUTE, Verdict.CONFIRM) and other.risk < Risk.HIGH:
            self._ask(offered, reply, now)
        return self._reply(request, Verdict.ASK, reply, sight=judged.sight)

    def _judged(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Judgement:
        moving = [task.request for task in self._tasks.values() if self._moves(task.request)]
        state = State(
            stopped=self.stopped,
            recent=tuple(now - at for name, at in self._starts if name == meaning.name),
            busy=self._replies.action(moving[-1].understanding) if moving else '',
        )
        return self._judge.judge(meaning, heard, situation, state, now)

    def _start(
        self, request: Request, reply: str, confirmation: str, sight: Sight, now: float
    ) -> Effects:
        """Hand over to the executor; the only place from which anything starts."""
        if request.risk > Risk.LOW and not confirmation:
            raise AssertionError('an act of MEDIUM or HIGH risk needs its confirmation')
        effects: Effects = []
        if self._moves(request):
            effects += self._cancel_all(now, only_moving=True)
            self._interrupted = None
        while self._starts and now - self._starts[0][1] > MINUTE:
            self._starts.popleft()
        self._starts.append((request.understanding.name, now))
        self._tasks[request.id] = _Task(request, now + ACCEPTANCE)
        effects += self._reply(
            request, Verdict.EXECUTE, reply, confirmation=confirmation, sight=sight
        )
        return [*effects, Start(request)]

    # Questions and answers.

    def _ask(
        self, request: Request, text: str, now: float, judged: Judgement | None = None
    ) -> None:
        self._question = self._new_question(request, text, now, self.policy.reprompts, judged)

    def _new_question(
        self,
        request: Request,
        text: str,
        now: float,
        reprompts: int,
        judged: Judgement | None = None,
    ) -> Question:
        return Question(
            request,
            text,
            now,
            seconds=self.policy.answer_seconds,
            early=self.policy.early_seconds,
            spoken=self._has_speaker,
            speaking=self._speaking,
            choices=judged.choices if judged else (),
            reprompts=reprompts,
        )

    def _ask_again(self, name: str, now: float, heard: Heard, **values: str) -> Effects:
        """Ask once more, as a new question about the same request; then only the time-out."""
        question = self._question
        assert question is not None
        if not question.reprompts:
            return self._silent(question.request, heard)
        text = self._replies.say(name, question=question.text, **values)
        again = self._new_question(question.request, question.text, now, question.reprompts - 1)
        again.choices = question.choices
        self._question = again
        return self._reply(replace(question.request, heard=heard), Verdict.ASK, text)

    def _on_yes(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        question, tail = self._question, meaning.tail
        if tail and tail.name in self._answers:
            # "Yes, the left one", but also "yes, don't": what comes last is what counts.
            return self._answers[tail.name](tail, heard, situation, now)
        if question is None:
            if tail:
                return self._request(tail, heard, situation, now)
            late = now - self._expired_at < JUST_EXPIRED
            return self._answer('too_late' if late else 'nothing_waits', meaning, heard)
        if not question.counts(heard, now):
            return self._ask_again('too_early', now, heard)
        if not self._approves(meaning, heard) or question.choices:
            return self._ask_again('yes_or_no', now, heard)
        same = tail is not None and tail.repeats(question.request.understanding)
        if tail and not same:
            return self._request(tail, heard, situation, now)
        if question.request.risk >= Risk.HIGH and not same:
            action = self._replies.action(question.request.understanding)
            return self._ask_again('repeat_action', now, heard, action=action)
        return self._approve(question, 'repeated' if same else 'yes', situation, now)

    def _approves(self, meaning: Understanding, heard: Heard) -> bool:
        """Return whether these words are clear enough to approve anything."""
        exact = meaning.match == Match.EXACT and (
            meaning.tail is None or meaning.tail.match == Match.EXACT
        )
        return exact and heard.confidence >= self.policy.approve_confidence

    def _approve(self, question: Question, how: str, situation: Situation, now: float) -> Effects:
        """Start what was asked about, if it is still no riskier than what was asked about."""
        request = question.request
        # The question settled whether it was heard right; what may have changed is the world.
        certain = replace(request.heard, confidence=1.0)
        meaning = replace(request.understanding, match=Match.EXACT)
        judged = self._judged(meaning, certain, situation, now)
        allowed = judged.verdict in (Verdict.EXECUTE, Verdict.CONFIRM)
        if not allowed or judged.risk > request.risk:
            return self._request(meaning, certain, situation, now, request_id=request.id)
        self._question = None
        doing = self._replies.doing(judged.meaning)
        return self._start(
            replace(request, understanding=judged.meaning), doing, how, judged.sight, now
        )

    def _on_no(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        tail = meaning.tail
        if tail and tail.name not in self._answers:
            return self._request(tail, heard, situation, now)
        if tail and tail.name != 'yes':
            return self._answers[tail.name](tail, heard, situation, now)
        if self._question:
            return self._decline(heard)
        if any(self._moves(task.request) for task in self._tasks.values()):
            return self._on_cancel(meaning, heard, situation, now)
        return self._answer('nothing_waits', meaning, heard)

    def _decline(self, heard: Heard) -> Effects:
        question, self._question = self._question, None
        assert question is not None
        action = self._replies.action(question.request.understanding)
        reply = self._replies.say('declined', action=action)
        request = replace(question.request, heard=heard)
        return self._reply(request, Verdict.EXPIRE, reply)

    def _expire(self, now: float) -> Effects:
        question, self._question = self._question, None
        assert question is not None
        self._expired_at = now
        action = self._replies.action(question.request.understanding)
        reply = self._replies.say('expired', action=action)
        return self._reply(question.request, Verdict.EXPIRE, reply)

    def _drop_question(self, reason: str) -> Effects:
        """Forget the question, since something else was said instead of an answer."""
        question, self._question = self._question, None
        if question is None:
            return []
        request = replace(question.request, reasons=(*question.request.reasons, reason))
        return [self._decided(request, Verdict.EXPIRE, '')]

    def _on_select(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        question = self._question
        if question is None or not question.choices or situation.scene is None:
            return self._answer('not_that_one', meaning, heard)
        if not question.counts(heard, now):
            return self._ask_again('too_early', now, heard)
        position = next(slot for slot in meaning.slots if slot.name == 'position')
        chosen = grounding.choose(question.choices, position.value, situation.scene)
        wanted = grounding.with_position(question.request.understanding, position)
        request_id, self._question = question.request.id, None
        bound = grounding.bind(wanted, chosen[0]) if chosen else wanted
        # What was asked for is no surer than the worse of the two sentences.
        confidence = min(heard.confidence, question.request.heard.confidence)
        both = replace(heard, confidence=confidence)
        return self._request(bound, both, situation, now, request_id=request_id)

    # Stop, resume and cancel.

    def _on_stop(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        return self.stop(heard, now)

    def _stop_reply(self, again: bool, reason: str) -> str:
        if again:
            return self._replies.say('stopped')
        if reason:
            return self._replies.say('safe_stop', reason=reason)
        return self._replies.say('stopping')

    def _on_resume(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        if not self.stopped:
            return self._answer('not_stopped', meaning, heard)
        if situation.mode == Mode.SAFE_STOP:
            reason = situation.mode_reason or self.stop_reason
            return self._answer('must_not_move', meaning, heard, reason=reason)
        if not self._approves(meaning, heard) or heard.begun <= self._stopped_at:
            return self._answer('resume_unsure', meaning, heard)
        self.stop_reason = ''
        interrupted, self._interrupted = self._interrupted, None
        resumed = self._replies.say('resumed')
        request = self._new_request(meaning, heard)
        if interrupted is None:
            return [Latch(False), *self._reply(request, Verdict.ANSWER, resumed)]
        return [
            Latch(False),
            self._decided(request, Verdict.ANSWER, resumed),
            *self._request(grounding.unbind(interrupted), heard, situation, now, prefix=resumed),
        ]

    def _on_cancel(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        had = self.busy
        effects = self._drop_question('cancelled') + self._cancel_all(now)
        self._interrupted = None
        return effects + self._answer('cancelled' if had else 'nothing_to_cancel', meaning, heard)

    def _cancel_all(self, now: float, *, only_moving: bool = False) -> Effects:
        tasks = [
            task
            for task in self._tasks.values()
            if not task.cancelled and (self._moves(task.request) or not only_moving)
        ]
        for task in tasks:
            task.cancelled = True
            task.deadline = now + CANCELLATION
        return [Cancel(tuple(task.request.id for task in tasks))] if tasks else []

    # Acts that do not end well.

    def _give_up(self, task: _Task, now: float) -> Effects:
        if task.cancelled:
            # It was told to end long ago: nothing more to say to the person.
            del self._tasks[task.request.id]
            message = 'the executor did not confirm it'
            return [Ended(task.request, Outcome.CANCELED, message, self.stopped)]
        cancel = Cancel((task.request.id,))
        reason = 'timed_out' if task.accepted else 'no_answer'
        return [cancel, *self._end(task, Outcome.TIMED_OUT, reason)]

    def _end(self, task: _Task, outcome: Outcome, sentence: str) -> Effects:
        del self._tasks[task.request.id]
        action = self._replies.action(task.request.understanding)
        message = self._replies.say(sentence, action=action)
        ended: Effects = [Ended(task.request, outcome, message, self.stopped)]
        if task.cancelled:
            return ended
        self._last_reply = message
        return [*ended, Say(message)]

    # What is answered at once.

    def _on_repeat(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        request = self._new_request(meaning, heard)
        if self._question:
            question = self._question
            reprompts = max(0, question.reprompts - 1)
            again = self._new_question(question.request, question.text, now, reprompts)
            again.choices = question.choices
            self._question = again if question.reprompts else question
            return self._reply(request, Verdict.ANSWER, question.text)
        return self._reply(
            request, Verdict.ANSWER, self._last_reply or self._replies.say('nothing_said')
        )

    def _on_help(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        return self._answer('help', meaning, heard)

    def _not_understood(self, meaning: Understanding, heard: Heard, now: float) -> Effects:
        if self._question:
            if meaning.negated:
                return self._decline(heard)
            if self._question.counts(heard, now):
                name = 'not_that_one' if self._question.choices else 'yes_or_no'
                return self._ask_again(name, now, heard)
        request = self._new_request(meaning, heard)
        if self._question or now - self._last_sorry < self.policy.silence:
            return self._silent(request, heard)
        self._last_sorry = now
        return self._reply(request, Verdict.ASK, self._sorry(meaning))

    def _sorry(self, meaning: Understanding) -> str:
        if meaning.unknown:
            return self._replies.say('unknown_word', word=meaning.unknown)
        return self._replies.say('not_understood')

    def _answer(
        self, sentence: str, meaning: Understanding, heard: Heard, **values: str
    ) -> Effects:
        request = self._new_request(meaning, heard)
        return self._reply(request, Verdict.ANSWER, self._replies.say(sentence, **values))

    def _silent(self, request: Request, heard: Heard) -> Effects:
        return [self._decided(replace(request, heard=heard), Verdict.ASK, '')]

    def _reply(
        self,
        request: Request,
        verdict: Verdict,
        reply: str,
        *,
        confirmation: str = '',
        sight: Sight = Sight.MISSING,
    ) -> Effects:
        decision = self._decision(request, verdict, reply, confirmation=confirmation, sight=sight)
        if not reply:
            return [Decided(decision)]
        self._last_reply = reply
        return [Decided(decision), Say(reply)]

    def _decided(self, request: Request, verdict: Verdict, reply: str) -> Decided:
        return Decided(self._decision(request, verdict, reply))

    def _decision(
        self,
        request: Request,
        verdict: Verdict,
        reply: str,
        *,
        confirmation: str = '',
        sight: Sight = Sight.MISSING,
    ) -> Decision:
        return Decision(request, verdict, reply, confirmation, sight, self.stopped)

    def _new_request(self, meaning: Understanding, heard: Heard) -> Request:
        return Request(self._new_id(), meaning, heard)

    def _moves(self, request: Request) -> bool:
        rules = self.policy.intents.get(request.understanding.name)
        return rules is not None and rules.moves
