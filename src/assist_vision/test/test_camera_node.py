# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from assist_common import qos
from assist_common.conversions import to_seconds
from assist_common.errors import DeviceError
from assist_common.testing import Graph, wait_until
from assist_vision import camera_node
from assist_vision.camera_node import CameraNode, _Pace
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rcl_interfaces.msg import Log
from rclpy.parameter import Parameter
from sensor_msgs.msg import CameraInfo, Image
from test_camera import CALIBRATION


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph() as made:
        yield made


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / 'picture.png'
    cv2.imwrite(str(path), np.full((480, 640, 3), (10, 20, 30), np.uint8))
    return str(path)


def wait_for_status(graph: Graph, level: bytes, words: str) -> DiagnosticStatus:
    reports = graph.listen(DiagnosticArray, '/diagnostics')

    def matching(messages: list[DiagnosticArray]) -> list[DiagnosticStatus]:
        return [
            status
            for message in messages
            for status in message.status
            if status.name == 'camera_node: camera stream'
            and status.level == level
            and words in status.message
        ]

    return matching(reports.wait_for(lambda messages: bool(matching(messages))))[-1]


def test_frames_with_their_time_and_camera_info(graph: Graph, picture: str, tmp_path: Path) -> None:
    calibration = tmp_path / 'camera.yaml'
    calibration.write_text(CALIBRATION)
    images = graph.listen(Image, 'image_raw', qos.SENSOR)
    infos = graph.listen(CameraInfo, 'camera_info', qos.SENSOR)
    node = graph.start(
        CameraNode, {'source': picture, 'rate': 20.0, 'calibration': str(calibration)}
    )
    image, info = images.wait(10)[9], infos.wait(5)[0]
    assert image.header.frame_id == 'camera_optical_frame'
    assert abs(node.age(image.header)) < 5
    assert (image.width, image.height, bytes(image.data[:3])) == (640, 480, bytes((10, 20, 30)))
    assert info.k[0] == 500.0
    stamps = [to_seconds(each.header.stamp) for each in images.messages]
    assert np.median(np.diff(stamps)) == pytest.approx(0.05, abs=0.02)
    status = wait_for_status(graph, DiagnosticStatus.OK, 'streaming')
    assert {value.key: value.value for value in status.values}['resolution'] == '640x480 px'
    assert status.hardware_id == picture


def test_a_calibration_for_another_size_is_reported(
    graph: Graph, picture: str, tmp_path: Path
) -> None:
    calibration = tmp_path / 'camera.yaml'
    calibration.write_text(CALIBRATION.replace('image_width: 640', 'image_width: 1280'))
    graph.start(CameraNode, {'source': picture, 'calibration': str(calibration)})
    wait_for_status(graph, DiagnosticStatus.WARN, 'the calibration is for 1280x480')


def test_the_first_frame_is_logged(graph: Graph, picture: str) -> None:
    log = graph.listen(Log, '/rosout')
    images = graph.listen(Image, 'image_raw', qos.SENSOR)
    graph.start(CameraNode, {'source': picture, 'rate': 20.0})
    text = 'The first frame is there, 640x480 px.'
    log.wait_for(lambda lines: any(line.msg == text for line in lines))
    images.wait(5)
    assert [line.msg for line in log.messages].count(text) == 1


def test_a_folder_that_ends(graph: Graph, picture: str) -> None:
    graph.start(CameraNode, {'source': picture, 'loop': False, 'seconds_per_image': 0.1})
    wait_for_status(graph, DiagnosticStatus.WARN, 'has ended')


@pytest.mark.parametrize(
    ('parameters', 'words'),
    [
        ({'source': '/absent/photo.jpg'}, "'/absent/photo.jpg' does not exist"),
        ({'source': ''}, 'has no source'),
        ({'source': '0', 'calibration': '/absent.yaml'}, "'/absent.yaml' cannot be read"),
        ({'source': '0', 'width': -1}, "'width' is -1"),
    ],
)
def test_what_cannot_work_fails_to_configure(
    graph: Graph, parameters: dict[str, object], words: str
) -> None:
    node = graph.start(CameraNode, parameters, state='unconfigured')
    assert not graph.try_transition(node, 'configure')
    assert words in node.fault


def test_a_missing_device_is_reported_and_does_not_stop_the_node(graph: Graph) -> None:
    node = graph.start(CameraNode, {'source': '987'})
    status = wait_for_status(graph, DiagnosticStatus.ERROR, '/dev/video987')
    assert 'not there' in status.message
    assert node.is_active
    graph.transition(node, 'deactivate')


class BlockingCamera:
    """Gives one frame, and then blocks until it is released."""

    live = True
    name = 'blocking'
    rate = 30.0

    def __init__(self) -> None:
        self.released = threading.Event()
        self.reads = 0

    def read(self, elapsed: float) -> np.ndarray:
        self.reads += 1
        if self.reads > 1:
            assert self.released.wait(60.0)
        return np.zeros((8, 8, 3), np.uint8)

    def close(self) -> None:
        pass


