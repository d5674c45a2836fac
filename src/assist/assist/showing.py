# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What a demo has to show of understanding and safety, and whether it did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assist_msgs.msg import Decision

from assist.observer import Observations

_MAIN = ('object', 'place', 'person')
"""The slots that tell to what an act is done."""


@dataclass(frozen=True)
class Shown:
    """One thing that had to happen, and the decision that shows it; None where none does.

    Attributes:
        delay: s from the end of what was said to the decision; of an expiry, from the question.
    """

    name: str
    decision: Decision | None
    delay: float | None


def shown(seen: Observations) -> list[Shown]:
    """Return what had to happen, in the order of the dialogue."""
    finders = {
        'a grounded bring': _grounded,
        'a refusal with its reason': _refused,
        'a question which one': _chosen,
        'an expired confirmation': _expired,
        'a repeated confirmation of a high risk': _repeated,
        'a stop in the middle of an act': _stopped,
    }
    return [_first(name, find(seen), seen) for name, find in finders.items()]


def _first(name: str, found: Iterator[int], seen: Observations) -> Shown:
    index = next(found, None)
    if index is None:
        return Shown(name, None, None)
    decision = seen.decisions[index]
    delay = seen.delays[index]
    if decision.verdict == Decision.EXPIRE:
        asked = max(_before(seen, index, Decision.CONFIRM))
        delay = seen.decided_at[index] - seen.decided_at[asked]
    if decision.verdict == Decision.STOP and 'voice_to_stop' in seen.latency:
        # It comes before the sentence is finished, so that only the node itself can tell.
        delay = seen.latency['voice_to_stop'].p95
    return Shown(name, decision, delay)


def _before(seen: Observations, index: int, verdict: int) -> list[int]:
    """Return the earlier decisions of one kind about the same request."""
    request_id = seen.decisions[index].request_id
    return [
        number
        for number, decision in enumerate(seen.decisions[:index])
        if decision.request_id == request_id and decision.verdict == verdict
    ]


def _grounded(seen: Observations) -> Iterator[int]:
    for index, decision in _of(seen, Decision.EXECUTE):
        slots = {slot.name: slot for slot in decision.slots}
        tied = 'object' in slots and bool(slots['object'].object_id)
        confirmed = _before(seen, index, Decision.CONFIRM)
        if decision.intent == 'bring' and tied and 'relation' in slots and confirmed:
            yield index


def _refused(seen: Observations) -> Iterator[int]:
    for index, decision in _of(seen, Decision.REFUSE):
        if decision.reasons and all(reason in decision.reply for reason in decision.reasons):
            yield index


def _chosen(seen: Observations) -> Iterator[int]:
    for index, decision in _of(seen, Decision.CONFIRM):
        tied = any(slot.object_id for slot in decision.slots)
        if tied and _before(seen, index, Decision.ASK):
            yield index


def _expired(seen: Observations) -> Iterator[int]:
    for index, _ in _of(seen, Decision.EXPIRE):
        asked = _before(seen, index, Decision.CONFIRM)
        if asked and seen.heard_at[asked[-1]] == seen.heard_at[index]:
            yield index


def _repeated(seen: Observations) -> Iterator[int]:
    for index, decision in _of(seen, Decision.EXECUTE):
        asked = _before(seen, index, Decision.CONFIRM)
        if decision.risk == Decision.HIGH and asked:
            answers = seen.transcripts[seen.heard_at[asked[-1]] : seen.heard_at[index]]
            if answers and _names(answers[-1].text, decision):
                yield index


def _names(text: str, decision: Decision) -> bool:
    """Return whether an answer says more than a yes: also to what the act is done."""
    said = _words(text)
    named = {word for slot in decision.slots if slot.name in _MAIN for word in _words(slot.text)}
    return bool(named) and named < said


def _words(text: str) -> set[str]:
    return set(re.findall(r'\w+', text.lower()))


def _stopped(seen: Observations) -> Iterator[int]:
    for index, _ in _of(seen, Decision.STOP):
        begun = {
            decision.request_id
            for decision in seen.decisions[:index]
            if decision.verdict == Decision.EXECUTE
        }
        if seen.stopped and seen.executing_at[index] in begun:
            yield index


def _of(seen: Observations, verdict: int) -> Iterator[tuple[int, Decision]]:
    for index, decision in enumerate(seen.decisions):
        if decision.verdict == verdict:
            yield index, decision
