# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""How objects lie to each other, as a person who looks at the picture would say.

The rules of this file work on boxes in the viewer's frame: left is left in the image. They are
fuzzy: each gives a confidence from 0 to 1, as products of ramps. The words of the rules:

gap: empty space between two boxes along an axis, 0 where they overlap.
edge: where the lower edge of one box lies in the height of the other, 0 at its top, 1 at its foot.
shared: overlap along an axis, in parts of the smaller extent; 1 where one spans the other.
size: square root of a box's area; the scale of a pair is the geometric mean of both sizes.

The rules are the docstrings of the functions below. Their inverses are the transposed matrices, so
that they cannot contradict each other: left_of/right_of, above/below, in_front_of/behind,
inside/contains and on/under; next_to, near and overlapping are symmetric. left_of, above and
inside are transitive.

Of two objects whose places are known, in_front_of, next_to and near are judged in space, by the
rules of `relations_3d`, and what is on, in or under the other must be able to touch it. In the
robot's frame the directions are told of such pairs only, by the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from assist_vision import classes, relations_3d
from assist_vision.ramps import Matrix, along, directed, fall, rise
from assist_vision.scene import ROBOT, VIEWER, Relation, SceneObject

INVERSE = {
    'left_of': 'right_of',
    'right_of': 'left_of',
    'above': 'below',
    'below': 'above',
    'on': 'under',
    'under': 'on',
    'inside': 'contains',
    'contains': 'inside',
    'in_front_of': 'behind',
    'behind': 'in_front_of',
    'next_to': 'next_to',
    'near': 'near',
    'overlapping': 'overlapping',
}

THRESHOLD = 0.5
"""Confidence from which a relation is worth a word."""

_LEAST = 0.01
_DIRECTIONS = ('left_of', 'right_of', 'above', 'below')
_BORDER = 0.01
"""Part of the image at its border: a box that ends there is cut."""
_DIRECTED = 0.8
"""Confidence from which a direction is worth a word; lower, the two lie rather aslant."""
_SAYABLE = ('inside', 'on', 'sheltered', 'in_front_of', 'behind', 'next_to', 'near', 'overlapping')
"""Of a pair only the first that holds is said, and a direction beside the last five."""


def relate(
    objects: Sequence[SceneObject],
    *,
    frame: str = VIEWER,
    size: tuple[int, int] | None = None,
    threshold: float = THRESHOLD,
    references: int = 3,
) -> tuple[Relation, ...]:
    """Return the relations that a person would say, most important first.

    Of each pair the more telling order is kept (the small thing to the large one) with at most
    two relations: how they touch or how near they are, and a direction when they are apart and
    nothing of their size is between them. Each object is related to the `references` objects
    nearest to it. `size` is that of the image, (width, height): what its border cuts goes on.
    """
    if len(objects) < 2:
        return ()
    pairs = _Pairs(objects, size)
    solids = relations_3d.Solids(objects, frame)
    touching = relations_3d.touching(solids)
    under = sheltered(pairs) * touching
    strengths = _measure(pairs, solids, frame, touching, under)
    strengths['sheltered'] = under
    relations = []
    for i, j, names in _nearest(pairs, _said(pairs, strengths, threshold), references):
        for name in names:
            predicate = 'below' if name == 'sheltered' else name
            confidence = float(strengths[predicate][i, j])
            relations.append(Relation(objects[i].id, predicate, objects[j].id, confidence))
    return tuple(relations)


def relate_all(
    objects: Sequence[SceneObject], *, frame: str = VIEWER, size: tuple[int, int] | None = None
) -> tuple[Relation, ...]:
    """Return every relation of every ordered pair, without pruning, by subject and object."""
    if len(objects) < 2:
        return ()
    return tuple(
        Relation(objects[i].id, predicate, objects[j].id, float(strength[i, j]))
        for predicate, strength in measure(objects, frame, size).items()
        for i, j in np.argwhere(strength >= _LEAST)
    )


