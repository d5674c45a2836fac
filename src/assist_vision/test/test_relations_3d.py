# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from assist_vision.depth import Locator
from assist_vision.relations import INVERSE, THRESHOLD, measure, relate, relate_all
from assist_vision.scene import ROBOT, VIEWER, Place, SceneObject
from hypothesis import given
from hypothesis import strategies as st
from synthetic import TABLE, Block, World
from test_relations import objects

MIDDLES = st.tuples(*[st.floats(-3, 3, allow_nan=False, width=32)] * 3)
SIZES = st.tuples(*[st.floats(0, 1, allow_nan=False, width=32)] * 3)
FRAMES = pytest.mark.parametrize('frame', [VIEWER, ROBOT])


@st.composite
def places(draw: st.DrawFn) -> Place:
    x, y, z = draw(MIDDLES)
    return Place((x, y, z), draw(SIZES))


@st.composite
def solids(draw: st.DrawFn) -> list[SceneObject]:
    """Objects with boxes, of which some have places too."""
    return [
        replace(each, view=draw(places()), place=draw(places())) if draw(st.booleans()) else each
        for each in draw(objects())
    ]


def located(world: World) -> list[SceneObject]:
    found = world.objects()
    return Locator().locate(found, {each.id for each in found}, world.sight())


def everything(world: World, frame: str) -> set[tuple[str, str, str]]:
    scene = located(world)
    names = {each.id: each.label for each in scene}
    return {
        (names[r.subject], r.predicate, names[r.object])
        for r in relate_all(scene, frame=frame)
        if r.confidence >= THRESHOLD
    }


@FRAMES
def test_things_on_a_table(frame: str) -> None:
    found = everything(TABLE, frame)
    assert {
        ('cup', 'on', 'dining table'),
        ('laptop', 'on', 'dining table'),
        ('bottle', 'on', 'dining table'),
        ('cup', 'left_of', 'laptop'),
        ('laptop', 'right_of', 'cup'),
        ('bottle', 'right_of', 'laptop'),
        ('cup', 'near', 'laptop'),
    } <= found
    assert not found & {
        ('laptop', 'left_of', 'cup'),
        ('dining table', 'on', 'cup'),
        ('cup', 'in_front_of', 'dining table'),
        ('cup', 'near', 'bottle'),
    }


ROW = (
    Block('cup', (1.0, -0.05, 0.0), (1.1, 0.05, 0.12)),
    Block('vase', (1.6, -0.05, 0.0), (1.7, 0.05, 0.30)),
)


@FRAMES
def test_nearer_is_in_front(frame: str) -> None:
    found = everything(World(ROW, height=0.9, tilt=0.5), frame)
    assert ('cup', 'in_front_of', 'vase') in found
    assert ('vase', 'behind', 'cup') in found
    assert not found & {('cup', 'next_to', 'vase'), ('vase', 'in_front_of', 'cup')}


def test_left_of_the_robot_is_not_left_in_the_image_of_a_camera_that_looks_aside() -> None:
    """The camera looks to the robot's left: what is further ahead is on the right."""
    blocks = (
        Block('cup', (-0.3, 1.0, 0.0), (-0.2, 1.1, 0.12)),
        Block('vase', (0.2, 1.0, 0.0), (0.3, 1.1, 0.30)),
    )
    world = World(blocks, height=0.9, tilt=0.5, turn=np.pi / 2)
    assert ('cup', 'left_of', 'vase') in everything(world, VIEWER)
    robot = everything(world, ROBOT)
    assert ('cup', 'in_front_of', 'vase') in robot
    assert not robot & {('cup', 'left_of', 'vase'), ('cup', 'right_of', 'vase')}


def test_higher_is_above_for_the_robot() -> None:
    blocks = (
        Block('clock', (1.5, -0.1, 1.4), (1.55, 0.1, 1.6)),
        Block('book', (1.5, -0.1, 0.8), (1.55, 0.1, 1.0)),
    )
    found = everything(World(blocks, tilt=0.0), ROBOT)
    assert ('clock', 'above', 'book') in found and ('book', 'below', 'clock') in found


