# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from assist_common import qos
from assist_common.conversions import to_seconds, to_stamp
from assist_common.testing import Graph, wait_until
from assist_msgs.msg import Scene
from assist_msgs.srv import DescribeScene
from assist_vision import conversions
from assist_vision.detector_node import DetectorNode
from assist_vision.scene import Detection
from builtin_interfaces.msg import Time
from cameras import Camera, Film, labels, show_until_seen
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.parameter import Parameter
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header
from std_srvs.srv import Trigger
from test_detector import shape_teller
from vision_msgs.msg import Detection2DArray
from visualization_msgs.msg import MarkerArray


def test_scene_and_detections_of_a_photograph(graph: Graph, bus: np.ndarray) -> None:
    scenes = graph.listen(Scene, 'scene')
    detections = graph.listen(Detection2DArray, 'detections')
    graph.start(DetectorNode)
    camera = Camera(graph, bus)
    first = camera.show()
    assert scenes.wait(1)[0].header == first
    assert scenes.messages[0].objects == []  # nothing is believed that was seen once
    assert len(detections.wait(1)[0].detections) >= 4
    scene = show_until_seen(camera, scenes)
    assert labels(scene) == ['bus', 'person', 'person', 'person']
    assert (scene.image_width, scene.image_height) == (810, 1080)
    names = {each.id: each.label for each in scene.objects}
    said = [(names[r.subject_id], r.predicate, names[r.object_id]) for r in scene.relations]
    assert said.count(('person', 'in_front_of', 'bus')) == 3
    assert [each.attributes for each in scene.objects if each.label == 'bus'] == [['blue']]
    ids = {each.id for each in detections.messages[-1].detections}
    assert {each.id for each in scene.objects} <= ids


def test_the_colour_of_a_thing(graph: Graph) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode)
    found = [Detection('cup', 0.9, (100.0, 60.0, 200.0, 160.0))]
    node.slot.detector.detect = lambda image, **options: found
    picture = np.full((240, 320, 3), 200, np.uint8)
    picture[60:160, 100:200] = (20, 20, 200)
    scene = show_until_seen(Camera(graph, picture), scenes, count=1)
    assert [each.attributes for each in scene.objects] == [['red']]


def test_compressed_images(graph: Graph, bus: np.ndarray) -> None:
    scenes = graph.listen(Scene, 'scene')
    graph.start(DetectorNode, {'compressed': True})
    scene = show_until_seen(Camera(graph, bus, compressed=True), scenes)
    assert 'bus' in labels(scene)


def test_pictures_and_markers_only_when_someone_looks(graph: Graph, bus: np.ndarray) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode)
    camera = Camera(graph, bus)
    show_until_seen(camera, scenes)
    assert 'draw' not in [stage.name for stage in node.latency.summary()]
    pictures = graph.listen(Image, 'detections/image', qos.SENSOR)
    markers = graph.listen(MarkerArray, 'scene/markers')

    def both() -> bool:
        camera.show()
        return bool(pictures.messages and markers.messages)

    wait_until(both, 'a picture and markers')
    picture = conversions.from_image(pictures.messages[-1])
    assert picture.shape == bus.shape and not np.array_equal(picture, bus)
    stages = {stage.name for stage in node.latency.summary()}
    assert {'detect', 'track', 'relate', 'publish', 'draw', 'camera_to_scene'} <= stages


def test_describe(graph: Graph, bus: np.ndarray) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode, {'timeout': 5.0})

    def ask(label: str = '') -> DescribeScene.Response:
        name = 'detector_node/describe'
        return graph.call(DescribeScene, name, DescribeScene.Request(label=label))

    before = ask()
    assert not before.success and 'no image' in before.text
    show_until_seen(Camera(graph, bus), scenes)
    answer = ask()
    assert answer.success
    assert answer.text == 'Three people are standing in front of a bus.'
    assert labels(answer.scene) == ['bus', 'person', 'person', 'person']
    assert ask('bus').text == 'The bus is behind three people.'
    assert ask('cup').text == 'I see no cup.'
    graph.transition(node, 'deactivate')
    graph.transition(node, 'activate')
    assert not ask().success