def measure(
    objects: Sequence[SceneObject], frame: str = VIEWER, size: tuple[int, int] | None = None
) -> dict[str, Matrix]:
    """Return the confidence of every predicate for all pairs as (N, N) matrices.

    In the robot's frame (ROBOT) left is +y of its base, and what is in front is nearer to it.
    """
    pairs, solids = _Pairs(objects, size), relations_3d.Solids(objects, frame)
    touching = relations_3d.touching(solids)
    return _measure(pairs, solids, frame, touching, sheltered(pairs) * touching)


class _Pairs:
    """The geometry of all pairs of boxes, computed once."""

    def __init__(self, objects: Sequence[SceneObject], size: tuple[int, int] | None = None) -> None:
        self.count = len(objects)
        self.labels = tuple(each.label for each in objects)
        boxes = np.array([each.box for each in objects], dtype=np.float64).reshape(-1, 4)
        self.x0, self.y0, self.x1, self.y1 = boxes.T
        self.width = np.maximum(self.x1 - self.x0, 1e-6)
        self.height = np.maximum(self.y1 - self.y0, 1e-6)
        self.area = self.width * self.height
        self.overlap_x, self.gap_x = along(self.x0, self.x1)
        self.overlap_y, self.gap_y = along(self.y0, self.y1)
        self.shared_x = self.overlap_x / np.minimum.outer(self.width, self.width)
        self.shared_y = self.overlap_y / np.minimum.outer(self.height, self.height)
        self.intersection = self.overlap_x * self.overlap_y
        self.within = self.intersection / self.area[:, None]
        side = np.sqrt(self.area)
        self.scale = np.sqrt(np.outer(side, side))
        self.distance = np.hypot(self.gap_x, self.gap_y)
        self.edge = (self.y1[:, None] - self.y0[None, :]) / self.height[None, :]
        self.grounded = self.each(classes.GROUNDED)
        self.portable = self.each(classes.PORTABLE)
        self.known = self.each(classes.KNOWN)
        self.others = 1.0 - np.eye(self.count)
        """0 on the diagonal and 1 elsewhere: nothing is related to itself."""
        self.unknown = ~np.logical_and.outer(self.known, self.known)
        """Whether geometry alone tells: i or j is of an unknown class."""
        self.alive = self.each(classes.ALIVE | classes.STATES)
        self.flatness = self.width / self.height
        """How many times as wide as high."""
        self.cut = self._cut(size)
        """Whether the lower border of the image cuts it, so that its foot is not seen."""

    def each(self, names: frozenset[str]) -> np.ndarray:
        """Return (N,) whether an object is of one of the classes."""
        return _members(self.labels, names)

    def both(self, first: frozenset[str], second: frozenset[str]) -> Matrix:
        """Return whether i is of the first classes and j of the second."""
        return self.each(first)[:, None] & self.each(second)[None, :]

    def _cut(self, size: tuple[int, int] | None) -> np.ndarray:
        if size is None:
            return np.zeros(self.count, dtype=bool)
        return self.y1 >= (1 - _BORDER) * size[1]


@lru_cache(maxsize=256)
def _members(labels: tuple[str, ...], names: frozenset[str]) -> np.ndarray:
    # What is in view seldom changes from one image to the next.
    found = np.array([label in names for label in labels], dtype=bool)
    found.flags.writeable = False
    return found


def left_of(pairs: _Pairs) -> Matrix:
    """Centre further left, and at most half of the smaller width shared.

    Falls with the shared width, and to 0.4 when i lies rather above or below than beside
    (cosine squared of the direction of the gap, as in fuzzy directional relations: Krishnapuram,
    Keller and Ma 1993).
    """
    order = np.less.outer(pairs.x0 + pairs.x1, pairs.x0 + pairs.x1)
    return directed(order, pairs.shared_x, pairs.gap_x, pairs.gap_y)


def above(pairs: _Pairs, shelters: Matrix) -> Matrix:
    """Centre further up, and at most half of the smaller height shared; else as left_of.

    What `shelters` is above what it shelters, and above what is below that.
    """
    order = np.less.outer(pairs.y0 + pairs.y1, pairs.y0 + pairs.y1)
    return _over(directed(order, pairs.shared_y, pairs.gap_y, pairs.gap_x), shelters)


