# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The conversation: a state machine that turns words, buttons and time into effects.

A stop holds until an explicit resume. Time is an argument, on the steady clock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from assist_intent.answers import Answers
from assist_intent.policy import Policy
from assist_intent.replies import Replies
from assist_intent.reporter import Effects, Reporter, StopState
from assist_intent.requests import Requests
from assist_intent.starter import ENDS
from assist_intent.types import (
    NEVER,
    Decision,
    Heard,
    Latch,
    Match,
    Mode,
    Outcome,
    Request,
    Say,
    Situation,
    Understanding,
    Verdict,
)


class Dialogue:
    """One conversation with one person at a time.

    Args:
        new_id: returns a new request id each time it is called.
        stopped: why it begins stopped; empty when it does not.
        unseen: labels of things that no detector finds.
    """

    def __init__(
        self,
        policy: Policy,
        replies: Replies,
        new_id: Callable[[], str],
        *,
        stopped: str = '',
        unseen: Collection[str] = (),
    ) -> None:
        self.policy = policy
        self._replies = replies
        self._stop = StopState(stopped)
        self._reporter = Reporter(replies, new_id, self._stop)
        self._requests = Requests(policy, self._reporter, self._stop, unseen)
        self._asker = self._requests.asker
        self._was_safe = False
        self._answers = Answers(
            policy, self._requests, self._reporter, self._stop, self._on_stop
        )

    @property
    def stop_reason(self) -> str:
        """Return why it is stopped; empty when it is not."""
        return self._stop.reason

    @property
    def stopped(self) -> bool:
        """Return whether the stop is latched."""
        return self._stop.held

    @property
    def busy(self) -> bool:
        """Return whether something is being executed or waits for an answer."""
        return self._requests.busy

    @property
    def executing(self) -> str:
        """Return the id of the latest request that is being executed, or nothing."""
        return self._requests.acts.latest

    @property
    def waiting(self) -> str:
        """Return the id of the request that waits for an answer, or nothing."""
        return self._asker.question.request.id if self._asker.question else ''

    # Inputs: what a person says and presses.

    def hear(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Effects:
        """Take in one finished sentence."""
        effects = self.tick(now)
        self._reporter.situation = situation
        answer = self._answers.of.get(meaning.name)
        # A word that is nearly a yes, or nearly a stop, means nothing where nothing goes on.
        idle = not self.busy and not self.stopped
        if not meaning.name or (answer and meaning.match == Match.FUZZY and idle):
            return effects + self._answers.not_understood(meaning, heard, now)
        if answer:
            return effects + answer(meaning, heard, situation, now)
        return effects + self._requests.take(meaning, heard, situation, now)

    def stop(self, heard: Heard, now: float, reason: str = '') -> Effects:
        """Stop everything, whatever the state."""
        self._reporter.situation = None
        again = self.stopped
        # Nor is the robot to answer itself, should that be whom it heard.
        silent = again and (heard.stop_only or heard.begun <= self._stop.at)
        self._stop.at = max(self._stop.at, _said(heard, now) if again else now)
        self._stop.reason = reason or self._stop.reason or 'a person said stop'
        cancelled = self._requests.interrupt(now)
        reply = '' if silent else self._stop_reply(again, reason)
        request = self._reporter.new_request(Understanding(heard.text, 'stop', score=1.0), heard)
        return [
            Latch(True, self._stop.reason),
            *cancelled,
            *([Say(reply, urgent=True)] if reply else []),
            self._reporter.decided(request, Verdict.STOP, reply),
        ]

    def explain_stop(self, meaning: Understanding) -> Effects:
        """Take in the whole of a sentence that has stopped: "stop following me" says more.

        "Stop" has stopped before the rest was heard, and holds; but what was to end is not
        offered again at a resume.
        """
        ended, interrupted = ENDS.get(meaning.name), self._requests.plans.interrupted
        if ended is None or not self.stopped:
            return []
        if interrupted and interrupted.name == ended:
            self._requests.plans.forget()
        explained = f'{self._replies.say("unfollowed")} {self._replies.say("stopped")}'
        return self._reporter.say(explained)

    def press(
        self, request_id: str, approve: bool, situation: Situation, now: float
    ) -> tuple[bool, str, Effects]:
        """Take in a button; return whether it was accepted, what to tell, and the effects."""
        effects = self.tick(now)
        self._reporter.situation = situation
        question = self._asker.question
        if question is None or question.request.id != request_id:
            return False, self._replies.say('nothing_waits'), effects
        if not approve:
            effects += self._requests.decline(replace(question.request.heard, begun=now))
            return True, self._reporter.last_reply, effects
        if not question.takes_yes:
            return False, question.text, effects
        if not self.policy.may_approve('button', question.request.risk):
            return False, self._replies.say('not_this_way', question=question.text), effects
        least = self.policy.repeat_from
        if question.request.risk >= least:
            # A button does not say what it approves.
            action = self._replies.action(question.request.to_repeat(least))
            return False, self._replies.say('repeat_action', action=action), effects
        button = Heard('', begun=now)
        effects += self._requests.approve(question, 'button', button, situation, now)
        return True, self._reporter.last_reply, effects

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

    # Inputs: the robot itself.

    def speaker(self) -> None:
        """Take in that there is a speaker, which tells what it says."""
        self._asker.speaker()

    def speech(self, text: str, now: float) -> None:
        """Take in what the robot begins to say; empty when it has ended."""
        self._asker.speech(text, now)

    def stops_in(self, mode: Mode) -> bool:
        """Return whether a new mode of the system is to stop it; needs no lock.

        A safe stop that holds from before this node began is the bring-up's, which waits for
        this very node. The policy refuses to move in it; a latch would outlive it and need a
        resume.
        """
        armed = self._was_safe or bool(self._requests.acts)
        return mode == Mode.SAFE_STOP and armed and not self.stopped

    def mode_changed(self, mode: Mode, reason: str, now: float) -> Effects:
        """Take in a new mode of the system: a safe stop stops."""
        self._was_safe = self._was_safe or mode != Mode.SAFE_STOP
        if not self.stops_in(mode):
            return []
        return self.stop(Heard('', begun=now), now, reason or 'the system is not safe')

    def accepted(self, request_id: str, now: float) -> None:
        """Take in that the executor has begun."""
        self._requests.acts.accepted(request_id, now)

    def refused(self, request_id: str, now: float, *, absent: bool = False) -> Effects:
        """Take in that the executor does not do it, or that there is none."""
        self._reporter.situation = None
        return self._requests.refused(request_id, now, absent=absent)

    def ended(
        self, request_id: str, outcome: Outcome, message: str, situation: Situation, now: float
    ) -> Effects:
        """Take in the result of an act; a second one for the same act means nothing."""
        self._reporter.situation = situation
        return self._requests.ended(request_id, outcome, message, situation, now)

    def tick(self, now: float) -> Effects:
        """Take in that time passes."""
        self._reporter.situation = None
        effects = self._requests.tick(now)
        if runaway := self._requests.take_runaway():
            effects += self._on_runaway(runaway, now)
        return effects

    def _on_runaway(self, request: Request, now: float) -> Effects:
        """Stop what did not confirm that it has ended: cancelled is not yet standing still."""
        action = self._replies.action(request.understanding)
        reason = self._replies.say('not_ended', action=action)
        if self.stopped:
            return [Say(reason, urgent=True)]
        return self.stop(Heard('', begun=now), now, reason)

    def preview(
        self, meaning: Understanding, heard: Heard, situation: Situation, now: float
    ) -> Decision:
        """Return what would be decided about a sentence, and change nothing."""
        request = Request('', meaning, heard)
        if meaning.name == 'stop':
            stopping = self._replies.say('stopping')
            return self._reporter.decision(request, Verdict.STOP, stopping)
        if meaning.name in self._answers.of:
            return self._reporter.decision(request, Verdict.ANSWER, '')
        if not meaning.name:
            return self._reporter.decision(request, Verdict.ASK, self._answers.sorry(meaning))
        meaning, unclear = self._requests.referents.resolve(meaning, now)
        if unclear:
            reply = self._replies.say('what_do_you_mean', word=unclear)
            return self._reporter.decision(request, Verdict.ASK, reply)
        judged = self._requests.judged(meaning, heard, situation, now)
        request = Request('', judged.meaning, heard, judged.risk, judged.reasons)
        return self._reporter.decision(request, judged.verdict, judged.reply, sight=judged.sight)


def _said(heard: Heard, now: float) -> float:
    """Return when a person had said it; now where that is not known."""
    return min(heard.begun + heard.duration, now) if heard.begun > NEVER else now