def test_bad_images_are_refused_and_the_next_good_one_is_seen(
    graph: Graph, bus: np.ndarray
) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode)
    camera = Camera(graph, bus)
    good = conversions.to_image(np.zeros((48, 64, 3), np.uint8), camera.header())
    bad = [
        Image(header=good.header),
        Image(header=good.header, width=64, height=48, encoding='bgr8', step=192, data=[0] * 100),
        Image(header=good.header, width=64, height=48, encoding='bgr8', step=10, data=[0] * 9216),
        Image(header=good.header, width=64, height=48, encoding='what', step=64, data=[0] * 3072),
        Image(header=good.header, width=64, height=48, encoding='16UC1', step=128, data=[0] * 6144),
    ]
    for count, message in enumerate(bad, start=1):
        camera.publisher.publish(message)
        wait_until(lambda count=count: node.rejected == count, f'{count} refused images')
    assert scenes.messages == []
    assert 'bus' in labels(show_until_seen(camera, scenes))
    assert node.errors == 0


def test_a_truncated_jpeg_is_refused_and_the_next_good_one_is_seen(
    graph: Graph, bus: np.ndarray
) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode, {'compressed': True})
    camera = Camera(graph, bus, compressed=True)
    data = cv2.imencode('.jpg', bus)[1].tobytes()[:20000]
    camera.publisher.publish(CompressedImage(header=camera.header(), format='jpeg', data=data))
    wait_until(lambda: node.rejected == 1, 'a refused image')
    assert scenes.messages == []
    assert 'bus' in labels(show_until_seen(camera, scenes))


@pytest.mark.parametrize('compressed', [False, True])
def test_images_of_8k(graph: Graph, bus: np.ndarray, compressed: bool) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode, {'compressed': compressed, 'frames': 1, 'appear': 1})
    picture = np.zeros((4320, 7680, 3), np.uint8)
    picture[:, 2220:5460] = cv2.resize(bus, (3240, 4320))
    header = Camera(graph, bus, compressed=compressed).header()
    if compressed:
        data = cv2.imencode('.jpg', picture)[1].tobytes()
        message = CompressedImage(header=header, format='jpeg', data=data)
    else:
        message = conversions.to_image(picture, header)
    # 100 MB are not a matter of the transport here.
    graph.on_executor(node, lambda: node.receive(message))
    (scene,) = scenes.wait(1)
    assert (scene.image_width, scene.image_height) == (7680, 4320)
    assert 'person' in labels(scene)
    assert (node.errors, node.rejected) == (0, 0)


def test_configure_makes_the_model_ready_for_the_shape_of_the_camera(
    graph: Graph, tmp_path: Path
) -> None:
    scenes = graph.listen(Scene, 'scene')
    model = shape_teller(tmp_path / 'm', flexible=True)
    node = graph.start(DetectorNode, {'model': model, 'image_width': 128, 'image_height': 96})
    compiled = node.slot.detector._prepare.cache_info().misses
    show_until_seen(Camera(graph, np.zeros((96, 128, 3), np.uint8)), scenes, count=1)
    assert node.slot.detector._prepare.cache_info().misses == compiled == 1


def status_of(graph: Graph, words: str) -> DiagnosticStatus:
    """Return the first status of the image stream whose message has these words."""
    reports = graph.listen(DiagnosticArray, '/diagnostics')

    def matching() -> list[DiagnosticStatus]:
        return [
            status
            for message in reports.messages
            for status in message.status
            if status.name == 'detector_node: image stream' and words in status.message
        ]

    return wait_until(matching, f'a status with {words!r}')[0]


STAMPS = {
    'zero': lambda now: Time(),
    'constant': lambda now: Time(sec=1_000_000_000),
    'future': lambda now: Time(sec=now.sec + 100, nanosec=now.nanosec),
    'old': lambda now: Time(sec=now.sec - 100, nanosec=now.nanosec),
}