def _over(higher: Matrix, shelters: Matrix) -> Matrix:
    return _closure(np.maximum(higher, shelters)) if shelters.any() else higher


def sheltered(pairs: _Pairs) -> Matrix:
    """i is under j, which stands over it: a cat under a table, a person under an umbrella.

    What stands on the floor shares the floor with the legs of the furniture: its foot is level
    with theirs, and its top well below the top of the furniture. An umbrella begins above the
    person and ends above the middle of the person.
    """
    top = (pairs.y0[:, None] - pairs.y0[None, :]) / pairs.height[None, :]
    covered = rise(pairs.overlap_x / pairs.width[:, None], 0.6, 0.9)
    level = rise(pairs.edge, 0.8, 0.92) * fall(pairs.edge, 1.03, 1.1) * rise(top, 0.25, 0.4)
    floor = pairs.both(classes.FLOOR_THINGS, classes.LEGGED) * level * covered
    foot = (pairs.y1[None, :] - pairs.y0[:, None]) / pairs.height[:, None]
    over = rise(top, 0.0, 0.2) * fall(foot, 0.35, 0.6) * rise(foot, -0.3, -0.1)
    rain = pairs.both(classes.PEOPLE, classes.CANOPIES) * over
    return np.maximum(floor, rain * rise(pairs.shared_x, 0.5, 0.8)) * pairs.others


def near(pairs: _Pairs) -> Matrix:
    """The distance of the boxes is small: 1 at contact, 0.5 at 0.75 and 0 at 1.5 scales.

    Falls when both stand on the floor at different distances from the viewer.
    """
    closeness = fall(pairs.distance / pairs.scale, 0.0, 1.5)
    return closeness * _same_distance(pairs) * pairs.others


def next_to(pairs: _Pairs) -> Matrix:
    """Beside each other: half of the smaller height shared, little width shared, a small gap.

    0.5 at a gap of 0.75 mean widths; of different classes the sizes must be comparable, since
    nobody says that a bus is next to a cup.
    """
    mean_width = np.add.outer(pairs.width, pairs.width) / 2
    beside = rise(pairs.shared_y, 0.1, 0.5) * fall(pairs.shared_x, 0.2, 0.6)
    ratio = np.maximum.outer(pairs.height, pairs.height) / np.minimum.outer(
        pairs.height, pairs.height
    )
    comparable = fall(ratio, 3.0, 8.0)
    gap = fall(pairs.gap_x / mean_width, 0.0, 1.5)
    return beside * gap * comparable * _same_distance(pairs) * pairs.others


def overlapping(pairs: _Pairs) -> Matrix:
    """Intersection in parts of the smaller box."""
    smaller = np.minimum.outer(pairs.area, pairs.area)
    return pairs.intersection / smaller * pairs.others


def inside(pairs: _Pairs, touching: Matrix) -> Matrix:
    """The box of i lies within that of j, which is larger and can contain it.

    Portable things are in containers such as bowls; people and animals are in vehicles, when
    their lower edge is well above that of the vehicle. An unknown thing is, at 0.6, in what can
    contain things, and in another unknown one of another class; and a portable thing in an
    unknown one. Nothing is in people or animals.
    What is in a container that is open at the top may stick out of it: its lower edge is below
    the rim, whose far side would hide nothing of a thing behind it.
    What is in a thing that is in another is in that as well.
    """
    contained = pairs.both(classes.PORTABLE, classes.CONTAINERS).astype(float)
    riders = classes.PEOPLE | classes.ANIMALS
    aboard = pairs.both(riders, classes.CABINS) * _off_the_floor(pairs)
    allowed = np.maximum(np.maximum(contained, aboard), _perhaps_inside(pairs) * 0.6)
    smaller = fall(pairs.area[:, None] / pairs.area[None, :], 0.6, 0.9)
    direct = allowed * smaller * rise(pairs.within, 0.8, 0.95)
    return _closure(np.maximum(direct, _sticking_out(pairs)) * touching * pairs.others)


