# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest
from assist_vision import classes
from assist_vision.relations import INVERSE, THRESHOLD, measure, relate, relate_all
from assist_vision.scene import SceneObject
from hypothesis import given
from hypothesis import strategies as st
from scenes import (
    COUCH,
    COUPLE,
    DESK,
    DINER,
    FAR_APART,
    KITCHEN,
    ODD,
    PASSENGER,
    RIDER,
    SHELF,
    STREET,
    SUIT,
)

LABELS = [*sorted(classes.KNOWN | classes.STATES), 'widget', 'gadget']
SIZE = (640, 480)
EDGES = st.floats(0, 600, allow_nan=False, width=32)
SIZES = st.floats(1, 300, allow_nan=False, width=32)


@st.composite
def objects(draw: st.DrawFn) -> list[SceneObject]:
    count = draw(st.integers(2, 8))
    made = []
    for i in range(count):
        x, y, width, height = draw(EDGES), draw(EDGES), draw(SIZES), draw(SIZES)
        label = draw(st.sampled_from(LABELS))
        made.append(SceneObject(str(i), label, 0.9, (x, y, x + width, y + height)))
    return made


def said(scene: tuple[SceneObject, ...]) -> set[tuple[str, str, str]]:
    names = {each.id: f'{each.label} {each.id}' for each in scene}
    return {(names[r.subject], r.predicate, names[r.object]) for r in relate(scene)}


@pytest.mark.parametrize(
    ('scene', 'expected'),
    [
        (DESK, ('cup 1', 'on', 'dining table 3')),
        (DESK, ('laptop 2', 'on', 'dining table 3')),
        (DESK, ('cup 1', 'left_of', 'laptop 2')),
        (STREET, ('person 1', 'in_front_of', 'bus 4')),
        (STREET, ('person 2', 'in_front_of', 'bus 4')),
        (STREET, ('person 3', 'in_front_of', 'bus 4')),
        (STREET, ('person 2', 'next_to', 'person 1')),
        (KITCHEN, ('banana 1', 'inside', 'bowl 2')),
        (KITCHEN, ('bowl 2', 'inside', 'refrigerator 3')),
        (COUCH, ('cat 1', 'on', 'couch 2')),
        (RIDER, ('person 1', 'on', 'horse 2')),
        (PASSENGER, ('person 1', 'inside', 'bus 2')),
        (DINER, ('person 1', 'behind', 'dining table 2')),
        (COUPLE, ('person 1', 'next_to', 'person 2')),
        (SUIT, ('tie 2', 'on', 'person 1')),
        (SHELF, ('clock 1', 'above', 'book 2')),
        (ODD, ('widget 1', 'on', 'gadget 2')),
    ],
)
def test_what_a_person_would_say(
    scene: tuple[SceneObject, ...], expected: tuple[str, str, str]
) -> None:
    assert expected in said(scene)


@pytest.mark.parametrize(
    ('scene', 'wrong'),
    [
        (DESK, ('dining table 3', 'on', 'cup 1')),
        (DESK, ('cup 1', 'inside', 'dining table 3')),
        (STREET, ('person 1', 'inside', 'bus 4')),
        (STREET, ('person 1', 'on', 'bus 4')),
        (STREET, ('bus 4', 'behind', 'person 1')),
        (KITCHEN, ('banana 1', 'on', 'bowl 2')),
        (DINER, ('person 1', 'on', 'dining table 2')),
        (RIDER, ('person 1', 'behind', 'horse 2')),
        (SUIT, ('tie 2', 'in_front_of', 'person 1')),
    ],
)
def test_what_nobody_would_say(scene: tuple[SceneObject, ...], wrong: tuple[str, str, str]) -> None:
    assert wrong not in said(scene)


