# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""detector_node: another model at run time, and fewer images while nobody looks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from action_msgs.msg import GoalStatus, GoalStatusArray
from assist_common import qos
from assist_common.conversions import to_seconds
from assist_common.testing import Graph, wait_until
from assist_msgs.msg import Intent, Scene, VoiceActivity
from assist_msgs.srv import DescribeScene
from assist_vision.detector_node import DetectorNode
from cameras import Camera, Film, labels, show_until_seen
from constant_model import exported
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.qos import qos_profile_action_status_default
from std_msgs.msg import Bool, String
from vision_msgs.msg import Detection2DArray


@pytest.fixture
def small(bus: np.ndarray) -> np.ndarray:
    return cv2.resize(bus, (240, 320))


def change(graph: Graph, node: Any, **values: object) -> None:
    result = graph.set_parameters(node, **values)
    assert result.successful, result.reason


def one_bowl(folder: Path) -> str:
    columns = np.zeros((1, 6, 50))
    columns[0, :, 7] = (16, 16, 8, 4, 0.1, 0.8)
    return exported(folder, columns, {0: 'cup', 1: 'bowl'})


def test_a_swap_leaves_no_gap(
    graph: Graph, small: np.ndarray, untrained: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    # A real export in the background, into a cache of its own.
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode)
    with Film(Camera(graph, small), 15):
        scenes.wait(15)
        model = str(untrained / 'yolov8n.pt')
        change(graph, node, model=model, device='cpu')
        before = len(scenes.messages)
        assert node.slot.awaited == model
        wait_until(lambda: node.slot.detector.name == 'yolov8n.pt', 'the new model', 240)
        during = len(scenes.messages) - before
        scenes.wait(before + during + 15)
    looked_at = node.stream.received - node.frames.dropped - node.pace.left_out
    scenes.wait_for(lambda got: len(got) == looked_at)
    assert during > 20
    assert node.errors == 0 and node.slot.problem == ''


def test_other_classes_start_with_new_ids(graph: Graph, bus: np.ndarray, tmp_path: Path) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode)
    camera = Camera(graph, bus)
    old = {each.id for each in show_until_seen(camera, scenes).objects}
    change(graph, node, model=one_bowl(tmp_path / 'm'))
    # An image that still waited may have put it to use already.
    wait_until(lambda: node.slot._ready or not node.slot.awaited, 'a loaded model')
    ready = to_seconds(camera.header().stamp)
    with Film(camera, 15):
        bowl = scenes.wait_for(lambda got: got and labels(got[-1]) == ['bowl'])[-1].objects[0]
    after = [each for each in scenes.messages if to_seconds(each.header.stamp) > ready]
    assert all(set(labels(scene)) <= {'bowl'} for scene in after)
    assert bowl.id not in old
    assert node.hardware_id == 'm'


@pytest.mark.parametrize(
    ('values', 'words'),
    [
        ({'model': 'absent.onnx'}, 'neither a file'),
        ({'model': 'damaged.onnx'}, 'damaged'),
        ({'device': 'abacus'}, "'abacus'"),
        ({'precision': 'int8'}, 'int8 is for a .pt'),
        ({'model': 'm'}, 'no class bus'),
    ],
)
def test_a_model_that_does_not_work_is_refused_and_the_old_one_stays(
    graph: Graph, small: np.ndarray, tmp_path: Path, values: dict[str, str], words: str
) -> None:
    (tmp_path / 'damaged.onnx').write_text('this is no model')
    one_bowl(tmp_path / 'm')
    if 'model' in values:
        values = {'model': str(tmp_path / values['model'])}
    scenes = graph.listen(Scene, 'scene')
    reports = graph.listen(DiagnosticArray, '/diagnostics')
    node = graph.start(DetectorNode, {'classes': ['bus']})
    old, parameters = node.slot.detector, node.parameters
    with Film(Camera(graph, small), 15):
        change(graph, node, **values)
        wait_until(lambda: node.parameters == parameters, 'parameters as they were')
        seen = len(scenes.messages)
        scenes.wait(seen + 5)
    assert node.slot.detector is old and words in node.slot.problem

    def warned(messages: list[DiagnosticArray]) -> bool:
        listed = [status for message in messages for status in message.status]
        found = [each for each in listed if each.name == 'detector_node: model']
        return (
            bool(found) and found[-1].level == DiagnosticStatus.WARN and words in found[-1].message
        )

    reports.wait_for(warned)