def test_far_behind_is_not_near_next_to_or_on() -> None:
    """A bottle on a table far behind stands, in the image, on the table in front."""
    cup = SceneObject('1', 'cup', 0.9, (300, 200, 340, 250))
    bottle = SceneObject('2', 'bottle', 0.9, (350, 190, 370, 255))
    table = SceneObject('3', 'dining table', 0.9, (200, 230, 500, 400))
    flat = measure([cup, bottle, table])
    assert flat['on'][1, 2] > THRESHOLD and flat['next_to'][0, 1] > THRESHOLD
    near = [
        replace(cup, view=Place((0.0, 0.0, 1.0), (0.08, 0.1, 0.05))),
        replace(bottle, view=Place((0.4, 0.0, 6.0), (0.2, 0.7, 0.05))),
        replace(table, view=Place((0.05, 0.2, 1.1), (0.6, 0.3, 0.5))),
    ]
    deep = measure(near)
    assert deep['on'][0, 2] > THRESHOLD and deep['on'][1, 2] == 0
    assert deep['next_to'][0, 1] == deep['near'][0, 1] == 0


KITCHEN = (
    Block('microwave', (1.4, -0.3, 0.0), (1.75, 0.25, 0.35)),
    Block('cup', (1.2, -0.04, 0.1), (1.28, 0.04, 0.2)),
)


@FRAMES
def test_what_stands_before_a_container_is_not_in_it(frame: str) -> None:
    world = World(KITCHEN, height=0.3, tilt=0.0)
    flat = measure(world.objects(), size=(640, 480))
    assert flat['inside'][1, 0] > THRESHOLD  # the picture alone cannot tell
    found = everything(world, frame)
    assert ('cup', 'in_front_of', 'microwave') in found
    assert not found & {('cup', 'inside', 'microwave'), ('cup', 'on', 'microwave')}


@FRAMES
def test_what_is_in_a_bowl_stays_in_it_with_depth(frame: str) -> None:
    bowl = SceneObject('1', 'bowl', 0.9, (250, 220, 390, 300))
    banana = SceneObject('2', 'banana', 0.9, (290, 230, 350, 270))
    places = [Place((0.0, 0.1, 0.8), (0.2, 0.1, 0.15)), Place((0.0, 0.08, 0.78), (0.1, 0.05, 0.05))]
    scene = [
        replace(each, view=place, place=Place((0.5, 0.0, 0.5), place.size))
        for each, place in zip((bowl, banana), places, strict=True)
    ]
    assert measure(scene, frame)['inside'][1, 0] > 0.9


def test_without_places_there_are_no_directions_for_the_robot() -> None:
    strengths = measure(TABLE.objects(), ROBOT)
    for predicate in ('left_of', 'above', 'in_front_of'):
        assert not strengths[predicate][:3, :3].any()
    assert strengths['on'][0, 3] > 0.5


@FRAMES
@given(scene=solids())
def test_inverses_agree_and_nothing_is_related_to_itself(
    frame: str, scene: list[SceneObject]
) -> None:
    strengths = measure(scene, frame)
    assert set(strengths) == set(INVERSE)
    for predicate, strength in strengths.items():
        assert np.array_equal(strength, strengths[INVERSE[predicate]].T), predicate
        assert (strength >= 0).all() and (strength <= 1).all(), predicate
        assert not strength.diagonal().any(), predicate


@FRAMES
@given(scene=solids())
def test_no_relation_together_with_its_opposite(frame: str, scene: list[SceneObject]) -> None:
    for predicate, strength in measure(scene, frame).items():
        if INVERSE[predicate] != predicate:
            assert not ((strength > 0) & (strength.T > 0)).any(), predicate


@FRAMES
@given(scene=solids())
def test_transitivity(frame: str, scene: list[SceneObject]) -> None:
    strengths = measure(scene, frame)
    for predicate in ('left_of', 'right_of', 'above', 'below', 'inside', 'contains'):
        holds = strengths[predicate] > 0
        chained = (holds[:, :, None] & holds[None, :, :]).any(axis=1)
        np.fill_diagonal(chained, False)
        assert (holds | ~chained).all(), predicate


@FRAMES
@given(scene=solids(), seed=st.integers(0, 99))
def test_the_order_of_the_objects_does_not_matter(
    frame: str, scene: list[SceneObject], seed: int
) -> None:
    order = np.random.default_rng(seed).permutation(len(scene))
    shuffled = measure([scene[i] for i in order], frame)
    for predicate, strength in measure(scene, frame).items():
        assert np.allclose(shuffled[predicate], strength[np.ix_(order, order)])


@FRAMES
@given(scene=solids())
def test_what_is_said_is_part_of_all_there_is(frame: str, scene: list[SceneObject]) -> None:
    every = set(relate_all(scene, frame=frame))
    for relation in relate(scene, frame=frame):
        assert relation in every
        assert relation.confidence >= THRESHOLD