def test_nothing_is_in_a_person_nor_a_fall_in_its_absence() -> None:
    box = (100.0, 100.0, 400.0, 400.0)
    inner = (150.0, 150.0, 250.0, 250.0)
    for holder in ('person', 'dog', 'Fall', 'Normal', 'dining table', 'bus'):
        low = (150.0, 300.0, 250.0, 398.0)
        scene = [SceneObject('1', 'widget', 0.9, low), SceneObject('2', holder, 0.9, box)]
        assert measure(scene)['inside'][0, 1] == 0, holder
    for first, second in (('Fall', 'Normal'), ('widget', 'widget'), ('person', 'Fall')):
        scene = [SceneObject('1', first, 0.9, inner), SceneObject('2', second, 0.9, box)]
        assert not measure(scene)['inside'].any(), first
    scene = [SceneObject('1', 'widget', 0.9, inner), SceneObject('2', 'gadget', 0.9, box)]
    assert measure(scene)['inside'][0, 1] >= THRESHOLD


def test_things_far_apart_are_not_related() -> None:
    assert relate(FAR_APART) == ()
    assert {each.predicate for each in relate_all(FAR_APART)} == {
        'left_of', 'right_of', 'above', 'below',
    }  # fmt: skip


def test_no_objects_no_relations() -> None:
    assert relate([]) == relate_all([]) == ()
    assert relate(DESK[:1]) == relate_all(DESK[:1]) == ()


def test_ten_objects_do_not_yield_ninety_relations() -> None:
    random = np.random.default_rng(3)
    for _ in range(20):
        corners = random.uniform(0, 500, (10, 2))
        sizes = random.uniform(20, 150, (10, 2))
        scene = [
            SceneObject(str(i), str(random.choice(LABELS)), 0.9, (*corner, *(corner + size)))
            for i, (corner, size) in enumerate(zip(corners, sizes, strict=True))
        ]
        assert len(relate(scene)) <= 40


def test_every_predicate_has_an_inverse() -> None:
    assert set(INVERSE) == {
        'left_of', 'right_of', 'above', 'below', 'on', 'under', 'inside', 'contains', 'next_to',
        'near', 'in_front_of', 'behind', 'overlapping',
    }  # fmt: skip
    assert all(INVERSE[INVERSE[predicate]] == predicate for predicate in INVERSE)


@given(scene=objects(), size=st.sampled_from([None, SIZE]))
def test_inverses_agree_and_nothing_is_related_to_itself(
    scene: list[SceneObject], size: tuple[int, int] | None
) -> None:
    strengths = measure(scene, size=size)
    assert set(strengths) == set(INVERSE)
    for predicate, strength in strengths.items():
        assert np.array_equal(strength, strengths[INVERSE[predicate]].T), predicate
        assert (strength >= 0).all() and (strength <= 1).all(), predicate
        assert not strength.diagonal().any(), predicate


@given(scene=objects(), size=st.sampled_from([None, SIZE]))
def test_no_relation_together_with_its_opposite(
    scene: list[SceneObject], size: tuple[int, int] | None
) -> None:
    for predicate, strength in measure(scene, size=size).items():
        if INVERSE[predicate] != predicate:
            assert not ((strength > 0) & (strength.T > 0)).any(), predicate


@given(scene=objects())
def test_transitivity(scene: list[SceneObject]) -> None:
    for predicate in ('left_of', 'right_of', 'above', 'below', 'inside', 'contains'):
        holds = measure(scene, size=SIZE)[predicate] > 0
        chained = (holds[:, :, None] & holds[None, :, :]).any(axis=1)
        np.fill_diagonal(chained, False)
        assert (holds | ~chained).all(), predicate


@given(scene=objects(), seed=st.integers(0, 99))
def test_the_order_of_the_objects_does_not_matter(scene: list[SceneObject], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(scene))
    shuffled = [scene[i] for i in order]
    for predicate, strength in measure(scene).items():
        assert np.allclose(measure(shuffled)[predicate], strength[np.ix_(order, order)])


@given(scene=objects())
def test_what_is_said_is_part_of_all_there_is(scene: list[SceneObject]) -> None:
    everything = set(relate_all(scene))
    for relation in relate(scene):
        assert relation in everything
        assert relation.confidence >= THRESHOLD
