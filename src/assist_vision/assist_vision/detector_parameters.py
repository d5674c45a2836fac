# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of detector_node."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from assist_common import qos
from assist_common.parameters import parameter

from assist_vision.depth_input import SOURCES, DepthOptions
from assist_vision.model_slot import ModelChoice
from assist_vision.pace import PaceOptions
from assist_vision.scene import ROBOT, VIEWER
from assist_vision.stabiliser import StabiliserOptions
from assist_vision.tracker import TrackerOptions


@dataclass(frozen=True)
class DetectorParameters:
    model: str = parameter(
        'yolov3-tiny-coco.onnx',
        'detection model: a path, a packaged model, or one that Ultralytics downloads '
        '(yolo11n.pt); a .pt is exported once where there is no GPU',
    )
    device: str = parameter(
        'auto',
        "what it runs on: 'auto', 'cpu', 'cuda:0', 'intel:gpu'; auto: a GPU that torch can use, or "
        'the processor',
    )
    precision: str = parameter(
        'fp32',
        'of a .pt on the processor; int8 is faster and less exact, and needs calibration and nncf',
        choices=('fp32', 'int8'),
    )
    calibration: str = parameter('', 'folder with a hundred pictures or more, for int8')
    input_size: int = parameter(
        640,
        'longest side of the input of a .pt, pixels; an exported model has its own',
        low=64,
        high=4096,
    )
    image_width: int = parameter(
        640,
        'of the images of the camera, pixels: configure makes the model ready for that shape; '
        'another works too, but its first image takes longer',
        low=1,
        high=16384,
        read_only=True,
    )
    image_height: int = parameter(480, 'the same', low=1, high=16384, read_only=True)
    threads: int = parameter(
        0,
        'of the processor; 0: one for each core, at most OMP_NUM_THREADS, else 6',
        low=0,
        high=256,
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
    rate: float = parameter(
        0.0, 'most images looked at, Hz; 0: as many as it can', low=0.0, high=1000.0
    )
    idle_rate: float = parameter(
        1.0,
        'the same while nobody looks or speaks, Hz; a scene older than 2 s counts as stale, so not '
        'less than 1; 0: as always',
        low=0.0,
        high=1000.0,
    )
    idle_after: float = parameter(
        30.0, 'time after the last sign of a dialogue until that, s', low=0.0, high=86400.0
    )
    idle_listeners: tuple[str, ...] = parameter(
        ('intent_node', 'executor_node'),
        'nodes that always listen to scene; they do not count as somebody who looks',
    )


def to_choice(chosen: DetectorParameters) -> ModelChoice:
    """Return which model is wanted, and how it is to run."""
    names = [field.name for field in dataclasses.fields(ModelChoice)]
    return ModelChoice(**{name: getattr(chosen, name) for name in names})


def to_pace_options(chosen: DetectorParameters) -> PaceOptions:
    """Return how many images a second are looked at."""
    return PaceOptions(chosen.rate, chosen.idle_rate, chosen.idle_after)


def to_pipeline_options(chosen: DetectorParameters) -> tuple[TrackerOptions, StabiliserOptions]:
    """Return how objects are followed and believed in."""
    tracking = TrackerOptions(sure=chosen.confidence, memory=chosen.memory)
    appear = min(chosen.appear, chosen.frames)
    return tracking, StabiliserOptions(frames=chosen.frames, appear=appear)


def to_depth_options(chosen: DetectorParameters) -> DepthOptions:
    """Return what is done with depth images."""
    return DepthOptions(
        required=chosen.use_depth == 'on',
        rectified=chosen.rectified,
        tolerance=chosen.depth_tolerance,
        base_frame=chosen.base_frame,
    )
