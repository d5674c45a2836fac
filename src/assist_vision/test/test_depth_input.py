# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The detector with depth, camera_info and tf: real ones, of wrong kinds, and missing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from assist_common import qos
from assist_common.conversions import to_seconds, to_stamp
from assist_common.testing import Collector, Graph, wait_until
from assist_msgs.msg import Scene
from assist_vision import conversions
from assist_vision.detector import Detector
from assist_vision.detector_node import DetectorNode
from diagnostic_msgs.msg import DiagnosticStatus
from diagnostic_updater import DiagnosticStatusWrapper
from geometry_msgs.msg import TransformStamped
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import Header
from tf2_ros import StaticTransformBroadcaster, TransformBroadcaster
from visualization_msgs.msg import Marker, MarkerArray

FOCAL = 900.0
NEAR, FAR = 3.0, 6.0
MAST = (0.2, 0.1, 1.3)
"""Where the camera is on the robot, m; it looks ahead."""


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph() as made:
        yield made


def to_depth(metres: np.ndarray, header: Header, encoding: str = '16UC1') -> Image:
    height, width = metres.shape
    pixels = metres * 1000 if encoding == '16UC1' else metres
    data = np.nan_to_num(pixels).astype('<u2' if encoding == '16UC1' else '<f4')
    step = data.strides[0]
    return Image(header=header, height=height, width=width, encoding=encoding, step=step,
                 data=data.tobytes())  # fmt: skip


def to_info(width: int, height: int, header: Header) -> CameraInfo:
    k = [FOCAL, 0, width / 2, 0, FOCAL, height / 2, 0, 0, 1.0]
    return CameraInfo(header=header, width=width, height=height, k=k, distortion_model='plumb_bob')


def pose_of_the_camera(stamp: object = None) -> TransformStamped:
    message = TransformStamped(child_frame_id='camera')
    message.header.frame_id = 'base_link'
    if stamp is not None:
        message.header.stamp = stamp
    shift, turn = message.transform.translation, message.transform.rotation
    shift.x, shift.y, shift.z = MAST
    turn.x, turn.y, turn.z, turn.w = -0.5, 0.5, -0.5, 0.5
    return message


class Rig:
    """A colour and a depth camera that look at a photograph whose people are near."""

    def __init__(self, graph: Graph, picture: np.ndarray, coco: Detector) -> None:
        self._graph = graph
        self._picture = picture
        self.height, self.width = picture.shape[:2]
        self.people = [
            each.box
            for each in coco.detect(picture, confidence=0.25, overlap=0.4)
            if each.label == 'person'
        ]
        self.depth = np.full((self.height, self.width), FAR)
        for x0, y0, x1, y1 in self.people:
            self.depth[max(0, int(y0)) : int(y1), max(0, int(x0)) : int(x1)] = NEAR
        self.images = graph.publisher(Image, 'image_raw', qos.SENSOR)
        self.depths = graph.publisher(Image, 'depth/image_raw', qos.SENSOR)
        self.infos = graph.publisher(CameraInfo, 'camera_info', qos.SENSOR)

    def header(self, later: float = 0.0) -> Header:
        now = to_seconds(self._graph.probe.get_clock().now().to_msg())
        return Header(stamp=to_stamp(now + later), frame_id='camera')

    def show(
        self,
        depth: Callable[[Header], Image] | None = None,
        info: Callable[[Header], CameraInfo] | None = None,
        frame: str = 'camera',
    ) -> None:
        header = self.header()
        make_info = info or (lambda header: to_info(self.width, self.height, header))
        make_depth = depth or (lambda header: to_depth(self.depth, header))
        header.frame_id = frame
        self.infos.publish(make_info(header))
        self.depths.publish(make_depth(header))
        self.images.publish(conversions.to_image(self._picture, header))


def state(node: DetectorNode) -> tuple[bytes, str]:
    assert node.depth is not None
    status = node.depth.diagnose(DiagnosticStatusWrapper())
    return status.level, status.message


