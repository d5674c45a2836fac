# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Between ROS messages and the types of the engines."""

from __future__ import annotations

import array
import math
from collections.abc import Sequence

import numpy as np
from assist_msgs.msg import Scene as SceneMessage
from assist_msgs.msg import SceneObject as SceneObjectMessage
from assist_msgs.msg import SpatialRelation
from geometry_msgs.msg import Point
from sensor_msgs.msg import CameraInfo, CompressedImage, Image
from std_msgs.msg import ColorRGBA, Header
from vision_msgs.msg import (
    BoundingBox2D,
    Detection2D,
    Detection2DArray,
    ObjectHypothesisWithPose,
)
from visualization_msgs.msg import Marker, MarkerArray

from assist_vision import image
from assist_vision.calibration import Calibration
from assist_vision.draw import colour_of
from assist_vision.scene import Box, Relation, Scene, SceneObject
from assist_vision.tracker import Track

_HALF_VIEW = math.tan(math.radians(30))
"""Markers are placed as a camera with a horizontal view of 60 degrees would see them."""


def from_image(message: Image | CompressedImage) -> np.ndarray:
    """Return an image message, compressed or not, as BGR.

    Raises:
        InputError: it is not a whole colour image.
    """
    if isinstance(message, CompressedImage):
        return image.decode(message.data)
    return image.to_bgr(
        message.data,
        width=message.width,
        height=message.height,
        encoding=message.encoding,
        step=message.step,
        big_endian=bool(message.is_bigendian),
    )


def to_image(bgr: np.ndarray, header: Header) -> Image:
    """Return a BGR image as a message."""
    message = Image(header=header, height=bgr.shape[0], width=bgr.shape[1], encoding='bgr8')
    message.step = bgr.shape[1] * 3
    # Only an array of bytes is taken over as it is; all else is checked byte by byte.
    pixels = array.array('B')
    pixels.frombytes(np.ascontiguousarray(bgr).data)
    message.data = pixels
    return message


def to_camera_info(
    calibration: Calibration | None, width: int, height: int, header: Header
) -> CameraInfo:
    """Return the camera info of an image; uncalibrated (K is zero) unless the sizes agree."""
    message = CameraInfo(header=header, width=width, height=height)
    if calibration and (calibration.width, calibration.height) == (width, height):
        message.distortion_model = calibration.model
        message.d = list(calibration.distortion)
        message.k = calibration.camera
        message.r = calibration.rectification
        message.p = calibration.projection
    return message


def to_detections(tracks: Sequence[Track], header: Header) -> Detection2DArray:
    """Return what one image shows; the id of a detection is that of its track."""
    detections = []
    for track in tracks:
        result = ObjectHypothesisWithPose()
        result.hypothesis.class_id = track.detection.label
        result.hypothesis.score = track.detection.confidence
        detections.append(
            Detection2D(
                header=header,
                results=[result],
                bbox=_to_box(track.detection.box),
                id=str(track.id),
            )
        )
    return Detection2DArray(header=header, detections=detections)


def to_scene(scene: Scene, header: Header) -> SceneMessage:
    """Return a scene as a message."""
    return SceneMessage(
        header=header,
        image_width=scene.width,
        image_height=scene.height,
        objects=[_to_object(each) for each in scene.objects],
        relations=[_to_relation(each) for each in scene.relations],
    )


def to_markers(scene: Scene, header: Header) -> MarkerArray:
    """Return the boxes and labels on a plane one metre before the camera, after clearing it.

    The frame is optical: x to the right, y down, z forward (REP-103).
    """
    markers = [Marker(header=header, action=Marker.DELETEALL)]
    for each in scene.objects:
        blue, green, red = colour_of(each.label)
        colour = ColorRGBA(r=red / 255, g=green / 255, b=blue / 255, a=1.0)
        x0, y0, x1, y1 = each.box
        corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))
        frame = _marker(header, 'boxes', each, Marker.LINE_STRIP, colour)
        frame.scale.x = 0.006
        frame.points = [_on_plane(x, y, scene) for x, y in corners]
        text = _marker(header, 'labels', each, Marker.TEXT_VIEW_FACING, colour)
        text.scale.z = 0.04
        text.pose.position = _on_plane((x0 + x1) / 2, y0, scene)
        text.text = f'{each.label} {each.id}'
        markers += [frame, text]
    return MarkerArray(markers=markers)


def _to_object(thing: SceneObject) -> SceneObjectMessage:
    return SceneObjectMessage(
        id=thing.id, label=thing.label, confidence=thing.confidence, bbox=_to_box(thing.box)
    )


def _to_relation(relation: Relation) -> SpatialRelation:
    return SpatialRelation(
        subject_id=relation.subject,
        predicate=relation.predicate,
        object_id=relation.object,
        confidence=relation.confidence,
    )


def _to_box(box: Box) -> BoundingBox2D:
    x0, y0, x1, y1 = (float(edge) for edge in box)
    message = BoundingBox2D(size_x=x1 - x0, size_y=y1 - y0)
    message.center.position.x = (x0 + x1) / 2
    message.center.position.y = (y0 + y1) / 2
    return message


def _marker(
    header: Header, namespace: str, thing: SceneObject, kind: int, colour: ColorRGBA
) -> Marker:
    marker = Marker(header=header, ns=namespace, id=int(thing.id), type=kind, color=colour)
    marker.pose.orientation.w = 1.0
    return marker


def _on_plane(x: float, y: float, scene: Scene) -> Point:
    pixel = 2 * _HALF_VIEW / scene.width
    return Point(x=(x - scene.width / 2) * pixel, y=(y - scene.height / 2) * pixel, z=1.0)
