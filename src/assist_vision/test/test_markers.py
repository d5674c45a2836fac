# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import pytest
from assist_vision.depth import Locator
from assist_vision.markers import to_markers
from assist_vision.pipeline import build_scene
from assist_vision.scene import Scene
from builtin_interfaces.msg import Time
from scenes import DESK, scene
from std_msgs.msg import Header
from synthetic import TABLE
from visualization_msgs.msg import Marker

HEADER = Header(stamp=Time(sec=3, nanosec=7), frame_id='camera_optical_frame')


def located() -> Scene:
    objects = TABLE.objects()
    found = Locator().locate(objects, {each.id for each in objects}, TABLE.sight())
    return build_scene(found, 640, 480, position_frame='base_link')


def of(markers: list[Marker], namespace: str) -> list[Marker]:
    return [each for each in markers if each.ns == namespace]


def test_without_depth_they_lie_on_a_plane_before_the_camera() -> None:
    seen = scene(*DESK)
    markers = to_markers(seen, HEADER).markers
    assert markers[0].action == Marker.DELETEALL
    assert all(marker.header == HEADER for marker in markers)
    assert len(of(markers, 'boxes')) == len(of(markers, 'labels')) == len(DESK)
    points = [point for marker in markers for point in marker.points]
    assert all(point.z == 1.0 and abs(point.x) < 0.6 and abs(point.y) < 0.5 for point in points)


def test_the_plane_is_as_wide_as_the_camera_sees() -> None:
    whole = replace(DESK[0], box=(0.0, 0.0, 640.0, 480.0))
    outline = of(to_markers(scene(whole), HEADER, view=0.8).markers, 'boxes')[0]
    assert {round(point.x, 6) for point in outline.points} == {-0.8, 0.8}


def test_with_depth_they_have_their_place_and_size() -> None:
    seen = located()
    markers = to_markers(seen, HEADER).markers
    for marker, thing in zip(of(markers, 'boxes'), seen.objects, strict=True):
        assert thing.place is not None
        assert marker.type == Marker.CUBE and marker.header.frame_id == 'base_link'
        assert marker.header.stamp == HEADER.stamp
        position, scale = marker.pose.position, marker.scale
        assert (position.x, position.y, position.z) == thing.place.position
        assert (scale.x, scale.y, scale.z) == pytest.approx(thing.place.size, abs=0.02)
        assert min(scale.x, scale.y, scale.z) > 0
    labels = of(markers, 'labels')
    assert all(
        label.pose.position.z > box.pose.position.z
        for label, box in zip(labels, of(markers, 'boxes'), strict=True)
    )


def test_relations_are_lines_from_thing_to_thing() -> None:
    seen = located()
    markers = to_markers(seen, HEADER).markers
    lines, labels = of(markers, 'relations'), of(markers, 'relation labels')
    assert len(lines) == len(labels) == len(seen.relations) > 0
    places = {each.id: each.place.position for each in seen.objects if each.place}
    for line, label, relation in zip(lines, labels, seen.relations, strict=True):
        ends = [(point.x, point.y, point.z) for point in line.points]
        assert ends == [places[relation.subject], places[relation.object]]
        assert label.text == relation.predicate.replace('_', ' ')


def test_what_has_a_place_and_what_has_none_are_in_frames_of_their_own() -> None:
    seen = located()
    flat = replace(seen.objects[0], place=None, view=None)
    mixed = replace(seen, objects=(flat, *seen.objects[1:]))
    markers = to_markers(mixed, HEADER).markers
    boxes = of(markers, 'boxes')
    assert boxes[0].header == HEADER and boxes[1].header.frame_id == 'base_link'
    lines = {line.header.frame_id for line in of(markers, 'relations')}
    assert lines == {'base_link'}


def test_every_marker_has_a_name_of_its_own() -> None:
    markers = to_markers(located(), HEADER).markers[1:]
    assert len({(each.ns, each.id) for each in markers}) == len(markers)


def test_an_empty_scene_clears_what_was_there() -> None:
    markers = to_markers(Scene(640, 480), HEADER).markers
    assert [each.action for each in markers] == [Marker.DELETEALL]


def test_attributes_are_part_of_the_label() -> None:
    red = replace(DESK[0], attributes=('red',))
    assert of(to_markers(scene(red), HEADER).markers, 'labels')[0].text == 'red cup 1'
