# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of detector_node."""

from __future__ import annotations

from dataclasses import dataclass

from assist_common import qos
from assist_common.parameters import parameter

from assist_vision.depth_input import SOURCES
from assist_vision.scene import ROBOT, VIEWER


@dataclass(frozen=True)
class DetectorParameters:
    model: str = parameter(
        'yolov3-tiny-coco.onnx',
        'detection model: a path, a packaged model, or one that Ultralytics downloads (yolo11n.pt)',
        read_only=True,
    )
    device: str = parameter('auto', "what it runs on: 'auto', 'cpu', 'cuda:0'", read_only=True)
    threads: int = parameter(
        0, 'of the processor; 0: one for each core', low=0, high=256, read_only=True
    )
    confidence: float = parameter(
        0.25, 'least confidence of a detection that starts an object', low=0.1, high=1.0
    )
    overlap: float = parameter(
        0.4,
        'intersection over union above which two boxes of a class are one object',
        low=0.05,
        high=0.95,
    )
    classes: tuple[str, ...] = parameter((), 'only objects of these classes; empty: all')
    frames: int = parameter(5, 'images that vote on what is there', low=1, high=60)
    appear: int = parameter(
        3, 'images of these that must show an object before it appears', low=1, high=60
    )
    memory: float = parameter(
        2.0, 'how long an object keeps its id that no sure detection shows, s', low=0.0, high=600.0
    )
    compressed: bool = parameter(
        False, 'take image_raw/compressed instead of image_raw', read_only=True
    )
    depth: int = parameter(
        5, 'images that wait in the subscription at most', low=1, high=100, read_only=True
    )
    reliability: str = parameter(
        'best_effort', 'of the image subscription', choices=qos.RELIABILITIES, read_only=True
    )
    use_depth: str = parameter(
        'auto',
        'depth/image_raw, camera_info and tf tell where objects are: '
        "'auto' when they come, 'on' (it is a fault when they do not) or 'off'",
        choices=SOURCES,
        read_only=True,
    )
    depth_tolerance: float = parameter(
        0.1,
        'largest difference between the stamps of the image and of its depth or tf, s',
        low=0.001,
        high=10.0,
        read_only=True,
    )
    rectified: bool = parameter(
        False,
        'the images are rectified (image_rect): P of camera_info counts, not K and D',
        read_only=True,
    )
    base_frame: str = parameter(
        'base_link', 'frame of the robot, x forward, y left (REP-103), for places', read_only=True
    )
    relation_frame: str = parameter(
        VIEWER,
        "whose left and front relations tell: the 'viewer' of the image or the 'robot', which "
        'needs depth and tf',
        choices=(VIEWER, ROBOT),
    )
    timeout: float = parameter(
        2.0, 'the camera counts as stopped after so long without an image, s', low=0.1, high=600.0
    )
