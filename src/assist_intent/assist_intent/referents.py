# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What "it" and "there" mean: what was spoken of last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assist_intent.types import NEVER, WHERE_TO, Slot, Step, Understanding

REMEMBERED = 60.0
"""Seconds after which nobody says "it" any more of what was spoken of."""
IT = 'it'
THERE = 'there'
"""Values of the slots `object` and `place` that stand for what was spoken of last."""

THEY = ('him', 'her', 'them')
"""Values of the slot `person` that stand for who was spoken of last."""

_ALWAYS = ('object', 'colour', 'size')
_WHICH_ONE = ('position', 'relation', 'reference', 'second_relation', 'second_reference')
_SPEAKER = ('me', 'us')


@dataclass(frozen=True)
class _Mention:
    slots: tuple[Slot, ...] = ()
    time: float = NEVER


class Referents:
    """The object, place and person spoken of last. Times are steady seconds."""

    def __init__(self) -> None:
        self._last: dict[str, _Mention] = {}

    def mention(self, meaning: Understanding, now: float) -> None:
        """Take in what was spoken of, or found."""
        for step in meaning.steps:
            self._last |= _mentions(step, now)

    def object_id(self, now: float) -> str:
        """Return the id of the object spoken of last; empty when there is none."""
        slots = _find(self._last, 'object', now)
        return next((slot.object_id for slot in slots if slot.name == 'object'), '')

    def resolve(self, meaning: Understanding, now: float) -> tuple[Understanding, str]:
        """Return the meaning without pronouns, and the pronoun that nothing stands behind.

        What a step speaks of is known to the steps after it.
        """
        known = dict(self._last)
        steps = []
        for step in meaning.steps:
            slots: list[Slot] = []
            for slot in step.slots:
                if not _is_pronoun(slot):
                    slots.append(slot)
                    continue
                meant = _find(known, slot.name, now)
                if not meant:
                    return meaning, slot.text or slot.value
                slots += _carried(meant, step)
            steps.append(Step(step.name, tuple(slots)))
            known |= _mentions(steps[-1], now)
        return (meaning.with_steps(steps) if steps else meaning), ''


def _is_pronoun(slot: Slot) -> bool:
    return (slot.name, slot.value) in (('object', IT), ('place', THERE)) or (
        slot.name == 'person' and slot.value in THEY
    )


def _find(known: dict[str, _Mention], kind: str, now: float) -> tuple[Slot, ...]:
    mention = known.get(kind, _Mention())
    return mention.slots if now - mention.time <= REMEMBERED else ()


def _carried(meant: Iterable[Slot], step: Step) -> list[Slot]:
    """Return the slots that stand for a pronoun, but those that the step says itself."""
    said = step.values()
    return [
        slot
        for slot in meant
        if slot.name not in said or slot.name in ('object', 'place', 'person')
        if step.name not in WHERE_TO or slot.name in (*_ALWAYS, 'place', 'person')
    ]


def _mentions(step: Step, now: float) -> dict[str, _Mention]:
    """Return what a step speaks of."""
    values = step.values()
    found = {}
    if values.get('object', IT) != IT:
        names = _ALWAYS if step.name in WHERE_TO else (*_ALWAYS, *_WHICH_ONE)
        found['object'] = _Mention(tuple(slot for slot in step.slots if slot.name in names), now)
    for slot in step.slots:
        if slot.name in ('place', 'destination') and slot.value != THERE:
            found['place'] = _Mention((Slot('place', slot.value, slot.text),), now)
        if slot.name == 'person' and slot.value not in (*_SPEAKER, *THEY):
            found['person'] = _Mention((slot,), now)
    return found
