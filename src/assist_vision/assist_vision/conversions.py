# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Between ROS messages and the types of the engines."""

from __future__ import annotations

import array
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import numpy as np
from assist_common.errors import InputError
from assist_msgs.msg import Scene as SceneMessage
from assist_msgs.msg import SceneObject as SceneObjectMessage
from assist_msgs.msg import SpatialRelation
from geometry_msgs.msg import Point, TransformStamped, Vector3
from sensor_msgs.msg import CameraInfo, CompressedImage, Image
from std_msgs.msg import Header
from vision_msgs.msg import (
    BoundingBox2D,
    Detection2D,
    Detection2DArray,
    ObjectHypothesisWithPose,
)

from assist_vision import image
from assist_vision.calibration import DISTORTIONS, Calibration
from assist_vision.depth import Pinhole, Transform
from assist_vision.image import DepthImage
from assist_vision.scene import Box, Place, Scene, SceneObject
from assist_vision.scene import Point as XYZ
from assist_vision.tracker import Track

M = TypeVar('M')

_NOWHERE = Place((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))


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


def from_depth(message: Image) -> DepthImage:
    """Return a depth image message.

    Raises:
        InputError: it is not a whole depth image.
    """
    return image.to_depth(
        message.data,
        width=message.width,
        height=message.height,
        encoding=message.encoding,
        step=message.step,
        big_endian=bool(message.is_bigendian),
    )


def from_camera_info(message: CameraInfo, *, rectified: bool) -> Pinhole:
    """Return the camera of images that come with a camera_info.

    Rectified images follow the projection matrix P and have no distortion; raw ones follow K and
    D. The sizes and matrices of the message are those of the full resolution (REP-104): binning
    and region of interest are applied.

    Raises:
        InputError: the camera is not calibrated, or its distortion is of an unknown kind.
    """
    matrix = np.array(message.p).reshape(3, 4) if rectified else np.array(message.k).reshape(3, 3)
    fx, fy, cx, cy = (float(matrix[at]) for at in ((0, 0), (1, 1), (0, 2), (1, 2)))
    name = 'P' if rectified else 'K'
    if not (fx > 0 and fy > 0 and np.isfinite(matrix).all()):
        raise InputError(
            f'the camera_info is not calibrated: {name} has no focal length', 'calibrate the camera'
        )
    distortion = () if rectified else tuple(message.d)
    if any(distortion) and len(distortion) not in DISTORTIONS.get(message.distortion_model, ()):
        raise InputError(
            f'camera_info has {len(distortion)} coefficients of distortion model '
            f"'{message.distortion_model}', which is unknown",
            f'use one of: {", ".join(filter(None, DISTORTIONS))}',
        )
    part = message.roi
    binning = (max(1, message.binning_x), max(1, message.binning_y))
    return Pinhole(
        width=(part.width or message.width) // binning[0],
        height=(part.height or message.height) // binning[1],
        fx=fx / binning[0],
        fy=fy / binning[1],
        cx=(cx - part.x_offset) / binning[0],
        cy=(cy - part.y_offset) / binning[1],
        model=message.distortion_model,
        distortion=distortion if any(distortion) else (),
    )


def from_transform(message: TransformStamped) -> Transform:
    """Return a transform of tf; its quaternion has length 1."""
    turn, shift = message.transform.rotation, message.transform.translation
    x, y, z, w = turn.x, turn.y, turn.z, turn.w
    rotation = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    return Transform(message.header.frame_id, rotation, np.array([shift.x, shift.y, shift.z]))


def stay_in(frame: str) -> Transform:
    """Return the transform that leaves points where they are."""
    return Transform(frame, np.eye(3), np.zeros(3))


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


class SceneWriter:
    """Writes what images show into messages that it keeps: to make them anew takes thrice as long.

    What it returns holds until its next call. Not for several threads at once.
    """

    def __init__(self) -> None:
        self._detections = _Kept(_make_detection)
        self._objects = _Kept(SceneObjectMessage)
        self._relations = _Kept(SpatialRelation)

    def to_detections(self, tracks: Sequence[Track], header: Header) -> Detection2DArray:
        """Return what one image shows; the id of a detection is that of its track."""
        messages = self._detections.take(len(tracks))
        for message, track in zip(messages, tracks, strict=True):
            message.header = header
            message.id = str(track.id)
            hypothesis = message.results[0].hypothesis
            hypothesis.class_id = track.detection.label
            hypothesis.score = track.detection.confidence
            _fill_box(message.bbox, track.detection.box)
        return Detection2DArray(header=header, detections=messages)

    def to_scene(self, scene: Scene, header: Header) -> SceneMessage:
        """Return a scene as a message."""
        objects = self._objects.take(len(scene.objects))
        for message, thing in zip(objects, scene.objects, strict=True):
            _fill_object(message, thing)
        relations = self._relations.take(len(scene.relations))
        for message, relation in zip(relations, scene.relations, strict=True):
            message.subject_id = relation.subject
            message.predicate = relation.predicate
            message.object_id = relation.object
            message.confidence = relation.confidence
        return SceneMessage(
            header=header,
            image_width=scene.width,
            image_height=scene.height,
            position_frame=scene.position_frame,
            relation_frame=scene.relation_frame,
            objects=objects,
            relations=relations,
        )


class _Kept(Generic[M]):
    def __init__(self, make: Callable[[], M]) -> None:
        self._make = make
        self._messages: list[M] = []

    def take(self, count: int) -> list[M]:
        missing = count - len(self._messages)
        self._messages += [self._make() for _ in range(missing)]
        return self._messages[:count]


def _make_detection() -> Detection2D:
    return Detection2D(results=[ObjectHypothesisWithPose()])


def _fill_object(message: SceneObjectMessage, thing: SceneObject) -> None:
    message.id = thing.id
    message.label = thing.label
    message.confidence = thing.confidence
    message.attributes = list(thing.attributes)
    message.located = thing.place is not None
    _fill_box(message.bbox, thing.box)
    place = thing.place or _NOWHERE
    _fill_vector(message.position, place.position)
    _fill_vector(message.size, place.size)


def _fill_box(message: BoundingBox2D, box: Box) -> None:
    x0, y0, x1, y1 = (float(edge) for edge in box)
    message.size_x, message.size_y = x1 - x0, y1 - y0
    middle = message.center.position
    middle.x, middle.y = (x0 + x1) / 2, (y0 + y1) / 2


def _fill_vector(message: Point | Vector3, values: XYZ) -> None:
    message.x, message.y, message.z = values