@pytest.mark.parametrize(
    ('kind', 'words'),
    [('zero', 'no stamp'), ('constant', 's old'), ('future', 'the future'), ('old', 's old')],
)
def test_bad_stamps_are_reported_and_objects_come_and_go_all_the_same(
    graph: Graph, bus: np.ndarray, kind: str, words: str
) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode, {'memory': 0.3, 'timeout': 1.0})
    camera = Camera(graph, bus)
    camera.stamp = STAMPS[kind]
    scene = show_until_seen(camera, scenes)
    with Film(camera, 10.0):
        assert status_of(graph, words).level == DiagnosticStatus.WARN
    ids = {each.id for each in scenes.messages[-1].objects}
    assert ids == {each.id for each in scene.objects}
    nothing = Camera(graph, np.zeros_like(bus))
    nothing.stamp = STAMPS[kind]

    def forgotten() -> bool:
        nothing.show()
        return not scenes.messages[-1].objects

    wait_until(forgotten, 'an empty scene')
    assert node.errors == 0


def test_one_bad_stamp_wipes_nothing(graph: Graph, bus: np.ndarray) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode)
    camera = Camera(graph, bus)
    before = show_until_seen(camera, scenes)
    for shift in (-0.5, 100.0, -100.0):
        camera.stamp = lambda now, shift=shift: to_stamp(to_seconds(now) + shift)
        count = node.frames.done
        camera.show()
        wait_until(lambda count=count: node.frames.done > count, 'the bad one')
        camera.stamp = None
        scenes.clear()
        camera.show()
        (scene,) = scenes.wait(1)[-1:]
        assert [each.id for each in scene.objects] == [each.id for each in before.objects]


def test_why_images_cannot_be_used_is_said(graph: Graph, bus: np.ndarray) -> None:
    node = graph.start(DetectorNode)
    camera = Camera(graph, bus)
    header = camera.header()
    camera.publisher.publish(Image(header=header, width=64, height=48, encoding='what', step=64))
    wait_until(lambda: node.rejected, 'a refused image')
    answer = graph.call(DescribeScene, 'detector_node/describe', DescribeScene.Request())
    assert not answer.success
    assert 'no image from the camera can be used' in answer.text and "'what'" in answer.text
    assert "'what'" in status_of(graph, 'unknown').message


def test_the_newest_frame_only_and_every_skipped_one_counted(graph: Graph, bus: np.ndarray) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode, {'reliability': 'reliable', 'depth': 50})
    publisher = graph.publisher(Image, 'image_raw', qos.input_profile(50, 'reliable'))
    small = cv2.resize(bus, (160, 120))
    detect = node.slot.detector.detect

    def wait_and_detect(image: np.ndarray, **options: object) -> list[object]:
        wait_until(lambda: node.stream.received == 30, 'all images')
        return detect(image, **options)

    node.slot.detector.detect = wait_and_detect
    for i in range(30):
        header = Header(frame_id=str(i))
        header.stamp = graph.probe.get_clock().now().to_msg()
        publisher.publish(conversions.to_image(small, header))
    messages = scenes.wait_for(lambda got: got and got[-1].header.frame_id == '29')
    assert len(messages) + node.frames.dropped == 30
    assert len(messages) <= 2


def test_a_camera_that_stops_is_stale_with_one_line(graph: Graph, bus: np.ndarray) -> None:
    scenes = graph.listen(Scene, 'scene')
    reports = graph.listen(DiagnosticArray, '/diagnostics')
    node = graph.start(DetectorNode, {'timeout': 0.5})
    lines: list[str] = []
    node.log = Recorder(node.log, lines)
    camera = Camera(graph, bus)

    def levels() -> list[bytes]:
        return [
            status.level
            for message in reports.messages
            for status in message.status
            if status.name == 'detector_node: image stream'
        ]

    show_until_seen(camera, scenes)
    reports.clear()
    wait_until(lambda: DiagnosticStatus.STALE in levels(), 'a stale stream')
    wait_until(lambda: lines, 'a line in the log')
    reports.clear()

    def images_come() -> bool:
        camera.show()
        return DiagnosticStatus.OK in levels() and len(lines) > 1

    wait_until(images_come, 'a stream that is alive')
    assert lines[0] == 'No image has come for 0.5 s; look at the camera.'
    assert lines.count(lines[0]) == 1 and lines[1] == 'Images come again.'