def show_until(
    show: Callable[[], None], scenes: Collector, wanted: Callable[[Scene], bool]
) -> Scene:
    scenes.clear()

    def found() -> list[Scene]:
        show()
        return [each for each in scenes.messages if wanted(each)]

    return wait_until(found, 'such a scene')[-1]


def is_placed(scene: Scene) -> bool:
    return len(scene.objects) >= 4 and all(each.located for each in scene.objects)


@pytest.mark.parametrize('encoding', ['16UC1', '32FC1'])
def test_places_in_the_frame_of_the_robot(
    graph: Graph, bus: np.ndarray, coco: Detector, encoding: str
) -> None:
    scenes = graph.listen(Scene, 'scene')
    markers = graph.listen(MarkerArray, 'scene/markers')
    node = graph.start(DetectorNode, {'relation_frame': 'robot'}, state='inactive')
    StaticTransformBroadcaster(graph.probe).sendTransform(pose_of_the_camera())
    graph.transition(node, 'activate')
    rig = Rig(graph, bus, coco)
    scene = show_until(
        lambda: rig.show(lambda header: to_depth(rig.depth, header, encoding)),
        scenes,
        lambda scene: is_placed(scene) and scene.position_frame == 'base_link',
    )
    assert scene.relation_frame == Scene.ROBOT
    assert state(node) == (DiagnosticStatus.OK, 'depth is used')
    errors = []
    for each in scene.objects:
        if each.label == 'person':
            box = each.bbox.center.position
            truth = (
                MAST[0] + NEAR,
                MAST[1] - (box.x - rig.width / 2) / FOCAL * NEAR,
                MAST[2] - (box.y - rig.height / 2) / FOCAL * NEAR,
            )
            place = each.position
            errors.append(math.dist(truth, (place.x, place.y, place.z)))
    assert len(errors) == 3 and np.median(errors) < 0.05
    names = {each.id: each.label for each in scene.objects}
    said = [(names[r.subject_id], r.predicate, names[r.object_id]) for r in scene.relations]
    assert said.count(('person', 'in_front_of', 'bus')) == 3

    def solid() -> bool:
        return any(each.type == Marker.CUBE for array in markers.messages for each in array.markers)

    wait_until(solid, 'markers in space')


def test_a_moving_camera(graph: Graph, bus: np.ndarray, coco: Detector) -> None:
    scenes = graph.listen(Scene, 'scene')
    graph.start(DetectorNode)
    moving = TransformBroadcaster(graph.probe)
    rig = Rig(graph, bus, coco)

    def show() -> None:
        moving.sendTransform(pose_of_the_camera(rig.header().stamp))
        rig.show()

    show_until(show, scenes, lambda scene: scene.position_frame == 'base_link')


def test_a_pose_of_the_camera_that_is_too_old_is_not_used(
    graph: Graph, bus: np.ndarray, coco: Detector
) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode, {'depth_tolerance': 0.2})
    moving = TransformBroadcaster(graph.probe)
    rig = Rig(graph, bus, coco)

    def show() -> None:
        moving.sendTransform(pose_of_the_camera(rig.header(later=-0.5).stamp))
        rig.show()

    show_until(show, scenes, is_placed)
    wait_until(lambda: show() or 'extrapolation' in state(node)[1], 'a word on the time')
    assert scenes.messages[-1].position_frame == 'camera'


def test_without_tf_places_are_in_the_frame_of_the_camera(
    graph: Graph, bus: np.ndarray, coco: Detector
) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode, {'relation_frame': 'robot'})
    rig = Rig(graph, bus, coco)
    scene = show_until(rig.show, scenes, is_placed)
    assert (scene.position_frame, scene.relation_frame) == ('camera', Scene.VIEWER)
    person = next(each for each in scene.objects if each.label == 'person')
    assert person.position.z == pytest.approx(NEAR, abs=0.01)
    level, text = state(node)
    assert level == DiagnosticStatus.WARN
    assert "no transform from 'camera' to 'base_link'" in text and 'base_frame' in text