def test_the_rate_limit(graph: Graph, small: np.ndarray) -> None:
    scenes = graph.listen(Scene, 'scene')
    node = graph.start(DetectorNode, {'rate': 2.0})
    with Film(Camera(graph, small), 20):
        scenes.wait(4)
    assert node.pace.left_out > 2 * len(scenes.messages)


SIGNS = {
    'voice_activity': (VoiceActivity, VoiceActivity(active=True), qos.RELIABLE),
    'text_command': (String, String(data='hello'), qos.RELIABLE),
    'intent': (Intent, Intent(), qos.RELIABLE),
    'speaking': (Bool, Bool(data=True), qos.LATCHED),
}


@pytest.fixture
def idle(graph: Graph) -> Any:
    """A node whose only listener always listens, so that it is idle soon."""
    graph.listen(Scene, 'scene')
    return graph.start(
        DetectorNode, {'idle_after': 0.5, 'idle_rate': 1.0, 'idle_listeners': ['probe']}
    )


def become(node: Any, idle: bool) -> None:
    wait_until(lambda: node.pace.idle is idle, f'a pace with idle = {idle}')


@pytest.mark.parametrize('topic', SIGNS)
def test_idle_until_a_dialogue_begins(
    graph: Graph, small: np.ndarray, idle: Any, topic: str
) -> None:
    kind, message, profile = SIGNS[topic]
    publisher = graph.publisher(kind, topic, profile)
    with Film(Camera(graph, small), 20):
        become(idle, True)
        publisher.publish(message)
        become(idle, False)
        become(idle, True)


def test_silence_is_no_dialogue_and_a_question_is_one(
    graph: Graph, small: np.ndarray, idle: Any
) -> None:
    publisher = graph.publisher(VoiceActivity, 'voice_activity')
    with Film(Camera(graph, small), 20):
        become(idle, True)
        count = idle.pace.left_out
        publisher.publish(VoiceActivity(active=False))
        wait_until(lambda: idle.pace.left_out > count + 10, 'images left out')
        assert idle.pace.idle
        graph.call(DescribeScene, 'detector_node/describe', DescribeScene.Request())
        become(idle, False)


def test_never_idle_during_an_act(graph: Graph, small: np.ndarray, idle: Any) -> None:
    topic, profile = 'execute/_action/status', qos_profile_action_status_default
    publisher = graph.publisher(GoalStatusArray, topic, profile)
    with Film(Camera(graph, small), 20):
        become(idle, True)
        publisher.publish(
            GoalStatusArray(status_list=[GoalStatus(status=GoalStatus.STATUS_EXECUTING)])
        )
        become(idle, False)
        change(graph, idle, idle_after=0.0)
        count = idle.stream.received
        wait_until(lambda: idle.stream.received > count + 20, 'more images')
        assert not idle.pace.idle
        publisher.publish(
            GoalStatusArray(status_list=[GoalStatus(status=GoalStatus.STATUS_SUCCEEDED)])
        )
        become(idle, True)


@pytest.mark.parametrize('kind', [Scene, Detection2DArray])
def test_never_idle_while_somebody_looks(
    graph: Graph, small: np.ndarray, idle: Any, kind: Any
) -> None:
    with Film(Camera(graph, small), 20):
        become(idle, True)
        if kind is Scene:
            change(graph, idle, idle_listeners=['somebody_else'])
        else:
            graph.listen(kind, 'detections')
        become(idle, False)
