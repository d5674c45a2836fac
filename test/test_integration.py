# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The code of docs/integration.md: all of it compiles, and what needs no other robot runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from assist_common.testing import Graph, wait_until
from assist_intent.executor_node import ExecutorNode
from assist_intent.intent_node import IntentNode
from assist_msgs.msg import Decision
from std_msgs.msg import Bool, String
from vision_msgs.msg import Detection2D, Detection2DArray, ObjectHypothesisWithPose

PAGE = Path(__file__).resolve().parents[1] / 'docs' / 'integration.md'
BLOCKS = dict(
    re.findall(r'```(?:python|yaml)\n# (\S+)\n(.*?)```', PAGE.read_text(), flags=re.DOTALL)
)
NOT_HERE = ('nav2_msgs', 'moveit_msgs')


def load(name: str) -> ModuleType:
    """Return a block of the page as a module."""
    module = ModuleType(name)
    exec(compile(BLOCKS[name], name, 'exec'), module.__dict__)
    return module


@pytest.mark.parametrize('name', [name for name in BLOCKS if name.endswith('.py')])
def test_every_file_compiles(name: str) -> None:
    compile(BLOCKS[name], name, 'exec')


def test_the_page_has_all_its_files() -> None:
    assert len(BLOCKS) == 6
    without = {name for name, code in BLOCKS.items() if any(part in code for part in NOT_HERE)}
    assert without == {'my_robot/nav2_executor.py', 'my_robot/moveit_executor.py'}


def test_the_lock_has_the_highest_priority() -> None:
    mux = yaml.safe_load(BLOCKS['twist_mux.yaml'])['twist_mux']['ros__parameters']
    lock = mux['locks']['spoken_stop']
    assert lock['topic'] == '/assist/stop'
    assert all(lock['priority'] > topic['priority'] for topic in mux['topics'].values())


class Room:
    """The nodes of a conversation, with other parts around them."""

    def __init__(self, graph: Graph, folder: Path) -> None:
        self.graph = graph
        self.decisions = graph.listen(Decision, 'decision')
        self.node = graph.start(IntentNode, {'audit_folder': str(folder)})
        self.executor_node = graph.start(ExecutorNode, {'travel_time': 60.0})
        wait_until(lambda: self.node.execute._client.server_is_ready(), 'the executor')
        wait_until(lambda: self.executor_node.watch.safe(self.node.steady()), 'safety')


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with Graph(namespace='assist') as graph:
        yield Room(graph, tmp_path)


def test_another_recogniser_and_a_button_box(room: Room) -> None:
    box = room.graph.add(load('my_robot/button_box.py').ButtonBox)
    recogniser = room.graph.add(load('my_robot/recogniser.py').Recogniser)
    wait_until(lambda: recogniser.finals.get_subscription_count() == 1, 'a listener')
    wait_until(lambda: box.confirm.service_is_ready(), 'the service')
    recogniser.heard('come here', 0.8, 0.9)
    assert room.decisions.wait(1)[0].verdict == Decision.CONFIRM
    assert room.decisions.messages[0].risk == Decision.HIGH
    wait_until(lambda: box.waiting, 'the box to know what waits')
    buttons = room.graph.publisher(Bool, 'button/no')
    buttons.publish(Bool(data=True))
    room.decisions.wait_for(lambda all: all[-1].verdict == Decision.EXPIRE)
    wait_until(lambda: not box.waiting, 'the box to know that nothing waits')
    wait_until(lambda: recogniser.partials.get_subscription_count() == 1, 'a listener')
    recogniser.hearing('please stop', 0.5)
    room.decisions.wait_for(lambda all: all[-1].verdict == Decision.STOP)


def test_another_detector(room: Room) -> None:
    bridge = room.graph.add(partial(load('my_robot/scene_bridge.py').SceneBridge, 640, 480))
    tracked = room.graph.publisher(Detection2DArray, 'tracked')
    wait_until(lambda: bridge.scenes.get_subscription_count() == 2, 'two nodes that look')
    hypothesis = ObjectHypothesisWithPose()
    hypothesis.hypothesis.class_id, hypothesis.hypothesis.score = 'cup', 0.8
    detection = Detection2D(id='7', results=[hypothesis])
    detection.bbox.center.position.x = 90.0
    detection.bbox.size_x, detection.bbox.size_y = 40.0, 50.0
    message = Detection2DArray(detections=[detection])
    message.header.stamp = room.graph.probe.get_clock().now().to_msg()
    tracked.publish(message)
    wait_until(lambda: room.node.world.scene, 'the scene')
    room.graph.publisher(String, 'text_command').publish(String(data='bring me the cup'))
    asked = room.decisions.wait(1)[0]
    assert asked.verdict == Decision.CONFIRM
    assert asked.slots[0].object_id == '7'
