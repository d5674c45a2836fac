# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The configurations of rviz2 and rqt name what the graph publishes.

Neither program is on a machine without ROS: what they read is checked, not how they look.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ament_index_python.packages import get_package_share_directory
from assist_common.testing import Graph, wait_until
from assist_vision.detector_node import DetectorNode
from rclpy.qos import ReliabilityPolicy

CONFIG = Path(get_package_share_directory('assist')) / 'config'
SHOWN = {
    'rviz_default_plugins/Image': 'sensor_msgs/msg/Image',
    'rviz_default_plugins/MarkerArray': 'visualization_msgs/msg/MarkerArray',
}
# Of the packages of these names in the ROS distributions: their plugin.xml.
RQT_PLUGINS = {
    'rqt_console/Console',
    'rqt_graph/RosGraph',
    'rqt_image_view/ImageView',
    'rqt_robot_monitor/RobotMonitor',
    'rqt_topic/TopicPlugin',
}


@pytest.fixture(scope='module')
def graph() -> Iterator[Graph]:
    with Graph('assist') as made:
        made.start(DetectorNode, state='inactive')
        yield made


def type_of(graph: Graph, topic: str) -> str:
    def types() -> list[str]:
        return dict(graph.probe.get_topic_names_and_types()).get(topic, [])

    return wait_until(types, topic)[0]


def displays() -> list[dict[str, Any]]:
    content = yaml.safe_load((CONFIG / 'assist.rviz').read_text())
    return content['Visualization Manager']['Displays']


def test_rviz_shows_topics_of_the_graph(graph: Graph) -> None:
    shown = [each for each in displays() if each['Class'] in SHOWN]
    assert {each['Class'] for each in shown} == set(SHOWN)
    for display in shown:
        topic = display['Topic']
        assert type_of(graph, topic['Value']) == SHOWN[display['Class']]
        (publisher,) = graph.probe.get_publishers_info_by_topic(topic['Value'])
        wants_reliable = topic['Reliability Policy'] == 'Reliable'
        is_reliable = publisher.qos_profile.reliability == ReliabilityPolicy.RELIABLE
        assert is_reliable or not wants_reliable


def test_rviz_has_tf_a_grid_and_the_frame_of_the_camera() -> None:
    classes = {each['Class'] for each in displays()}
    assert {'rviz_default_plugins/TF', 'rviz_default_plugins/Grid'} <= classes
    content = yaml.safe_load((CONFIG / 'assist.rviz').read_text())
    defaults = yaml.safe_load((CONFIG / 'assist.yaml').read_text())
    camera = next(value for name, value in defaults.items() if name.endswith('camera_node'))
    fixed = content['Visualization Manager']['Global Options']['Fixed Frame']
    assert fixed == camera['ros__parameters']['frame_id']


def test_rqt_runs_known_plugins_on_topics_of_the_graph(graph: Graph) -> None:
    content = json.loads((CONFIG / 'assist.perspective').read_text())
    manager = content['groups']['pluginmanager']
    running = ast.literal_eval(manager['keys']['running-plugins']['repr'])
    assert set(running) == RQT_PLUGINS
    assert set(manager['groups']) == {
        f'plugin__{name.replace("/", "__")}__{number}'
        for name, numbers in running.items()
        for number in numbers
    }
    view = manager['groups']['plugin__rqt_image_view__ImageView__1']['groups']['plugin']['keys']
    topic = ast.literal_eval(view['topic']['repr'])
    assert type_of(graph, topic) == 'sensor_msgs/msg/Image'
