# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""How risky an act is, and whether it may be done: a pure function of facts and a policy.

Rules can only raise a risk, and a condition on a state (mode, health, sight, confidence) also
holds for every worse state. So whatever gets worse, nothing more is allowed than before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assist_intent.types import Health, Match, Mode, Risk, Sight, Verdict

MINUTE = 60.0


@dataclass(frozen=True)
class Facts:
    """All that the policy looks at."""

    intent: str
    slots: Mapping[str, str] = field(default_factory=dict)
    match: Match = Match.EXACT
    confidence: float = 1.0
    sight: Sight = Sight.FRESH
    person_fills: float = 0.0
    """Height of the largest person's box as a part of the image's; meaningless when not FRESH."""
    mode: Mode = Mode.NORMAL
    missing: tuple[str, ...] = ()
    health: Health = Health.HEALTHY
    hour: int = 12
    stopped: bool = False
    logged: bool = True
    """Whether what is decided can be written down."""
    recent: tuple[float, ...] = ()
    """Ages of the starts of the same intent, s."""


@dataclass(frozen=True)
class Ruling:
    """What the policy says about the facts."""

    verdict: Verdict
    risk: Risk
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class IntentPolicy:
    """What the file says of one intent."""

    risk: Risk
    moves: bool = False
    grounds: bool = False
    hand: str = ''
    """What it does with the hand of the robot: takes, keeps or empties; nothing of these."""
    needs: tuple[str, ...] = ()
    timeout: float = 60.0
    per_minute: int = 60


@dataclass(frozen=True)
class Rule:
    """One rule of the file."""

    name: str
    conditions: tuple[Callable[[Facts, IntentPolicy], bool], ...]
    reason: str
    raises: int = 0
    at_least: Risk = Risk.LOW

    def applies(self, facts: Facts, intent: IntentPolicy) -> bool:
        """Return whether all conditions hold."""
        return all(condition(facts, intent) for condition in self.conditions)

    def apply(self, risk: Risk) -> Risk:
        """Return the risk, raised; only a rule that forbids reaches FORBIDDEN."""
        raised = min(Risk.HIGH, Risk(min(risk + self.raises, Risk.FORBIDDEN)))
        return max(risk, raised, self.at_least)


@dataclass(frozen=True)
class Policy:
    """The content of a policy file; read by `policy_file.load`."""

    version: str
    intents: Mapping[str, IntentPolicy]
    rules: tuple[Rule, ...]
    repeat_from: Risk
    """The lowest risk at which a yes must repeat the act."""
    approvals: Mapping[str, Risk]
    """The highest risk that may be approved by voice, typed or by button."""
    answer_seconds: float
    early_seconds: float
    reprompts: int
    approve_confidence: float
    understand_confidence: float
    silence: float
    fresh: float

    def may_approve(self, way: str, risk: Risk) -> bool:
        """Return whether something so risky may be approved by voice, typed or button."""
        return risk <= self.approvals[way]

    def evaluate(self, facts: Facts) -> Ruling:
        """Return verdict, risk and reasons; the same facts always give the same."""
        intent = self.intents.get(facts.intent)
        if intent is None:
            return Ruling(Verdict.REFUSE, Risk.FORBIDDEN, ('my safety rules do not allow it',))
        risk, reasons = intent.risk, []
        for rule in self.rules:
            if rule.applies(facts, intent):
                risk = rule.apply(risk)
                reasons.append(_fill(rule.reason, facts.slots))
        if obstacles := _obstacles(facts, intent):
            return Ruling(Verdict.REFUSE, risk, (*obstacles, *reasons))
        if risk == Risk.FORBIDDEN:
            return Ruling(Verdict.REFUSE, risk, tuple(reasons))
        if risk == Risk.HIGH and not facts.logged:
            return Ruling(Verdict.REFUSE, risk, ('I can not keep a record of it', *reasons))
        if facts.confidence < self.understand_confidence:
            return Ruling(Verdict.ASK, risk, (*reasons, 'I may have heard it wrong'))
        verdict = Verdict.EXECUTE if risk == Risk.LOW else Verdict.CONFIRM
        return Ruling(verdict, risk, tuple(reasons))


def _obstacles(facts: Facts, intent: IntentPolicy) -> list[str]:
    """Return why it can not be done at all at present, whatever the risk."""
    obstacles = []
    if intent.moves and facts.stopped:
        obstacles.append('I am stopped')
    if intent.moves and facts.mode == Mode.SAFE_STOP:
        obstacles.append('I must not move at present')
    obstacles += [f'{ability} does not work at present' for ability in intent.needs
                  if ability in facts.missing]  # fmt: skip
    if sum(1 for age in facts.recent if age < MINUTE) >= intent.per_minute:
        obstacles.append('I have been asked to do it too often in a minute')
    return obstacles


def _fill(text: str, slots: Mapping[str, str]) -> str:
    for name, value in slots.items():
        text = text.replace('{' + name + '}', value)
    return text