class Recorder:
    """Keeps warnings and information apart from the log."""

    def __init__(self, log: object, lines: list[str]) -> None:
        self._log = log
        self._lines = lines

    def info(self, text: str) -> None:
        self._lines.append(text)

    warning = info

    def __getattr__(self, name: str) -> object:
        return getattr(self._log, name)


@pytest.mark.parametrize(
    ('parameters', 'words'),
    [
        ({'model': 'absent.pt'}, "'absent.pt' is neither a file"),
        ({'model': ''}, 'has no name'),
        ({'classes': ['unicorn']}, 'no class unicorn'),
        ({'device': 'abacus'}, "'abacus'"),
        ({'confidence': 2.0}, "'confidence' is 2.0"),
        ({'reliability': 'maybe'}, "'reliability' is 'maybe'"),
    ],
)
def test_what_cannot_work_fails_to_configure(
    graph: Graph, parameters: dict[str, object], words: str
) -> None:
    node = graph.start(DetectorNode, parameters, state='unconfigured')
    assert not graph.try_transition(node, 'configure')
    assert words in node.fault and 'Traceback' not in node.fault


def test_a_damaged_model_fails_to_configure_and_another_try_works(
    graph: Graph, tmp_path: Path, model_path: Path
) -> None:
    path = tmp_path / 'model.onnx'
    path.write_text('damaged')
    node = graph.start(DetectorNode, {'model': str(path)}, state='unconfigured')
    assert not graph.try_transition(node, 'configure')
    assert 'damaged' in node.fault
    path.write_bytes(model_path.read_bytes())
    graph.transition(node, 'configure')
    assert node.fault == ''


def test_classes_and_confidence_change_at_run_time(graph: Graph, bus: np.ndarray) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode, {'frames': 1, 'appear': 1, 'memory': 0.2})
    camera = Camera(graph, bus)
    show_until_seen(camera, scenes)

    def change(name: str, value: object) -> bool:
        change = [Parameter(name, value=value)]
        return graph.on_executor(node, lambda: node.set_parameters(change))[0].successful

    def wait_for(expected: list[str]) -> None:
        def matches() -> bool:
            camera.show()
            return bool(scenes.messages) and labels(scenes.messages[-1]) == expected

        wait_until(matches, f'{expected}')

    assert change('classes', ['bus'])
    wait_for(['bus'])
    assert change('classes', [])
    assert change('confidence', 0.6)
    wait_for(['person', 'person'])
    assert not change('confidence', 7.0)


def test_classes_are_checked_against_the_model_that_is_wanted(graph: Graph) -> None:
    node = graph.start(DetectorNode, state='inactive')
    result = graph.set_parameters(node, classes=['unicorn'])
    assert not result.successful
    assert 'no class unicorn' in result.reason
    assert graph.set_parameters(node, classes=['cup']).successful
    # What another model knows is only seen when it is loaded.
    node.check_parameters(replace(node.parameters, classes=('unicorn',), model='other.onnx'))


def test_release_memory_keeps_the_node_at_work(graph: Graph, bus: np.ndarray) -> None:
    scenes = graph.listen(Scene, 'scene')
    graph.start(DetectorNode)
    camera = Camera(graph, bus)
    show_until_seen(camera, scenes)
    answer = graph.call(Trigger, 'detector_node/release_memory', Trigger.Request())
    assert answer.success and 'MB' in answer.message
    scenes.clear()
    show_until_seen(camera, scenes)


def test_cleanup_lets_go_of_the_model(graph: Graph) -> None:
    node = graph.start(DetectorNode, state='inactive')
    assert node.slot is not None
    graph.transition(node, 'cleanup')
    assert node.slot is None
    graph.transition(node, 'configure')
    assert node.slot is not None
