# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The updater on real nodes, heard on /diagnostics."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from diagnostic_updater import (
    DiagnosedPublisher,
    DiagnosticStatusWrapper,
    FrequencyStatusParam,
    TimeStampStatusParam,
    Updater,
)
from rclpy.executors import SingleThreadedExecutor
from rclpy.lifecycle import LifecycleNode
from rclpy.node import Node
from rclpy.parameter import Parameter

OK, WARN, ERROR = DiagnosticStatus.OK, DiagnosticStatus.WARN, DiagnosticStatus.ERROR
TIME_LIMIT = 10.0  # s, for anything that has to arrive


class Listener:
    """Everything that arrives on /diagnostics."""

    def __init__(self) -> None:
        self.executor = SingleThreadedExecutor()
        self.node = Node('listener')
        self.statuses: list[DiagnosticStatus] = []
        self.node.create_subscription(DiagnosticArray, '/diagnostics', self._take, 100)
        self.executor.add_node(self.node)
        self.nodes = [self.node]

    def _take(self, message: DiagnosticArray) -> None:
        assert message.header.stamp.sec > 0
        self.statuses.extend(message.status)

    def spin(self, node: Node) -> Node:
        self.executor.add_node(node)
        self.nodes.append(node)
        return node

    def wait_for(self, holds: Callable[[DiagnosticStatus], bool]) -> DiagnosticStatus:
        self.wait_until(lambda: any(holds(status) for status in self.statuses))
        return next(status for status in self.statuses if holds(status))

    def wait_for_peer(self, node: Node) -> None:
        self.wait_until(lambda: node.count_subscribers('/diagnostics') == 1)

    def wait_until(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + TIME_LIMIT
        while not holds():
            assert time.monotonic() < end, f'waited in vain; on /diagnostics: {self.statuses}'
            self.executor.spin_once(timeout_sec=0.05)

    def close(self) -> None:
        self.executor.shutdown()
        for node in self.nodes:
            node.destroy_node()


@pytest.fixture
def listener(context: object) -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


def good(status: DiagnosticStatusWrapper) -> DiagnosticStatusWrapper:
    status.summary(OK, 'good')
    status.add('rate (Hz)', '30.0')
    return status


def test_status_is_named_node_and_task(listener: Listener) -> None:
    node = listener.spin(Node('camera', namespace='robot'))
    updater = Updater(node, period=0.05)
    updater.setHardwareID('webcam')
    updater.add('driver', good)
    status = listener.wait_for(lambda s: s.message == 'good')
    assert (status.name, status.hardware_id, status.level) == ('camera: driver', 'webcam', OK)
    assert [(v.key, v.value) for v in status.values] == [('rate (Hz)', '30.0')]


def test_fully_qualified_name(listener: Listener) -> None:
    node = listener.spin(Node(
        'camera', namespace='robot',
        parameter_overrides=[Parameter('diagnostic_updater.use_fqn', value=True)],
        automatically_declare_parameters_from_overrides=True,
    ))
    Updater(node, period=0.05).add('driver', good)
    assert listener.wait_for(lambda s: s.message == 'good').name == '/robot/camera: driver'


@pytest.mark.parametrize('state', ['unconfigured', 'inactive', 'active'])
def test_lifecycle_node_reports_in_every_state(listener: Listener, state: str) -> None:
    node = listener.spin(LifecycleNode('managed'))
    Updater(node, period=0.05).add('driver', good)
    if state != 'unconfigured':
        node.trigger_configure()
    if state == 'active':
        node.trigger_activate()
    assert listener.wait_for(lambda s: s.message == 'good').name == 'managed: driver'


def test_new_task_is_announced(listener: Listener) -> None:
    node = listener.spin(Node('camera'))
    updater = Updater(node, period=1000.0)
    listener.wait_for_peer(node)
    updater.add('driver', good)
    assert listener.wait_for(lambda s: s.name == 'camera: driver').message == 'Node starting up'


def test_broadcast_does_not_run_tasks(listener: Listener) -> None:
    node = listener.spin(Node('camera'))
    updater = Updater(node, period=1000.0)
    for name in ('driver', 'lens'):
        updater.add(name, good)
    listener.wait_for_peer(node)
    updater.broadcast(WARN, 'shutting down')
    for name in ('driver', 'lens'):
        status = listener.wait_for(
            lambda s, name=name: (s.name, s.message) == (f'camera: {name}', 'shutting down')
        )
        assert status.level == WARN
    assert not [s for s in listener.statuses if s.message == 'good']


def test_task_without_summary_is_an_error(listener: Listener) -> None:
    node = listener.spin(Node('camera'))
    Updater(node, period=0.05).add('driver', lambda status: status)
    status = listener.wait_for(lambda s: s.message == 'No message was set')
    assert status.level == ERROR


def test_removed_task_falls_silent_and_may_remove_itself(listener: Listener) -> None:
    node = listener.spin(Node('camera'))
    updater = Updater(node, period=1000.0)
    runs = []

    def once(status: DiagnosticStatusWrapper) -> DiagnosticStatusWrapper:
        runs.append(status.name)
        updater.removeByName('once')
        return good(status)

    updater.add('once', once)
    updater.force_update()
    updater.force_update()
    assert runs == ['once']


def test_task_that_returns_nothing_is_named(listener: Listener) -> None:
    updater = Updater(listener.node, period=1000.0)
    updater.add('driver', lambda status: None)
    with pytest.raises(TypeError, match="task 'driver' must return the status"):
        updater.update()


def test_parameters(listener: Listener) -> None:
    node = listener.spin(Node(
        'camera', parameter_overrides=[Parameter('diagnostic_updater.period', value=0.25)]
    ))
    assert Updater(node).period == 0.25
    assert Updater(node, period=5.0).period == 0.25, 'a second updater shares the parameter'
    assert node.get_parameter('diagnostic_updater.use_fqn').value is False
    assert Updater(listener.node).period == 1.0


def test_period_can_be_changed(listener: Listener) -> None:
    node = listener.spin(Node('camera'))
    updater = Updater(node, period=1000.0)
    updater.add('driver', good)
    updater.period = 0.05
    assert updater.period == 0.05
    listener.wait_for(lambda s: s.message == 'good')
    assert len(list(node.timers)) == 1


def test_missing_hardware_id_is_logged_once(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    updater = Updater(listener.node, period=1000.0)
    logged: list[str] = []
    logger = listener.node.get_logger()
    monkeypatch.setattr(logger, 'warning', logged.append)
    monkeypatch.setattr(listener.node, 'get_logger', lambda: logger)
    updater.add('driver', good)
    updater.update()
    updater.update()
    assert len(logged) == 1
    assert 'setHardwareID' in logged[0]


def test_verbose_logs_bad_statuses(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    updater = Updater(listener.node, period=1000.0)
    updater.verbose = True
    logged: list[str] = []
    logger = listener.node.get_logger()
    monkeypatch.setattr(logger, 'warning', logged.append)
    monkeypatch.setattr(listener.node, 'get_logger', lambda: logger)
    updater.add('driver', lambda status: status)
    updater.update()
    assert logged == ['Non-zero diagnostic status. Name: driver, status 2: No message was set']


def test_diagnosed_publisher(listener: Listener) -> None:
    node = listener.spin(Node('camera'))
    updater = Updater(node, period=1000.0)
    received: list[DiagnosticArray] = []
    # Any message with a header will do; this type is at hand.
    listener.node.create_subscription(DiagnosticArray, 'stamped', received.append, 1)
    publisher = node.create_publisher(DiagnosticArray, 'stamped', 1)
    diagnosed = DiagnosedPublisher(
        publisher, updater, FrequencyStatusParam({'min': 0.001}), TimeStampStatusParam()
    )
    listener.wait_for_peer(node)
    listener.wait_until(lambda: publisher.get_subscription_count() == 1)
    message = DiagnosticArray()
    message.header.stamp = node.get_clock().now().to_msg()
    diagnosed.publish(message)
    listener.wait_until(lambda: received == [message])
    updater.update()
    status = listener.wait_for(lambda s: 'Desired' in s.message)
    assert status.name == 'camera: /stamped topic status'
    assert status.message == 'Desired frequency met; Timestamps are reasonable.'