def on(pairs: _Pairs, contained: Matrix) -> Matrix:
    """The lower edge of i rests on j, which can hold it, with most of its width above j.

    A surface such as a table is seen from above, so that the edge may be anywhere down to
    three quarters of its box; down to its end where its legs are not seen, because the border of
    the image cuts them, or a table or bed is so flat. A laptop or book is a surface only when it
    is flat. People sit on seats, lie on beds and ride on horses or bicycles. What is worn is on
    the person whose box has it. Unknown classes lie on surfaces as others do, at 0.8, when they
    are not half as large, and else must touch edge to edge. What is `contained` in the other is
    not on it.
    """
    edge = pairs.edge
    carried = rise(pairs.overlap_x / pairs.width[:, None], 0.3, 0.7)
    lying = _lying(pairs)
    result = np.maximum(lying, np.maximum(_seated(pairs, edge), _riding(pairs, edge)))
    result = np.maximum(result, _touching(pairs)) * carried
    worn = pairs.both(classes.WORN, classes.PEOPLE) * rise(pairs.within, 0.6, 0.9) * 0.9
    result = np.maximum(result, worn) * pairs.others
    # Of two that seem to lie on each other, the smaller one does.
    return np.where(result > result.T, result, 0.0) * (1 - contained)


def in_front_of(pairs: _Pairs, held: Matrix, resting: Matrix) -> Matrix:
    """The boxes overlap sideways and the lower edge of i is lower: nearer on the same floor.

    Only for two that stand on the floor, two portable things on the same table, or a portable
    thing and a person or animal whom it hides, and not when one is `held` by the other: on, in
    or under it. Of two that stand on the floor, one that ends where the other begins is hidden by
    it from there; of two that are `resting` on the same thing, there may be a gap between them. A
    thing or animal that is wholly seen before a person, animal or vehicle is not behind it,
    whatever its lower edge: it is held, or sits on a lap.
    """
    smaller = np.minimum.outer(pairs.height, pairs.height)
    lower = np.subtract.outer(pairs.y1, pairs.y1) / smaller
    meets = rise((pairs.overlap_y - pairs.gap_y) / smaller, -0.06, 0.05)
    table = _same_support(resting) * np.outer(pairs.portable, pairs.portable)
    table = table * fall(pairs.gap_y / pairs.scale, 0.3, 0.8)
    same_floor = np.maximum(np.outer(pairs.grounded, pairs.grounded) * meets, table * 0.7)
    same_table = np.outer(pairs.portable, pairs.portable | pairs.alive) * 0.7
    across = np.where(pairs.unknown, 0.7, same_table) * rise(pairs.shared_y, 0.0, 0.2)
    plane = np.maximum(same_floor, across) * rise(pairs.shared_x, 0.05, 0.35)
    front = rise(lower, 0.02, 0.12) * plane
    before = _wholly_before(pairs)
    front = np.maximum(front * (1 - before.T), before * 0.8)
    return front * (1 - np.maximum(held, held.T)) * pairs.others


def _measure(
    pairs: _Pairs, solids: relations_3d.Solids, frame: str, touching: Matrix, under: Matrix
) -> dict[str, Matrix]:
    beyond = relations_3d.not_before(solids)
    contained = inside(pairs, touching * beyond)
    worn = pairs.both(classes.WORN, classes.PEOPLE)
    resting = on(pairs, contained) * touching
    resting = np.where(pairs.portable[:, None] & ~worn, resting * beyond, resting)
    held = np.maximum(np.maximum(resting, contained), under)
    apart = 1 - np.maximum(held, held.T)
    if frame == ROBOT:
        left, up = relations_3d.left_of(solids), _over(relations_3d.above(solids), under.T)
        front = relations_3d.in_front_of(solids) * apart
    else:
        left, up = left_of(pairs), above(pairs, under.T)
        front = _located(
            solids,
            lambda: relations_3d.in_front_of(solids) * apart,
            lambda: in_front_of(pairs, held, resting),
        )
    beside = _located(solids, lambda: relations_3d.next_to(solids), lambda: next_to(pairs))
    close = _located(solids, lambda: relations_3d.near(solids), lambda: near(pairs))
    return {
        'left_of': left,
        'right_of': left.T,
        'above': up,
        'below': up.T,
        'on': resting,
        'under': resting.T,
        'inside': contained,
        'contains': contained.T,
        'in_front_of': front,
        'behind': front.T,
        'next_to': beside,
        'near': np.maximum(close, beside),
        'overlapping': overlapping(pairs),
    }


