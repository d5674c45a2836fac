# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A scene as markers for rviz2."""

from __future__ import annotations

import math

from geometry_msgs.msg import Point
from std_msgs.msg import ColorRGBA, Header
from visualization_msgs.msg import Marker, MarkerArray

from assist_vision.draw import colour_of
from assist_vision.scene import Place, Scene, SceneObject

GUESSED_VIEW = math.tan(math.radians(30))
"""Half of what an unknown camera is taken to see one metre away: 60 degrees, a usual webcam."""

_LINE = 0.006
_THIN = 0.02
"""Metres: what is seen of a wall has no depth, and rviz2 does not draw what has none."""
_WHITE = ColorRGBA(r=1.0, g=1.0, b=1.0, a=0.8)


def to_markers(scene: Scene, header: Header, view: float = GUESSED_VIEW) -> MarkerArray:
    """Return the objects and the relations between them, after clearing the old ones.

    Located objects are boxes of their size at their place, in the scene's position frame. The
    others are outlines on a plane one metre before the camera, in its optical frame: their
    distance is not known. `view` is half of what the camera sees there, in m.
    """
    return _Markers(scene, header, view).make()


class _Markers:
    def __init__(self, scene: Scene, header: Header, view: float) -> None:
        self._scene = scene
        self._optical = header
        self._located = Header(stamp=header.stamp, frame_id=scene.position_frame)
        self._pixel = 2 * view / scene.width

    def make(self) -> MarkerArray:
        markers = [Marker(header=self._optical, action=Marker.DELETEALL)]
        for number, each in enumerate(self._scene.objects):
            markers += self._object(number, each)
        objects = {each.id: each for each in self._scene.objects}
        for number, relation in enumerate(self._scene.relations):
            pair = (objects[relation.subject], objects[relation.object])
            # A line needs both ends in one frame.
            if (pair[0].place is None) == (pair[1].place is None):
                text = relation.predicate.replace('_', ' ')
                markers += self._relation(number, *pair, text)
        return MarkerArray(markers=markers)

    def _object(self, number: int, thing: SceneObject) -> list[Marker]:
        blue, green, red = colour_of(thing.label)
        colour = ColorRGBA(r=red / 255, g=green / 255, b=blue / 255, a=1.0)
        if thing.place is None:
            shape = self._outline(number, thing, colour)
        else:
            shape = self._solid(number, thing.place, colour)
        words = [*thing.attributes, thing.label, thing.id]
        text = self._text('labels', number, thing, colour, ' '.join(words), 0.04)
        text.pose.position = self._top(thing)
        return [shape, text]

    def _outline(self, number: int, thing: SceneObject, colour: ColorRGBA) -> Marker:
        marker = self._marker('boxes', number, thing, Marker.LINE_STRIP, colour)
        marker.scale.x = _LINE
        x0, y0, x1, y1 = thing.box
        corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))
        marker.points = [self._on_plane(x, y) for x, y in corners]
        return marker

    def _solid(self, number: int, place: Place, colour: ColorRGBA) -> Marker:
        glass = ColorRGBA(r=colour.r, g=colour.g, b=colour.b, a=0.5)
        marker = _new(self._located, 'boxes', number, Marker.CUBE, glass)
        marker.pose.position = _point(place.position)
        marker.scale.x, marker.scale.y, marker.scale.z = (max(_THIN, each) for each in place.size)
        return marker

    def _relation(
        self, number: int, subject: SceneObject, reference: SceneObject, text: str
    ) -> list[Marker]:
        line = self._marker('relations', number, subject, Marker.LINE_STRIP, _WHITE)
        line.scale.x = _LINE / 2
        start, end = self._middle(subject), self._middle(reference)
        line.points = [start, end]
        label = self._text('relation labels', number, subject, _WHITE, text, 0.03)
        label.pose.position = Point(
            x=(start.x + end.x) / 2, y=(start.y + end.y) / 2, z=(start.z + end.z) / 2
        )
        return [line, label]

    def _text(
        self,
        namespace: str,
        number: int,
        thing: SceneObject,
        colour: ColorRGBA,
        text: str,
        height: float,
    ) -> Marker:
        marker = self._marker(namespace, number, thing, Marker.TEXT_VIEW_FACING, colour)
        marker.scale.z = height
        marker.text = text
        return marker

    def _marker(
        self, namespace: str, number: int, thing: SceneObject, kind: int, colour: ColorRGBA
    ) -> Marker:
        header = self._optical if thing.place is None else self._located
        return _new(header, namespace, number, kind, colour)

    def _middle(self, thing: SceneObject) -> Point:
        if thing.place is not None:
            return _point(thing.place.position)
        x0, y0, x1, y1 = thing.box
        return self._on_plane((x0 + x1) / 2, (y0 + y1) / 2)

    def _top(self, thing: SceneObject) -> Point:
        if thing.place is None:
            x0, y0, x1, _ = thing.box
            return self._on_plane((x0 + x1) / 2, y0)
        top = _point(thing.place.position)
        if self._located.frame_id == self._optical.frame_id:
            top.y -= thing.place.size[1] / 2 + 0.05
        else:
            top.z += thing.place.size[2] / 2 + 0.05
        return top

    def _on_plane(self, x: float, y: float) -> Point:
        scene = self._scene
        return Point(
            x=(x - scene.width / 2) * self._pixel, y=(y - scene.height / 2) * self._pixel, z=1.0
        )


def _new(header: Header, namespace: str, number: int, kind: int, colour: ColorRGBA) -> Marker:
    marker = Marker(header=header, ns=namespace, id=number, type=kind, color=colour)
    marker.pose.orientation.w = 1.0
    return marker


def _point(place: tuple[float, float, float]) -> Point:
    x, y, z = place
    return Point(x=x, y=y, z=z)
