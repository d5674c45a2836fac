# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from assist_common.errors import InputError
from assist_vision.depth import DepthView, Locator, Pinhole, Sight, to_place
from assist_vision.image import DepthImage, to_depth
from assist_vision.scene import SceneObject
from synthetic import CAMERA, TABLE, Block, World, noisy


def worlds(count: int) -> list[World]:
    """Return tables with things on them at random, seen from here and there."""
    random = np.random.default_rng(5)
    made = []
    for _ in range(count):
        blocks = []
        for label, side in (('cup', 0.6), ('bottle', 0.2), ('box', -0.2), ('book', -0.6)):
            x, y = random.uniform(1.0, 1.6), side * random.uniform(0.5, 1.0)
            width, depth, height = random.uniform(0.06, 0.25, 3)
            low = (x, y - width / 2, 0.7)
            blocks.append(Block(label, low, (x + depth, y + width / 2, 0.7 + height)))
        blocks.append(Block('dining table', (0.8, -0.9, 0.66), (2.0, 0.9, 0.7)))
        tilt, height = random.uniform(0.15, 0.5), random.uniform(1.0, 1.3)
        made.append(World(tuple(blocks), height=height, tilt=tilt))
    return made


def errors(world: World, depth: np.ndarray) -> list[float]:
    """Return how far the places of the things on the table are from the truth, m."""
    objects = world.objects()[:-1]
    located = Locator().locate(objects, {each.id for each in objects}, world.sight(depth))
    found = []
    for number, each in enumerate(located):
        assert each.place is not None
        truth = world.visible_middle(number)
        found.append(float(np.linalg.norm(np.array(each.place.position) - truth)))
    return found


def test_places_of_things_on_tables() -> None:
    made = worlds(12)
    clean = [error for world in made for error in errors(world, world.render()[0])]
    assert np.median(clean) < 0.012 and np.max(clean) < 0.1
    worn = [
        error
        for seed, world in enumerate(made)
        for error in errors(world, noisy(world.render()[0], seed))
    ]
    assert np.median(worn) < 0.018 and np.max(worn) < 0.1


def test_sizes_are_those_of_the_visible_part() -> None:
    world = World((Block('box', (1.5, -0.2, 0.0), (1.8, 0.2, 0.5)),), height=0.8, tilt=0.3)
    (located,) = Locator().locate(world.objects(), {'1'}, world.sight())
    assert located.place is not None
    assert located.place.size == pytest.approx((0.3, 0.4, 0.5), abs=0.05)
    assert located.place.position == pytest.approx((1.65, 0.0, 0.25), abs=0.03)


def test_the_background_is_not_taken_for_the_thing() -> None:
    """A frame of bars, as of a chair, with the wall seen through it in the middle of its box."""
    depth = np.full((480, 640), 3.0)
    depth[100:300, 200:230] = depth[100:300, 370:400] = 1.0
    depth[100:130, 200:400] = depth[190:215, 200:400] = 1.0
    points = TABLE.sight(depth).view.points((200, 100, 400, 300))
    assert points is not None
    assert np.median(points[:, 2]) == pytest.approx(1.0, abs=0.01)


def test_what_hides_a_corner_is_not_taken_for_the_thing() -> None:
    depth = np.full((480, 640), 4.0)
    depth[100:300, 200:400] = 2.0
    depth[100:300, 200:260] = 0.8
    points = TABLE.sight(depth).view.points((200, 100, 400, 300))
    assert points is not None
    assert np.median(points[:, 2]) == pytest.approx(2.0, abs=0.01)


def test_what_smaller_things_cover_is_theirs() -> None:
    """People before a bus cover most of it."""
    depth = np.full((480, 640), 4.0)
    depth[100:300, 200:380] = 2.0
    bus = SceneObject('1', 'bus', 0.9, (180, 80, 420, 310))
    person = SceneObject('2', 'person', 0.9, (200, 100, 380, 300))
    located = Locator().locate([bus, person], {'1', '2'}, TABLE.sight(depth))
    assert [each.view.position[2] for each in located if each.view] == pytest.approx([4.0, 2.0])