def _located(
    solids: relations_3d.Solids, deep: Callable[[], Matrix], flat: Callable[[], Matrix]
) -> Matrix:
    """Return the deep measure of pairs that are both located, and the flat one of the others."""
    if not solids.known.any():
        return flat()
    return deep() if solids.known.all() else np.where(solids.both, deep(), flat())


def _said(
    pairs: _Pairs, strengths: dict[str, Matrix], threshold: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return which of _SAYABLE and which of the directions is said of each pair, -1 for none."""
    reach = 4.0 * pairs.scale
    tells = _telling(pairs) & (pairs.distance <= reach)
    stacked = np.stack([strengths[name] for name in _SAYABLE]) >= threshold
    # What holds or contains is told by what it holds, whichever of the two is the larger.
    held = stacked[:3].any(axis=0)
    worn = stacked[1] & pairs.both(classes.WORN, classes.PEOPLE)
    free = ~held.T & ~_apart(stacked[0] | worn)
    allowed = ((tells & free) | held) & ~_told_by_holder(*stacked[:2])
    first = np.where(stacked.any(axis=0), stacked.argmax(axis=0), -1)
    best = _direction(pairs, strengths, allowed & ~held, max(threshold, _DIRECTED))
    return np.where(allowed, first, -1), np.where(allowed, best, -1)


def _apart(contained: np.ndarray) -> np.ndarray:
    """Whether one of two is inside something, or worn, and the other is not."""
    inner = contained.astype(np.float32)
    without = (inner @ (1 - inner.T) - inner) > 0
    return without | without.T


def _told_by_holder(contained: np.ndarray, resting: np.ndarray) -> np.ndarray:
    """Whether i is told by what holds it, which j holds: an apple in a bowl, not on the table."""
    held = contained | resting
    through = (held.astype(np.float32) @ held.astype(np.float32)) > 0
    in_bowl = (contained.astype(np.float32) @ resting.astype(np.float32)) > 0
    return through & ~(contained | (resting & ~in_bowl))


def _direction(
    pairs: _Pairs, strengths: dict[str, Matrix], wanted: np.ndarray, threshold: float
) -> np.ndarray:
    """Return which of the directions is said of each of the wanted pairs, -1 for none."""
    sideways = np.maximum(strengths['left_of'], strengths['right_of']) >= threshold
    # What stands on the floor is higher in the image when it is further away, not above.
    floating = ~pairs.grounded
    clear = ~_between(pairs, sideways & wanted)
    apart = ~_same_support(strengths['on'])
    directions = np.stack([strengths[name] for name in _DIRECTIONS]) * (clear & wanted)
    directions[2] *= floating[:, None] & apart
    directions[3] *= floating[None, :] & apart
    return np.where(directions.max(axis=0) >= threshold, directions.argmax(axis=0), -1)


def _between(pairs: _Pairs, wanted: np.ndarray) -> np.ndarray:
    """Whether a third thing stands between i and j in their row, no smaller than both."""
    i, j = np.nonzero(wanted)
    low = np.minimum(pairs.x1[i], pairs.x1[j])[:, None]
    high = np.maximum(pairs.x0[i], pairs.x0[j])[:, None]
    row = pairs.overlap_y > 0
    within = (low <= pairs.x0) & (pairs.x1 <= high) & (row[i] | row[j])
    large = np.minimum(pairs.area[i], pairs.area[j])[:, None] <= pairs.area
    blocked = np.zeros_like(wanted)
    blocked[i, j] = (within & large).any(axis=1)
    return blocked


def _same_support(resting: Matrix) -> np.ndarray:
    """Whether i and j rest on the same thing, where higher in the image is further away."""
    # Few things carry others, and a product of matrices would wake the threads of BLAS.
    rests = resting >= THRESHOLD
    rests = rests[:, rests.any(axis=0)]
    return np.any(rests[:, None] & rests[None, :], axis=2)


def _telling(pairs: _Pairs) -> np.ndarray:
    """Whether i is told by j: the larger is the reference; of equals the one to the right."""
    ratio = pairs.area[:, None] / pairs.area[None, :]
    ties = np.triu(np.ones_like(ratio, dtype=bool), 1)
    centre = pairs.x0 + pairs.x1
    left = np.less.outer(centre, centre) | ((centre[:, None] == centre[None, :]) & ties)
    alike = (ratio > 0.5) & (ratio < 2.0)
    return np.where(alike, left, ratio < 1.0)


def _nearest(
    pairs: _Pairs, said: tuple[np.ndarray, np.ndarray], references: int
) -> list[tuple[int, int, list[str]]]:
    """Return what is said of whom: the most telling first, and then what is nearest."""
    first, best = said
    rows, columns = np.nonzero((first >= 0) | (best >= 0))
    telling = np.where(first < 0, len(_SAYABLE), first)[rows, columns]
    remoteness = (pairs.distance / pairs.scale)[rows, columns]
    order = np.lexsort((remoteness, telling))
    used = [0] * pairs.count
    kept = []
    for i, j in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if used[i] < references:
            used[i] += 1
            names = [_SAYABLE[first[i, j]]] if first[i, j] >= 0 else []
            if best[i, j] >= 0:
                names.append(_DIRECTIONS[best[i, j]])
            kept.append((i, j, names))
    return kept


def _same_distance(pairs: _Pairs) -> Matrix:
    # On one floor the lower edge of a box tells how far the thing is.
    apart = np.abs(np.subtract.outer(pairs.y1, pairs.y1)) / pairs.scale
    return np.where(np.outer(pairs.grounded, pairs.grounded), fall(apart, 0.5, 1.2), 1.0)


def _smaller(pairs: _Pairs) -> Matrix:
    return fall(pairs.width[:, None] / pairs.width[None, :], 1.0, 1.5)


def _sticking_out(pairs: _Pairs) -> Matrix:
    held = pairs.both(classes.PORTABLE, classes.OPEN_CONTAINERS)
    aboard = pairs.both(classes.PEOPLE | classes.SMALL_ANIMALS, classes.OPEN_CABINS)
    higher = np.less.outer(pairs.y0, pairs.y0)
    narrow = fall(pairs.width[:, None] / pairs.width[None, :], 0.8, 1.0)
    # Flowers are wider than their vase.
    spread = pairs.both(frozenset({'potted plant'}), frozenset({'vase'}))
    fits = np.maximum(narrow, spread) * rise(pairs.shared_x, 0.6, 0.9)
    low = rise(pairs.edge, 0.05, 0.2) * fall(pairs.edge, 0.9, 1.0)
    return (held | aboard) * higher * fits * low


def _off_the_floor(pairs: _Pairs) -> Matrix:
    return rise(1.0 - pairs.edge, 0.1, 0.2)


def _perhaps_inside(pairs: _Pairs) -> Matrix:
    """How much an unknown thing may be in another, or another in an unknown one."""
    person = pairs.each(classes.PEOPLE | classes.STATES)
    thing = ~pairs.known & ~person
    movable = pairs.each(classes.PORTABLE | classes.SMALL_ANIMALS) | thing
    labels = np.array(pairs.labels)
    into_unknown = np.outer(movable, thing) & (labels[:, None] != labels[None, :])
    into_known = np.outer(thing, pairs.each(classes.CONTAINERS))
    aboard = np.outer(~pairs.known, pairs.each(classes.CABINS)) * _off_the_floor(pairs)
    return np.maximum(into_unknown | into_known, aboard)


def _lying(pairs: _Pairs) -> Matrix:
    edge = pairs.edge
    movable = pairs.each(classes.PORTABLE | classes.SMALL_ANIMALS)
    unknown = ~pairs.known & ~pairs.each(classes.STATES)
    light = fall(pairs.area[:, None] / pairs.area[None, :], 0.4, 0.5)
    who = np.maximum(movable[:, None], 0.8 * unknown[:, None] * light)
    least = np.array([classes.FLAT.get(label, 0.0) for label in pairs.labels])
    flat = rise(pairs.flatness, 0.9 * least, least + 1e-6)
    surface = pairs.each(classes.SURFACES) * flat
    legless = pairs.cut | (pairs.each(classes.BROAD) & (pairs.flatness >= 2.5))
    down = np.where(legless, fall(edge, 1.0, 1.05), fall(edge, 0.75, 0.95))
    return who * surface * rise(edge, -0.15, -0.02) * down * _smaller(pairs)


def _wholly_before(pairs: _Pairs) -> Matrix:
    """How much i is seen as a whole within the box of j, which nothing can be seen through."""
    small = pairs.portable | pairs.each(classes.ANIMALS) | ~pairs.known
    solid = classes.ALIVE | (classes.VEHICLES - {'bicycle', 'motorcycle'})
    before = np.outer(small, pairs.each(solid)) * rise(pairs.within, 0.9, 0.97)
    return before * fall(pairs.area[:, None] / pairs.area[None, :], 0.5, 0.7)


def _seated(pairs: _Pairs, edge: Matrix) -> Matrix:
    slender = (pairs.height / pairs.width)[:, None]
    higher = np.less.outer(pairs.y0, pairs.y0)
    # Whose feet are above those of the seat, and visible, can stand neither before nor behind it.
    folded = np.maximum(fall(slender, 2.2, 2.8), rise(edge, 0.6, 0.8) * fall(edge, 0.98, 1.02))
    sitting = pairs.both(classes.PEOPLE, classes.SEATS) * higher * folded
    sitting = sitting * rise(edge, 0.3, 0.6) * fall(edge, 1.1, 1.4)
    lying = pairs.both(classes.PEOPLE, classes.BEDS) * fall(slender, 0.8, 1.2)
    return np.maximum(sitting, lying * rise(edge, 0.0, 0.2) * fall(edge, 0.8, 1.0)) * 0.8


def _riding(pairs: _Pairs, edge: Matrix) -> Matrix:
    centre = pairs.y0 + pairs.y1
    higher = np.less.outer(centre, centre)
    riding = pairs.both(classes.PEOPLE, classes.RIDES) * higher
    return riding * rise(edge, -0.2, 0.2) * fall(edge, 0.9, 1.1) * 0.9


def _touching(pairs: _Pairs) -> Matrix:
    person = pairs.each(classes.PEOPLE | classes.STATES)
    slit = np.abs(pairs.y1[:, None] - pairs.y0[None, :]) / pairs.height[:, None]
    apart = pairs.unknown & ~np.outer(person, person)
    return apart * fall(slit, 0.05, 0.2) * _smaller(pairs) * 0.8


def _closure(direct: Matrix) -> Matrix:
    """Max-min transitive closure: a chain is as strong as its weakest link.

    What would hold in both directions holds in none; the rest stays transitive.
    """
    if not (direct.any(axis=0) & direct.any(axis=1)).any():
        return direct
    linked = np.flatnonzero(direct.any(axis=0) | direct.any(axis=1))
    few = np.ix_(linked, linked)
    closed = direct[few]
    for _ in range(len(linked)):
        through = np.minimum(closed[:, :, None], closed[None, :, :]).max(axis=1)
        longer = np.maximum(closed, through)
        if np.array_equal(longer, closed):
            break
        closed = longer
    result = np.zeros_like(direct)
    result[few] = np.where((closed > 0) & (closed.T > 0), 0.0, closed)
    return result
