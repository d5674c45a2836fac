# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What to do about one request: policy and scene together, without any state of its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from assist_intent import grounding
from assist_intent.binding import Binder
from assist_intent.policy import Facts, Policy, Ruling
from assist_intent.replies import Replies
from assist_intent.types import (
    NO_CHOICES,
    Choices,
    Grounding,
    Heard,
    Match,
    Mode,
    Request,
    Risk,
    Sight,
    Situation,
    Slot,
    Understanding,
    Verdict,
)


@dataclass(frozen=True)
class Judgement:
    """What is to be done about a request, and what to say."""

    meaning: Understanding
    verdict: Verdict
    risk: Risk
    reasons: tuple[str, ...]
    reply: str
    sight: Sight
    choices: Choices = NO_CHOICES
    """For ASK: the objects of which one is meant."""
    offer: Understanding | None = None
    """For ASK: what is offered instead."""
    risks: tuple[Risk, ...] = ()
    """Of each step, where there are several."""


@dataclass(frozen=True)
class State:
    """What the dialogue knows beside words and situation."""

    stopped: bool = False
    starts: tuple[tuple[str, float], ...] = ()
    """Intents and ages, s, of what was started of late."""
    busy: str = ''
    """What would be replaced, in words."""
    last_object: str = ''
    """Id of the object spoken of last, which "the other one" is not."""
    held: tuple[Slot, ...] = ()
    """What says which object the robot holds."""