def test_what_hides_half_of_a_thing_is_not_taken_for_it() -> None:
    depth = np.full((480, 640), 4.0)
    depth[100:300, 300:420] = 2.0
    depth[120:310, 180:350] = 1.5
    book = SceneObject('1', 'book', 0.9, (300, 100, 420, 300))
    box = SceneObject('2', 'suitcase', 0.9, (180, 120, 350, 310))
    located = Locator().locate([book, box], {'1', '2'}, TABLE.sight(depth))
    assert [each.view.position[2] for each in located if each.view] == pytest.approx([2.0, 1.5])


def test_holes_do_not_matter_until_nearly_all_is_one() -> None:
    depth = np.full((480, 640), 1.5)
    random = np.random.default_rng(2)
    depth[random.uniform(size=depth.shape) < 0.7] = np.nan
    points = TABLE.sight(depth).view.points((200, 100, 400, 300))
    assert points is not None and np.allclose(points[:, 2], 1.5)
    depth[100:300, 200:400] = np.nan
    assert TABLE.sight(depth).view.points((200, 100, 400, 300)) is None


@pytest.mark.parametrize('value', [0.0, np.nan, np.inf, -1.0])
def test_no_distance_anywhere_no_place(value: float) -> None:
    objects = TABLE.objects()
    sight = TABLE.sight(np.full((480, 640), value))
    located = Locator().locate(objects, {each.id for each in objects}, sight)
    assert all(each.place is None and each.view is None for each in located)


def test_boxes_beyond_the_image() -> None:
    view = TABLE.sight(np.full((480, 640), 1.0)).view
    assert view.points((-100, -100, -10, -10)) is None
    assert view.points((700, 100, 800, 200)) is None
    assert view.points((100.2, 100.2, 100.4, 100.4)) is None
    beyond = view.points((-50, -50, 100, 100))
    assert beyond is not None and np.isfinite(beyond).all()


def test_one_stray_point_does_not_stretch_the_place() -> None:
    points = np.zeros((500, 3))
    points[:, 0] = np.linspace(0, 1, 500)
    points[7] = (0.5, 0.0, 9.0)
    place = to_place(points)
    assert place.size == pytest.approx((0.96, 0.0, 0.0), abs=0.01)
    assert place.position == pytest.approx((0.5, 0.0, 0.0), abs=0.01)


def test_hidden_objects_keep_their_place_and_lost_ones_are_forgotten() -> None:
    locator, sight = Locator(), TABLE.sight()
    first, second = TABLE.objects()[:2]
    seen = locator.locate([first, second], {'1', '2'}, sight)
    hidden = locator.locate([first, second], {'2'}, TABLE.sight(np.full((480, 640), 0.4)))
    assert hidden[0].place == seen[0].place
    assert hidden[1].place != seen[1].place
    locator.locate([second], {'2'}, sight)
    assert locator.locate([first], set(), sight)[0].place is None


def test_an_object_that_is_seen_without_depth_loses_its_place() -> None:
    locator, sight = Locator(), TABLE.sight()
    blind = TABLE.sight(np.full((480, 640), np.nan))
    objects = TABLE.objects()[:2]
    locator.locate(objects, {'1', '2'}, sight, 10.0)
    at_first = locator.locate(objects, {'1'}, blind, 10.4)
    assert all(each.place for each in at_first)
    later = locator.locate(objects, {'1'}, blind, 10.6)
    assert [each.place is None for each in later] == [True, False]  # the other is hidden
    assert locator.locate(objects, {'1'}, sight, 10.7)[0].place is not None


def test_a_place_in_another_frame_is_forgotten() -> None:
    locator, sight = Locator(), TABLE.sight()
    objects = TABLE.objects()
    locator.locate(objects, {'1'}, sight)
    other = Sight(sight.view, replace(sight.transform, frame='camera'), in_base=False)
    assert locator.locate(objects, set(), other)[0].place is None


def test_rays_agree_with_the_projection_of_opencv() -> None:
    matrix = np.array([[500.0, 0, 310], [0, 510, 250], [0, 0, 1]])
    points = np.array([[0.3, -0.2, 1.5], [-0.4, 0.3, 2.0], [0.0, 0.0, 1.0]])
    for model, distortion, project in (
        ('plumb_bob', (0.1, -0.05, 0.001, 0.002, 0.01), cv2.projectPoints),
        ('rational_polynomial', (0.1, 0.02, 0.001, 0.001, 0.0, 0.05, 0.01, 0.0), cv2.projectPoints),
    ):
        pixels, _ = project(points, np.zeros(3), np.zeros(3), matrix, np.array(distortion))
        camera = Pinhole(640, 480, 500, 510, 310, 250, model, distortion)
        for point, (x, y) in zip(points, pixels[:, 0], strict=True):
            ray = camera.rays(np.array([x]), np.array([y]))[0, 0]
            assert ray == pytest.approx(point[:2] / point[2], abs=1e-3)


