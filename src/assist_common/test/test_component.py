# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The component in a running graph."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from dataclasses import dataclass
from typing import Any

import pytest
import rclpy
from assist_common import garbage, qos
from assist_common.component import Component, default_name
from assist_common.errors import ConfigurationError, InputError
from assist_common.main import help_text
from assist_common.parameters import parameter
from assist_common.testing import Graph, wait_until
from assist_msgs.msg import Heartbeat, LatencyReport
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from lifecycle_msgs.msg import State
from rclpy.context import Context
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import Bool, String
from std_srvs.srv import Trigger


@dataclass(frozen=True)
class EchoParameters:
    prefix: str = parameter('', 'what is put before each text')
    repeat: int = parameter(1, 'how often', low=1, high=3)
    model: str = parameter('good', 'the model', choices=('good', 'bad', 'broken'), read_only=True)


class Knot:
    """Something that only a collection frees."""

    def __init__(self) -> None:
        self.itself = self


class EchoNode(Component):
    """Say again what was heard."""

    parameters: EchoParameters

    def on_setup(self) -> None:
        if self.parameters.model == 'bad':
            raise ConfigurationError("model 'bad' is damaged", 'choose another one')
        if self.parameters.model == 'broken':
            raise ZeroDivisionError('oh')
        self.calls: list[str] = []
        self.changes: list[Any] = []
        self.replies = self.create_publisher(String, 'reply', qos.RELIABLE)
        self.texts = self.create_worker(self.reply, capacity=2, name='texts')
        self.create_subscription(String, 'text', self.texts.put, qos.RELIABLE)
        self.create_service(Trigger, '~/fail', self.fail)
        self.heard_state: list[str] = []
        self.create_subscription(
            String, 'state', lambda message: self.heard_state.append(message.data), qos.LATCHED
        )
        self.create_timer(0.02, lambda: self.calls.append('tick'))
        self.add_diagnostic('echo', self.diagnose)

    def on_start(self) -> None:
        self.calls.append('start')

    def on_stop(self) -> None:
        self.calls.append('stop')

    def on_teardown(self) -> None:
        self.calls.append('teardown')

    def check_parameters(self, new: EchoParameters) -> None:
        if new.repeat > 1 and new.prefix == 'once':
            raise ConfigurationError('once is said more than once', 'use one of them')

    def on_parameters_changed(self, old: EchoParameters) -> None:
        self.changes.append((old.prefix, self.parameters.prefix))

    def reply(self, message: String) -> None:
        if message.data == 'bad':
            raise InputError('the text is bad', 'send another')
        if message.data == 'bug':
            raise KeyError('bug')
        with self.stage('echo'):
            text = self.parameters.prefix + message.data * self.parameters.repeat
        self.replies.publish(String(data=text))

    def fail(self, request: Any, response: Any) -> Any:
        raise RuntimeError('it failed')

    def diagnose(self, status: Any) -> Any:
        status.summary(DiagnosticStatus.OK, 'echoing')
        return status


def test_goes_through_its_life() -> None:
    with Graph() as graph:
        node = graph.start(EchoNode, state='unconfigured')
        assert node.state == State.PRIMARY_STATE_UNCONFIGURED
        graph.transition(node, 'configure')
        assert not node.is_active
        graph.transition(node, 'activate')
        wait_until(lambda: 'tick' in node.calls, 'the timer')
        graph.transition(node, 'deactivate')
        graph.transition(node, 'cleanup')
        assert [call for call in node.calls if call != 'tick'] == ['start', 'stop', 'teardown']
        assert node.workers == []
        graph.transition(node, 'configure')
        graph.transition(node, 'activate')
        replies = graph.listen(String, 'reply')
        graph.publisher(String, 'text').publish(String(data='again'))
        assert replies.wait()[0].data == 'again'


def test_garbage_is_collected_while_a_node_is_active(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, 'PERIOD', 0.05)
    with Graph() as graph:
        graph.start(EchoNode)
        assert gc.get_freeze_count() > 0
        gc.disable()
        try:
            known = weakref.ref(Knot())
            wait_until(lambda: known() is None, 'the collection')
        finally:
            gc.enable()


def test_callbacks_wait_for_activation() -> None:
    with Graph() as graph:
        node = graph.start(EchoNode, state='inactive')
        replies = graph.listen(String, 'reply')
        texts = graph.publisher(String, 'text')
        texts.publish(String(data='too early'))
        graph.on_executor(node, lambda: None)
        time.sleep(0.1)
        assert 'tick' not in node.calls
        graph.transition(node, 'activate')
        texts.publish(String(data='now'))
        assert [message.data for message in replies.wait()] == ['now']


