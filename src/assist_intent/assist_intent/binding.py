# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Tie what an act is done to, and where to, to objects of the scene or to what the robot holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from assist_intent import grounding
from assist_intent.policy import Policy
from assist_intent.types import WHERE_TO, Grounding, Scene, Sight, Slot, Understanding

TAKES, KEEPS, EMPTIES = 'takes', 'keeps', 'empties'
"""What an act does with the hand; for the last two, what is held need not be seen."""
_TELLING = ('colour', 'size', 'position', 'relation', 'reference')
"""The slots that tell one object from others of its kind."""


class Hand:
    """What the robot holds, as far as the ends of its acts tell."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.held: tuple[Slot, ...] = ()
        """What says which object it is; nothing where the hand is empty."""

    def done(self, meaning: Understanding) -> None:
        """Take in that a single act has succeeded."""
        rules = self._policy.intents.get(meaning.name)
        if rules and rules.hand == TAKES:
            self.held = grounding.described(meaning).slots
        elif rules and rules.hand == EMPTIES:
            self.held = ()


class Binder:
    """Finds the objects that single acts mean, under one policy.

    Args:
        unseen: labels that no detector finds: that they are not seen tells nothing.
    """

    def __init__(self, policy: Policy, unseen: Collection[str]) -> None:
        self._policy = policy
        self._unseen = frozenset(unseen)

    def bind(
        self,
        meaning: Understanding,
        scene: Scene | None,
        now: float,
        *,
        last_object: str = '',
        held: tuple[Slot, ...] = (),
    ) -> tuple[Understanding, Grounding]:
        """Return the act with its objects tied, and what could not be: that is needed.

        What is elsewhere, such as a thing from the kitchen or a door there, is not looked for.
        """
        rules = self._policy.intents[meaning.name]
        elsewhere = meaning.value('origin') or (
            meaning.name not in WHERE_TO and meaning.value('place')
        )
        if not rules.grounds or elsewhere:
            return meaning, Grounding(needed=False)
        in_hand = rules.hand in (KEEPS, EMPTIES) and _is_held(meaning, held)
        if in_hand:
            held_id = next((slot.object_id for slot in held if slot.name == 'object'), '')
            meaning = grounding.bind(meaning, held_id)
        for slot in self._to_find(meaning, in_hand):
            found = self._find(meaning, slot, scene, now, last_object)
            if not found.needed:
                continue
            if len(found.objects) != 1:
                return meaning, found
            meaning = grounding.bind(meaning, found.objects[0].id, slot)
        if scene is not None:
            meaning = grounding.bind_references(meaning, scene)
        return meaning, Grounding(needed=False)

    def _to_find(self, meaning: Understanding, in_hand: bool) -> list[str]:
        slots = [] if in_hand else ['object']
        if meaning.name in WHERE_TO and not meaning.value('place'):
            slots.append('reference')
        return slots

    def _find(
        self, meaning: Understanding, slot: str, scene: Scene | None, now: float, last_object: str
    ) -> Grounding:
        chosen = next((item.object_id for item in meaning.slots if item.name == slot), '')
        found = grounding.ground(
            meaning,
            scene,
            now,
            self._policy.fresh,
            slot=slot,
            other_than='' if chosen else last_object,
            unseen=self._unseen,
        )
        if chosen:
            objects = tuple(item for item in found.objects if item.id == chosen)
            return replace(found, objects=objects)
        label = meaning.value(slot)
        if scene is None or found.sight != Sight.FRESH or scene.labelled(label):
            return found
        return replace(found, needed=found.needed and label not in self._unseen)


def _is_held(meaning: Understanding, held: tuple[Slot, ...]) -> bool:
    """Return whether an act is done to what is held: nothing that is said tells otherwise."""
    wanted = {slot.name: slot for slot in grounding.described(meaning).slots}
    known = {slot.name: slot for slot in held}
    if 'object' not in wanted or 'object' not in known:
        return False
    same = wanted['object'].value == known['object'].value
    if wanted['object'].object_id:
        return same and wanted['object'].object_id == known['object'].object_id
    return same and all(
        name in known and wanted[name].value == known[name].value
        for name in _TELLING
        if name in wanted
    )