@pytest.fixture
def blocking(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BlockingCamera]]:
    """What was opened so far."""
    opened: list[BlockingCamera] = []

    def open_source(*_: object) -> BlockingCamera:
        opened.append(BlockingCamera())
        return opened[-1]

    monkeypatch.setattr(camera_node.camera, 'open_source', open_source)
    yield opened
    for each in opened:
        each.released.set()


def test_a_camera_that_blocks_is_stale(graph: Graph, blocking: list[BlockingCamera]) -> None:
    graph.start(CameraNode, {'source': '0'})
    wait_for_status(graph, DiagnosticStatus.STALE, 'no frame for')


def test_a_camera_that_blocks_holds_nothing_up(
    graph: Graph, blocking: list[BlockingCamera]
) -> None:
    images = graph.listen(Image, 'image_raw', qos.SENSOR)
    node = graph.start(CameraNode, {'source': '0'})
    images.wait(1)
    wait_until(lambda: blocking[0].reads == 2, 'a read that blocks')
    begin = time.monotonic()
    (result,) = graph.on_executor(
        node, lambda: node.set_parameters([Parameter('frame_id', value='other')])
    )
    assert result.successful and time.monotonic() - begin < 0.5
    assert images.wait(2)[1].header.frame_id == 'other'
    begin = time.monotonic()
    graph.transition(node, 'deactivate')
    assert time.monotonic() - begin < 3.0
    # What was left behind publishes nothing when it wakes up.
    for each in blocking:
        each.released.set()
    graph.transition(node, 'activate')
    wait_until(lambda: len(blocking) == 3, 'a source that is opened anew')
    assert len(images.wait(3)) == 3


def test_its_latency_is_reported(graph: Graph, picture: str) -> None:
    images = graph.listen(Image, 'image_raw', qos.SENSOR)
    node = graph.start(CameraNode, {'source': picture, 'rate': 30.0})
    images.wait(2)
    assert {'capture', 'publish'} <= {stage.name for stage in node.latency.summary()}


class FlakyCamera:
    """Gives two frames, then fails; opens again at the third attempt."""

    live = True
    name = 'flaky'
    rate = 30.0
    opened = 0

    def __init__(self) -> None:
        type(self).opened += 1
        if type(self).opened in (2, 3):
            raise DeviceError('the camera is away')
        self._frames = 2 if type(self).opened == 1 else 10**6

    def read(self, elapsed: float) -> np.ndarray:
        self._frames -= 1
        if self._frames < 0:
            raise DeviceError('the camera stopped')
        return np.zeros((8, 8, 3), np.uint8)

    def close(self) -> None:
        pass


def test_a_lost_device_is_opened_again(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FlakyCamera, 'opened', 0)
    monkeypatch.setattr(camera_node.camera, 'open_source', lambda *_: FlakyCamera())
    images = graph.listen(Image, 'image_raw', qos.SENSOR)
    node = graph.start(CameraNode, {'source': '0', 'reconnect': 0.05, 'rate': 30.0})
    images.wait(5)
    stream = node._stream
    assert FlakyCamera.opened == 4
    assert (stream.reconnects, stream.fault) == (1, '')


def test_it_stops_and_starts_again(graph: Graph, picture: str) -> None:
    images = graph.listen(Image, 'image_raw', qos.SENSOR)
    node = graph.start(CameraNode, {'source': picture, 'rate': 50.0})
    images.wait(3)
    for transition in ('deactivate', 'cleanup', 'configure', 'activate'):
        graph.transition(node, transition)
    images.clear()
    images.wait(3)


def test_the_rate_can_change(graph: Graph, picture: str) -> None:
    node = graph.start(CameraNode, {'source': picture, 'rate': 1.0})
    (result,) = graph.on_executor(
        node, lambda: node.set_parameters([Parameter('rate', value=100.0)])
    )
    assert result.successful
    images = graph.listen(Image, 'image_raw', qos.SENSOR)
    images.wait(20, timeout=10.0)
    wait_until(lambda: node._stream.frames > 20, 'frames at the new rate')


def test_a_fast_device_is_thinned_to_the_rate() -> None:
    pace = _Pace(0.0, 10.0, live=True)
    due = sum(pace.due(i / 30) for i in range(300))
    assert due == pytest.approx(100, abs=3)
    assert pace.wait(10.0) == 0.0


def test_a_device_is_not_thinned_to_the_rate_that_it_claims() -> None:
    pace = _Pace(0.0, 0.0, live=True)
    assert all(pace.due(i / 60) for i in range(300))
    assert pace.wait(10.0) == 0.0


def test_a_slow_file_reader_does_not_catch_up_in_a_burst() -> None:
    pace = _Pace(0.0, 10.0, live=False)
    assert pace.wait(0.0) == 0.0 and pace.due(0.0)
    assert pace.wait(0.0) == pytest.approx(0.1)
    assert pace.due(5.0)
    assert pace.wait(5.05) >= 0.0 and pace.due(5.05)
    assert pace.wait(5.06) > 0.0
