# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Find out which objects of the scene a person means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from assist_intent.types import (
    OF_OBJECT,
    WHERE_TO,
    Grounding,
    Mark,
    Relation,
    Scene,
    SceneObject,
    Sight,
    Understanding,
)

FUTURE = 1.0
"""Seconds that a scene may be ahead of the clock before it is not believed."""

CLEARLY = 1.5
"""Times that the big one must look bigger than the next, where somebody says the big one."""
OTHER = 'other'
INSIDE = 'inside'

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


def described(meaning: Understanding, slot: str = 'object') -> Understanding:
    """Return only what says which object a slot means, told of the slot `object`."""
    where_to = meaning.name in WHERE_TO
    if slot == 'object':
        dropped = ('relation', 'reference') if where_to else ()
        kept = tuple(
            item for item in meaning.slots if item.name in OF_OBJECT and item.name not in dropped
        )
    else:
        kept = tuple(replace(item, name='object') for item in meaning.slots if item.name == slot)
    return replace(meaning, slots=kept, later=())


def ground(
    meaning: Understanding,
    scene: Scene | None,
    now: float,
    fresh: float,
    *,
    slot: str = 'object',
    other_than: str = '',
    unseen: Collection[str] = (),
) -> Grounding:
    """Return the objects that a slot with its attributes and relations can mean.

    Args:
        other_than: id of the object spoken of last, which "the other one" is not.
        unseen: labels that no detector finds.
    """
    wanted = described(meaning, slot)
    label = wanted.value('object')
    quality = sight(scene, now, fresh)
    if not label:
        return Grounding(sight=quality, needed=False, slot=slot)
    if scene is None or quality != Sight.FRESH:
        return Grounding(sight=quality, slot=slot)
    objects = narrow(scene.labelled(label), wanted, scene, other_than, unseen)
    return Grounding(objects, quality, slot=slot)


def narrow(
    objects: tuple[SceneObject, ...],
    meaning: Understanding,
    scene: Scene,
    other_than: str = '',
    unseen: Collection[str] = (),
) -> tuple[SceneObject, ...]:
    """Return those of some objects that fit the attributes, relations and position named."""
    found = _coloured(objects, meaning.value('colour'))
    for prefix in ('', 'second_'):
        relation = meaning.value(f'{prefix}relation')
        reference = meaning.value(f'{prefix}reference')
        others = scene.labelled(reference)
        # What nobody can see next to a thing excludes nothing; what is in it is hidden, too.
        if relation and (others or reference not in unseen or relation == INSIDE):
            found = tuple(item for item in found if _lies(scene, item, relation, others))
    found = _sized(found, meaning.value('size'))
    position = meaning.value('position')
    if position == OTHER:
        # Without one that was spoken of, any of them is another one.
        return tuple(item for item in found if item.id != other_than)
    return choose(found, position) if position and found else found


def choose(objects: tuple[SceneObject, ...], position: str) -> tuple[SceneObject, ...]:
    """Return the one object that a position such as left or biggest names, or none."""
    pick = _POSITIONS.get(position)
    return (pick(objects),) if pick and objects else ()


def distinguish(objects: tuple[SceneObject, ...], scene: Scene) -> tuple[Mark, ...]:
    """Return what tells objects of one kind, sorted from left to right, apart.

    Their colours where all have a different one, else their positions, and for two that stand one
    behind the other what else they stand at.
    """
    colours = [item.colour for item in objects]
    if all(colours) and len(set(colours)) == len(objects):
        return tuple(Mark('colour', colour) for colour in colours)
    if len(objects) == 2 and objects[1].x - objects[0].x < objects[0].width / 2:
        relations = [_own_relation(item, objects, scene) for item in objects]
        if relations[0] and relations[1] and relations[0] != relations[1]:
            return relations[0], relations[1]
    positions = {2: ('left', 'right'), 3: ('left', 'middle', 'right')}
    named = positions.get(len(objects), ('left', 'right', 'biggest'))
    return tuple(Mark('position', position) for position in named)


def _own_relation(item: SceneObject, objects: tuple[SceneObject, ...], scene: Scene) -> Mark | None:
    """Return a relation to something that there is only one of, and that no other one has."""
    labels = {other.id: other.label for other in scene.objects}
    for relation in sorted(scene.relations, key=lambda relation: -relation.confidence):
        label = labels.get(relation.object_id, '')
        if relation.subject_id != item.id or len(scene.labelled(label)) != 1:
            continue
        target = scene.labelled(label)
        having = [one for one in objects if _lies(scene, one, relation.predicate, target)]
        if having == [item]:
            return Mark('relation', relation.predicate, label)
    return None


def _coloured(objects: tuple[SceneObject, ...], colour: str) -> tuple[SceneObject, ...]:
    """Return the objects of a colour; where there is none, those whose colour is not known."""
    if not colour:
        return objects
    sure = tuple(item for item in objects if item.colour == colour)
    return sure or tuple(item for item in objects if not item.colour)


def _sized(objects: tuple[SceneObject, ...], size: str) -> tuple[SceneObject, ...]:
    """Return the object that is clearly the big or the small one of some; else all."""
    if not size or len(objects) < 2:
        return objects
    measure = _measure(objects)
    ordered = sorted(objects, key=measure, reverse=size == 'big')
    first, second = measure(ordered[0]), measure(ordered[1])
    clear = max(first, second) >= CLEARLY * min(first, second)
    return (ordered[0],) if clear else objects


def _measure(objects: tuple[SceneObject, ...]) -> Callable[[SceneObject], float]:
    """Return what tells how big an object is: its length where all were measured."""
    if all(item.extent is not None for item in objects):
        return lambda item: item.extent or 0.0
    return lambda item: item.area


def bind(meaning: Understanding, object_id: str, slot: str = 'object') -> Understanding:
    """Return the understanding with a slot tied to one object of the scene."""
    slots = tuple(
        replace(item, object_id=object_id) if item.name == slot else item
        for item in meaning.slots
    )
    return replace(meaning, slots=slots)


def bind_references(meaning: Understanding, scene: Scene) -> Understanding:
    """Return the understanding with what its object is told to lie at tied to the scene, too.

    Where several such things make the relation true, none is tied: the object is known anyway.
    """
    wanted = described(meaning)
    ids = {slot.object_id for slot in wanted.slots if slot.name == 'object'}
    found = next((item for item in scene.objects if item.id in ids), None)
    for prefix in ('', 'second_'):
        name, relation = f'{prefix}reference', wanted.value(f'{prefix}relation')
        if found and relation:
            others = scene.labelled(wanted.value(name))
            true = [other for other in others if _lies(scene, found, relation, (other,))]
            meaning = bind(meaning, true[0].id if len(true) == 1 else '', name)
    return meaning


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


def _middle(objects: tuple[SceneObject, ...]) -> SceneObject:
    ordered = sorted(objects, key=lambda item: item.x)
    return ordered[len(ordered) // 2]


def _nearest(objects: tuple[SceneObject, ...]) -> SceneObject:
    if all(item.distance is not None for item in objects):
        return min(objects, key=lambda item: item.distance or 0.0)
    # Without depth the nearest of a kind is the one that looks biggest.
    return max(objects, key=lambda item: item.area)


_POSITIONS: dict[str, Callable[[tuple[SceneObject, ...]], SceneObject]] = {
    'left': lambda objects: min(objects, key=lambda item: item.x),
    'right': lambda objects: max(objects, key=lambda item: item.x),
    'middle': _middle,
    'biggest': lambda objects: max(objects, key=_measure(objects)),
    'smallest': lambda objects: min(objects, key=_measure(objects)),
    'nearest': _nearest,
}