def test_what_is_wrong_is_told_and_the_scene_goes_on_flat(
    graph: Graph, bus: np.ndarray, coco: Detector
) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode)
    StaticTransformBroadcaster(graph.probe).sendTransform(pose_of_the_camera())
    rig = Rig(graph, bus, coco)
    whole = rig.depth

    def late(header: Header) -> Header:
        return Header(stamp=to_stamp(to_seconds(header.stamp) + 5.0), frame_id='camera')

    def cut(header: Header) -> Image:
        message = to_depth(whole, header)
        message.data = message.data[:1000]
        return message

    wrong: list[tuple[str, dict[str, Any]]] = [
        ('s from the colour image', {'depth': lambda header: to_depth(whole, late(header))}),
        ('do not show what', {'depth': lambda header: to_depth(whole[:, :600], header)}),
        ("'bgr8' is not depth", {'depth': lambda h: conversions.to_image(bus, h)}),
        ('has 1000 bytes', {'depth': cut}),
        ('image is 0x0 pixels', {'depth': lambda header: Image(header=header, encoding='16UC1')}),
        ('not calibrated', {'info': lambda h: CameraInfo(header=h, width=810, height=1080)}),
        ('image has no frame_id', {'frame': ''}),
        ('camera_info is for 64x48', {'info': lambda header: to_info(64, 48, header)}),
    ]
    for words, parts in wrong:
        node.depth.forget()
        scenes.clear()

        def flat(words: str = words, parts: dict[str, Any] = parts) -> bool:
            rig.show(**parts)
            return (
                words in state(node)[1]
                and bool(scenes.messages)
                and len(scenes.messages[-1].objects) >= 4
                and scenes.messages[-1].position_frame == ''
            )

        wait_until(flat, words)
        assert state(node)[0] == DiagnosticStatus.WARN
        assert not any(each.located for each in scenes.messages[-1].objects)
    node.depth.forget()
    scene = show_until(rig.show, scenes, is_placed)
    assert scene.position_frame == 'base_link'
    assert state(node)[0] == DiagnosticStatus.OK
    assert node.errors == 0


@pytest.mark.parametrize('value', [0.0, math.nan])
def test_depth_that_shows_nothing(
    graph: Graph, bus: np.ndarray, coco: Detector, value: float
) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode)
    rig = Rig(graph, bus, coco)
    rig.depth = np.full(rig.depth.shape, value)
    scene = show_until(rig.show, scenes, lambda scene: len(scene.objects) >= 4)
    assert not any(each.located for each in scene.objects)
    assert node.errors == 0


def test_missing_camera_info_and_missing_depth(
    graph: Graph, bus: np.ndarray, coco: Detector
) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode, {'use_depth': 'on'})
    rig = Rig(graph, bus, coco)
    header = rig.header()
    rig.images.publish(conversions.to_image(bus, header))
    scenes.wait(1)
    assert state(node) == (DiagnosticStatus.WARN, 'no depth image has come')

    def complains() -> bool:
        header = rig.header()
        rig.depths.publish(to_depth(rig.depth, header))
        rig.images.publish(conversions.to_image(bus, header))
        return 'No camera_info has come' in state(node)[1]

    wait_until(complains, 'a word on camera_info')


def test_depth_is_optional_and_can_be_off(graph: Graph, bus: np.ndarray, coco: Detector) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode)
    rig = Rig(graph, bus, coco)
    rig.images.publish(conversions.to_image(bus, rig.header()))
    scenes.wait(1)
    assert state(node) == (DiagnosticStatus.OK, 'no depth, so objects have no places')


def test_off(graph: Graph) -> None:
    node = graph.start(DetectorNode, {'use_depth': 'off'})
    topics = {subscription.topic_name.rsplit('/', 1)[-1] for subscription in node.subscriptions}
    assert node.depth is None
    assert not topics & {'camera_info', 'tf', 'tf_static'}