class Judge:
    """Applies one policy in the words of one language.

    Args:
        unseen: labels that no detector finds.
    """

    def __init__(
        self, policy: Policy, replies: Replies, unseen: Collection[str] = ()
    ) -> None:
        self._policy = policy
        self._replies = replies
        self._binder = Binder(policy, unseen)

    def judge(
        self, meaning: Understanding, heard: Heard, situation: Situation, state: State, now: float
    ) -> Judgement:
        """Return the judgement; the same arguments always give the same.

        A plan is as risky as its riskiest step. Only the first step is looked for in the scene:
        what the others are done to may not be in view yet.
        """
        if meaning.is_plan:
            return self._judge_plan(meaning, heard, situation, state, now)
        sight = grounding.sight(situation.scene, now, self._policy.fresh)
        ruling = self._policy.evaluate(_facts(meaning, heard, situation, state, sight))
        if ruling.verdict in (Verdict.REFUSE, Verdict.ASK):
            reply = self._refusal(meaning, ruling, situation)
            return _judgement(meaning, ruling, reply, sight)
        meaning, missing = self._binder.bind(
            meaning, situation.scene, now, last_object=state.last_object, held=state.held
        )
        if missing.needed:
            return self._unclear(meaning, ruling, missing, situation)
        return _judgement(meaning, ruling, self._next(meaning, heard, ruling, state), sight)

    def _judge_plan(
        self, meaning: Understanding, heard: Heard, situation: Situation, state: State, now: float
    ) -> Judgement:
        sight = grounding.sight(situation.scene, now, self._policy.fresh)
        rulings = []
        for step in meaning.steps:
            single = meaning.single(step)
            ruling = self._policy.evaluate(_facts(single, heard, situation, state, sight))
            if ruling.verdict in (Verdict.REFUSE, Verdict.ASK):
                reply = self._refusal(single, ruling, situation)
                return _judgement(meaning, ruling, reply, sight)
            rulings.append(ruling)
        first = self.judge(meaning.single(meaning.steps[0]), heard, situation, state, now)
        later = meaning.steps[1:]
        meaning = meaning.with_steps((first.meaning.steps[0], *later))
        if first.verdict in (Verdict.REFUSE, Verdict.ASK):
            return replace(first, meaning=meaning)
        whole = Ruling(
            max(ruling.verdict for ruling in rulings),
            max(ruling.risk for ruling in rulings),
            tuple(dict.fromkeys(reason for ruling in rulings for reason in ruling.reasons)),
        )
        risks = tuple(ruling.risk for ruling in rulings)
        reply = self._next(meaning, heard, whole, state, risks)
        return replace(_judgement(meaning, whole, reply, sight), risks=risks)

    def _unclear(
        self, meaning: Understanding, ruling: Ruling, found: Grounding, situation: Situation
    ) -> Judgement:
        if found.sight != Sight.FRESH:
            blind = Ruling(Verdict.REFUSE, ruling.risk, (*ruling.reasons, 'the scene is not fresh'))
            return _judgement(meaning, blind, self._replies.say('blind'), found.sight)
        asking = Ruling(Verdict.ASK, ruling.risk, ruling.reasons)
        wanted = grounding.described(meaning, found.slot)
        if found.objects:
            assert situation.scene is not None
            marks = grounding.distinguish(found.objects, situation.scene)
            label = wanted.value('object')
            reply = self._replies.several(label, len(found.objects), marks)
            choices = Choices(found.objects, found.slot)
            return _judgement(meaning, asking, reply, found.sight, choices=choices)
        offer = None
        if 'find' in self._policy.intents:
            # Where it was said to stand tells nothing of where it is looked for.
            kept = tuple(slot for slot in wanted.slots if slot.name != 'position')
            act = Understanding(meaning.text, 'find', kept, meaning.match, meaning.score)
            offer = grounding.unbind(act)
        return _judgement(meaning, asking, self._replies.none(wanted), found.sight, offer=offer)

    def _refusal(self, meaning: Understanding, ruling: Ruling, situation: Situation) -> str:
        if ruling.verdict == Verdict.ASK:
            return self._replies.say('unsure')
        if situation.mode == Mode.SAFE_STOP and situation.mode_reason:
            return self._replies.say('must_not_move', reason=situation.mode_reason)
        return self._replies.say(
            'refused',
            action=self._replies.action(meaning),
            reasons=self._replies.reasons(ruling.reasons),
        )

    def _next(
        self,
        meaning: Understanding,
        heard: Heard,
        ruling: Ruling,
        state: State,
        risks: tuple[Risk, ...] = (),
    ) -> str:
        """Return the question, or what is said when it begins."""
        if ruling.verdict == Verdict.EXECUTE:
            return self._replies.doing(meaning)
        action = self._replies.action(meaning)
        least = self._policy.repeat_from
        if ruling.risk >= least:
            request = Request('', meaning, heard, ruling.risk, risks=risks)
            return self._replies.say(
                'confirm_high',
                plan=action if meaning.is_plan else '',
                action=self._replies.action(request.to_repeat(least)),
                reasons=self._replies.reasons(ruling.reasons),
            )
        rules = [self._policy.intents[step.name] for step in meaning.steps]
        unsure = heard.confidence < 1 and all(rule.risk == Risk.LOW for rule in rules)
        if meaning.match == Match.FUZZY or unsure:
            return self._replies.say('confirm_fuzzy', action=action)
        if state.busy and any(rule.moves for rule in rules):
            return self._replies.say('replace', action=action, busy=state.busy)
        return self._replies.say('confirm', action=action)


def _facts(
    meaning: Understanding, heard: Heard, situation: Situation, state: State, sight: Sight
) -> Facts:
    return Facts(
        intent=meaning.name,
        slots={slot.name: slot.value for slot in meaning.slots},
        match=meaning.match,
        confidence=heard.confidence,
        sight=sight,
        person_fills=grounding.person_fills(situation.scene),
        mode=situation.mode,
        missing=situation.missing,
        health=situation.health,
        hour=situation.hour,
        logged=situation.logged,
        stopped=state.stopped,
        recent=tuple(age for name, age in state.starts if name == meaning.name),
    )


def _judgement(
    meaning: Understanding,
    ruling: Ruling,
    reply: str,
    sight: Sight,
    *,
    choices: Choices = NO_CHOICES,
    offer: Understanding | None = None,
) -> Judgement:
    return Judgement(
        meaning, ruling.verdict, ruling.risk, ruling.reasons, reply, sight, choices, offer
    )
