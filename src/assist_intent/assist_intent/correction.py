# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Put what a person corrects ("the blue one", "the kitchen") in place of what was understood."""

from __future__ import annotations

from dataclasses import replace

from assist_intent.types import OF_OBJECT, WHERE_TO, Slot, Step, Understanding

_PLACES = ('place', 'destination', 'origin')


def picks(meaning: Understanding, said: Understanding) -> bool:
    """Return whether an answer only tells which of the objects of that kind is meant."""
    values = {slot.name: slot.value for slot in said.slots}
    same = values.get('object', meaning.value('object')) == meaning.value('object')
    return same and bool(values) and set(values) <= set(OF_OBJECT)


def corrected(meaning: Understanding, said: Understanding) -> Understanding | None:
    """Return the request with the slots of `said` in it, or None where they do not fit.

    Of a plan the first step that has such a slot is corrected. The ties to objects of the scene
    are undone, since another one is meant.
    """
    steps = list(meaning.steps)
    for index, step in enumerate(steps):
        if changed := _changed(step, said.slots):
            steps[index] = changed
            return replace(meaning.with_steps(steps), match=max(meaning.match, said.match))
    return None


def _changed(step: Step, slots: tuple[Slot, ...]) -> Step | None:
    known = {slot.name for slot in step.slots}
    new = {slot.name: slot for slot in slots}
    if 'place' in new:
        target = next((name for name in _PLACES if name in known), '')
        new = {target: replace(new['place'], name=target)}
    elif 'person' in new:
        new = {'person': new['person']} if 'person' in known else {}
    elif 'object' not in known:
        new = {}
    if not new or '' in new:
        return None
    # A position was said of the objects then in question, and another object is described anew.
    dropped = set(OF_OBJECT) if 'object' in new else {'position'} if 'object' in known else set()
    if step.name in WHERE_TO:
        dropped -= {'relation', 'reference'}
    kept = [
        replace(new.pop(slot.name, slot), object_id='')
        for slot in step.slots
        if slot.name in new or slot.name not in dropped
    ]
    return Step(step.name, (*kept, *new.values()))