def test_rays_of_a_fisheye_camera() -> None:
    matrix = np.array([[300.0, 0, 320], [0, 300, 240], [0, 0, 1]])
    distortion = (0.02, -0.01, 0.003, 0.0)
    point = np.array([[[0.6, -0.3, 1.0]]])
    pixels, _ = cv2.fisheye.projectPoints(
        point, np.zeros(3), np.zeros(3), matrix, np.array(distortion)
    )
    x, y = pixels[0, 0]
    camera = Pinhole(640, 480, 300, 300, 320, 240, 'equidistant', distortion)
    ray = camera.rays(np.array([x]), np.array([y]))[0, 0]
    assert ray == pytest.approx([0.6, -0.3], abs=1e-3)


def test_depth_of_half_the_size_gives_the_same_places() -> None:
    whole = TABLE.render()[0]
    half = World(TABLE.blocks, camera=CAMERA.scaled(320, 240)).render()[0]
    for box in TABLE.render()[1]:
        places = [
            to_place(view.points(box))
            for view in (
                DepthView(DepthImage(whole, 1.0), CAMERA, 640, 480),
                DepthView(DepthImage(half, 1.0), CAMERA, 640, 480),
                DepthView(DepthImage(half, 1.0), CAMERA.scaled(320, 240), 640, 480),
            )
        ]
        for place in places[1:]:
            assert place.position == pytest.approx(places[0].position, abs=0.02)


@pytest.mark.parametrize(
    ('depth_size', 'camera', 'words'),
    [
        ((480, 480), CAMERA, 'do not show'),
        ((640, 360), CAMERA, 'do not show'),
        ((640, 480), CAMERA.scaled(320, 240), 'camera_info is for 320x240'),
        ((640, 480), CAMERA.scaled(1280, 720), 'camera_info is for 1280x720'),
        ((1280, 720), CAMERA.scaled(1280, 720), 'do not show'),
    ],
)
def test_sizes_that_do_not_fit(depth_size: tuple[int, int], camera: Pinhole, words: str) -> None:
    depth = DepthImage(np.ones(depth_size[::-1]), 1.0)
    with pytest.raises(InputError, match=words):
        DepthView(depth, camera, 640, 480)


VALUES = np.array([[0, 1500, 2000], [65535, 1, 300]])
METRES = np.array([[np.nan, 1.5, 2.0], [65.535, 0.001, 0.3]])


@pytest.mark.parametrize('big_endian', [False, True])
@pytest.mark.parametrize('padding', [0, 4])
@pytest.mark.parametrize('encoding', ['16UC1', '32FC1'])
def test_units_step_and_byte_order(encoding: str, padding: int, big_endian: bool) -> None:
    order = '>' if big_endian else '<'
    pixels = {'16UC1': VALUES.astype(f'{order}u2'), '32FC1': METRES.astype(f'{order}f4')}[encoding]
    rows = [row.tobytes() + b'\xff' * padding for row in pixels]
    depth = to_depth(
        b''.join(rows),
        width=3,
        height=2,
        encoding=encoding,
        step=len(rows[0]),
        big_endian=big_endian,
    )
    assert depth.size == (3, 2)
    got = depth.metres(np.arange(2), np.arange(3))
    assert np.allclose(got, METRES, equal_nan=True)


@pytest.mark.parametrize(
    ('change', 'words'),
    [
        ({'encoding': 'bgr8'}, "ncoding 'bgr8' is not depth"),
        ({'encoding': 'mono16'}, 'ublish 16UC1'),
        ({'encoding': ''}, 'is not depth'),
        ({'width': 0}, '0x4 pixels'),
        ({'step': 5}, 'step is 5 bytes'),
        ({'height': 9}, '32 bytes but'),
    ],
)
def test_wrong_depth_images(change: dict[str, object], words: str) -> None:
    given = {'width': 4, 'height': 4, 'encoding': '16UC1', 'step': 8, **change}
    with pytest.raises(InputError, match=words):
        to_depth(bytes(32), **given)  # type: ignore[arg-type]