def test_latched_state_from_before_activation_is_handed_over_once() -> None:
    with Graph() as graph:
        node = graph.start(EchoNode, state='inactive')
        states = graph.publisher(String, 'state', qos.LATCHED)
        states.publish(String(data='old'))
        states.publish(String(data='new'))
        wait_until(lambda: 'state' in node._waiting, 'the message')
        time.sleep(0.2)
        assert node.heard_state == []
        graph.transition(node, 'activate')
        assert node.heard_state == ['new']
        graph.transition(node, 'deactivate')
        graph.transition(node, 'activate')
        assert node.heard_state == ['new']


def test_as_many_latched_messages_are_held_as_the_depth_keeps() -> None:
    deep = QoSProfile(depth=2, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    with Graph() as graph:
        node = graph.start(EchoNode, state='unconfigured')
        heard: list[str] = []
        set_up = node.on_setup

        def set_up_and_listen() -> None:
            set_up()
            node.create_subscription(String, 'parts', lambda part: heard.append(part.data), deep)

        node.on_setup = set_up_and_listen
        graph.transition(node, 'configure')
        parts = graph.publisher(String, 'parts', deep)
        for part in ('first', 'second'):
            parts.publish(String(data=part))
        wait_until(lambda: len(node._waiting.get('parts', ())) == 2, 'both messages')
        graph.transition(node, 'activate')
        assert heard == ['first', 'second']


def test_a_publisher_of_a_wrong_type_is_named() -> None:
    with Graph() as graph:
        node = graph.start(EchoNode)
        statuses = graph.listen(DiagnosticArray, '/diagnostics')
        # One participant has one type a topic: the stranger needs its own.
        context = Context()
        rclpy.init(context=context, domain_id=graph.domain_id)
        stranger = Node('stranger', context=context)
        stranger.create_publisher(Bool, 'text', qos.RELIABLE)
        statuses.wait_for(
            lambda arrays: any(
                status.name == 'echo_node: input' and status.level == DiagnosticStatus.WARN
                for array in arrays
                for status in array.status
            )
        )
        assert node.rejected >= 1
        assert node.errors == 0
        stranger.destroy_node()
        context.try_shutdown()


def test_bad_input_and_errors_are_counted_and_lose_nothing_else() -> None:
    with Graph() as graph:
        node = graph.start(EchoNode)
        replies = graph.listen(String, 'reply')
        texts = graph.publisher(String, 'text')
        for done, text in enumerate(('bad', 'bug', 'good'), start=1):
            texts.publish(String(data=text))
            wait_until(lambda done=done: node.texts.done == done, 'the worker')
        assert replies.wait()[0].data == 'good'
        assert (node.rejected, node.errors) == (1, 1)


def test_failing_service_answers() -> None:
    with Graph() as graph:
        graph.start(EchoNode)
        response = graph.call(Trigger, 'echo_node/fail', Trigger.Request())
        assert not response.success
        assert response.message == 'it failed'


@pytest.mark.parametrize(
    ('model', 'fault'),
    [('bad', "Model 'bad' is damaged. Choose another one."), ('broken', 'ZeroDivisionError: oh')],
)
def test_failed_configure_leaves_the_node_unconfigured(model: str, fault: str) -> None:
    with Graph() as graph:
        node = graph.start(EchoNode, {'model': model}, state='unconfigured')
        statuses = graph.listen(DiagnosticArray, '/diagnostics')
        assert not graph.try_transition(node, 'configure')
        assert node.state == State.PRIMARY_STATE_UNCONFIGURED
        assert node.fault.startswith(fault)
        statuses.wait_for(lambda arrays: any(has_fault(array, fault) for array in arrays))


def has_fault(array: DiagnosticArray, fault: str) -> bool:
    return any(
        status.name == 'echo_node: lifecycle'
        and status.level == DiagnosticStatus.ERROR
        and status.message.startswith(fault)
        for status in array.status
    )


def test_wrong_initial_parameter_is_named_by_configure() -> None:
    with Graph() as graph:
        node = graph.start(EchoNode, {'repeat': 9}, state='unconfigured')
        assert not graph.try_transition(node, 'configure')
        assert node.fault == "Parameter 'repeat' is 9. It must be at most 3."


def test_parameters_change_as_a_whole_or_not_at_all() -> None:
    with Graph() as graph:
        node = graph.start(EchoNode)

        def change(**values: Any) -> list[Any]:
            changes = [Parameter(name, value=value) for name, value in values.items()]
            return graph.on_executor(node, lambda: node.set_parameters(changes))

        assert change(prefix='> ')[0].successful
        assert node.parameters.prefix == '> '
        assert node.changes == [('', '> ')]
        refused = change(repeat=0)[0]
        assert not refused.successful
        assert refused.reason
        assert not change(prefix=[1.5])[0].successful
        assert not change(model='bad')[0].successful
        assert node.parameters == EchoParameters(prefix='> ')


def set_on(graph: Graph, node: EchoNode, **values: Any) -> Any:
    changes = [Parameter(name, value=value) for name, value in values.items()]
    return graph.on_executor(node, lambda: node.set_parameters_atomically(changes))


def test_parameters_that_contradict_each_other_are_refused() -> None:
    with Graph() as graph:
        node = graph.start(EchoNode)
        assert set_on(graph, node, prefix='once').successful
        refused = set_on(graph, node, repeat=2)
        assert not refused.successful
        assert refused.reason == 'Once is said more than once. Use one of them.'
        assert node.parameters == EchoParameters(prefix='once')
        assert set_on(graph, node, prefix='', repeat=2).successful


def test_parameters_that_contradict_each_other_from_the_start_can_be_mended() -> None:
    with Graph() as graph:
        node = graph.start(EchoNode, {'prefix': 'once', 'repeat': 2}, state='unconfigured')
        assert not graph.try_transition(node, 'configure')
        assert node.fault == 'Once is said more than once. Use one of them.'
        assert set_on(graph, node, repeat=3).successful
        assert set_on(graph, node, repeat=1).successful
        graph.transition(node, 'configure')


def test_every_status_has_a_hardware_id_and_latency_its_whole_spread() -> None:
    with Graph() as graph:
        statuses = graph.listen(DiagnosticArray, '/diagnostics')
        node = graph.start(EchoNode)
        node.record('echo', 0.25)
        arrays = statuses.wait_for(
            lambda arrays: any(
                value.key == 'echo p99' and value.value == '250.0 ms'
                for array in arrays
                for status in array.status
                for value in status.values
            )
        )
        assert all(status.hardware_id for array in arrays for status in array.status)
        keys = {value.key for array in arrays for status in array.status for value in status.values}
        names = ('count', 'min', 'mean', 'max', 'p50', 'p95', 'p99')
        assert {f'echo {name}' for name in names} <= keys


def test_overflow_of_a_worker_is_an_error_on_diagnostics() -> None:
    with Graph() as graph:
        node = graph.start(EchoNode)
        statuses = graph.listen(DiagnosticArray, '/diagnostics')
        held = threading.Event()
        node.texts._function = lambda message: held.wait(10)
        for number in range(6):
            node.texts.put(String(data=str(number)))
        assert node.texts.dropped >= 3
        statuses.wait_for(
            lambda arrays: any(
                status.name == 'echo_node: workers' and status.level == DiagnosticStatus.ERROR
                for array in arrays
                for status in array.status
            )
        )
        held.set()


def test_heartbeat_tells_state_and_process() -> None:
    with Graph() as graph:
        beats = graph.listen(Heartbeat, 'heartbeat')
        graph.start(EchoNode)
        received = beats.wait_for(
            lambda messages: any(beat.state == State.PRIMARY_STATE_ACTIVE for beat in messages)
        )
        assert received[-1].node == '/echo_node'
        assert received[-1].pid > 0
        assert received[-1].executor_age < 5


def test_heartbeat_shows_a_stuck_executor_and_worker() -> None:
    with Graph() as graph:
        node = graph.start(EchoNode)
        beats = graph.listen(Heartbeat, 'heartbeat')
        free = threading.Event()
        node.texts._function = lambda message: free.wait(20)
        node.texts.put(String())
        blocker = threading.Thread(target=lambda: graph.on_executor(node, lambda: free.wait(20)))
        blocker.start()
        beats.wait_for(
            lambda messages: any(
                beat.executor_age > 0.5 and beat.worker_age > 0.5 for beat in messages
            )
        )
        free.set()
        blocker.join()


def test_latency_is_reported() -> None:
    with Graph() as graph:
        node = graph.start(EchoNode)
        reports = graph.listen(LatencyReport, 'latency')
        graph.publisher(String, 'text').publish(String(data='x'))
        stage = reports.wait()[0].stages[0]
        assert stage.name == 'echo'
        assert stage.count == 1
        assert 0 < stage.min <= stage.p50 <= stage.p99 <= stage.max
        assert reports.messages[0].node == node.get_fully_qualified_name()


def test_autostart() -> None:
    with Graph() as graph:
        node = graph.start(EchoNode, {'autostart': True}, state='unconfigured')
        wait_until(lambda: node.is_active, 'activation')


def test_help_lists_the_parameters() -> None:
    text = help_text(EchoNode)
    assert text.startswith('echo_node: Say again what was heard.')
    assert "prefix: what is put before each text ('')" in text


def test_default_name() -> None:
    assert default_name(EchoNode) == 'echo_node'
