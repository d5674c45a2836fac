# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Find out which objects of the scene a person means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from assist_intent.types import (
    Grounding,
    Relation,
    Scene,
    SceneObject,
    Sight,
    Slot,
    Understanding,
)

FUTURE = 1.0
"""Seconds that a scene may be ahead of the clock before it is not believed."""

_INVERSE = {
    'left_of': 'right_of',
    'right_of': 'left_of',
    'above': 'below',
    'below': 'above',
    'on': 'below',
    'in_front_of': 'behind',
    'behind': 'in_front_of',
    'next_to': 'next_to',
}


def sight(scene: Scene | None, now: float, fresh: float) -> Sight:
    """Return what a scene is worth now; one from the future is worth nothing."""
    if scene is None:
        return Sight.MISSING
    age = now - scene.seen_at
    return Sight.FRESH if -FUTURE <= age <= fresh else Sight.STALE


def ground(meaning: Understanding, scene: Scene | None, now: float, fresh: float) -> Grounding:
    """Return the objects that the slot `object` with its attributes and relations can mean.

    Colours and sizes are not told apart by the detector, so they do not exclude an object.
    """
    label = meaning.value('object')
    quality = sight(scene, now, fresh)
    if not label:
        return Grounding(sight=quality, needed=False)
    if scene is None or quality != Sight.FRESH:
        return Grounding(sight=quality)
    found = scene.labelled(label)
    for prefix in ('', 'second_'):
        relation = meaning.value(f'{prefix}relation')
        if relation:
            others = scene.labelled(meaning.value(f'{prefix}reference'))
            found = tuple(item for item in found if _lies(scene, item, relation, others))
    position = meaning.value('position')
    if position and found:
        found = choose(found, position, scene)
    return Grounding(found, quality)


def choose(
    objects: tuple[SceneObject, ...], position: str, scene: Scene
) -> tuple[SceneObject, ...]:
    """Return the one object that a position such as left or biggest names, or none."""
    pick = _POSITIONS.get(position)
    return (pick(objects, scene),) if pick and objects else ()


def distinguish(objects: tuple[SceneObject, ...]) -> tuple[str, ...]:
    """Return positions that tell objects of one kind, sorted from left to right, apart."""
    if len(objects) == 2:
        return ('left', 'right')
    if len(objects) == 3:
        return ('left', 'middle', 'right')
    return ('left', 'right', 'biggest')


def bind(meaning: Understanding, item: SceneObject) -> Understanding:
    """Return the understanding with the slot `object` tied to one object of the scene."""
    slots = tuple(
        replace(slot, object_id=item.id) if slot.name == 'object' else slot
        for slot in meaning.slots
    )
    return replace(meaning, slots=slots)


def with_position(meaning: Understanding, position: Slot) -> Understanding:
    """Return the understanding with a position in place of the one that it had."""
    others = tuple(slot for slot in meaning.slots if slot.name != 'position')
    return replace(meaning, slots=(*others, position))


def unbind(meaning: Understanding) -> Understanding:
    """Return the understanding without ties to a scene."""
    return replace(meaning, slots=tuple(replace(slot, object_id='') for slot in meaning.slots))


def person_fills(scene: Scene | None) -> float:
    """Return the height of the largest person as a part of the image's."""
    if scene is None or not scene.height:
        return 0.0
    heights = (item.height for item in scene.objects if item.label == 'person')
    return max(heights, default=0.0) / scene.height


def _lies(scene: Scene, item: SceneObject, predicate: str, others: Iterable[SceneObject]) -> bool:
    ids = {other.id for other in others}
    return any(_says(relation, item.id, predicate, ids) for relation in scene.relations)


def _says(relation: Relation, subject: str, predicate: str, objects: set[str]) -> bool:
    if relation.subject_id == subject and relation.object_id in objects:
        return relation.predicate == predicate or (
            # What stands on a thing is also above it.
            predicate == 'above' and relation.predicate == 'on'
        )
    if relation.object_id == subject and relation.subject_id in objects:
        return _INVERSE.get(relation.predicate) == predicate
    return False


def _middle(objects: tuple[SceneObject, ...], scene: Scene) -> SceneObject:
    ordered = sorted(objects, key=lambda item: item.x)
    return ordered[len(ordered) // 2]


_POSITIONS: dict[str, Callable[[tuple[SceneObject, ...], Scene], SceneObject]] = {
    'left': lambda objects, _: min(objects, key=lambda item: item.x),
    'right': lambda objects, _: max(objects, key=lambda item: item.x),
    'middle': _middle,
    'biggest': lambda objects, _: max(objects, key=lambda item: item.area),
    'smallest': lambda objects, _: min(objects, key=lambda item: item.area),
    # Without depth the nearest of a kind is the one that looks biggest.
    'nearest': lambda objects, _: max(objects, key=lambda item: item.area),
}
