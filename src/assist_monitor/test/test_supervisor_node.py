# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest
from assist_common import qos
from assist_common.component import Component
from assist_common.testing import Collector, Graph, wait_until
from assist_monitor.supervisor_node import SupervisorNode
from assist_msgs.msg import Heartbeat, NodeHealth, SystemHealth, SystemMode
from assist_msgs.srv import RestartComponent
from diagnostic_msgs.msg import DiagnosticArray
from dummy_node import DummyNode
from lifecycle_msgs.msg import State, TransitionEvent
from lifecycle_msgs.srv import ChangeState, GetState
from rcl_interfaces.msg import Log
from respawner import Respawner

NAMESPACE = '/robot'
PARAMETERS = {
    'nodes': ['a_node', 'b_node'],
    'abilities': ['acting: a_node', 'seeing: b_node'],
    'safety_nodes': ['a_node'],
    'stable_time': 1.0,
    'manual_hold': 0.5,
    'order_timeout': 3.0,
}


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph(NAMESPACE) as graph:
        yield graph


def start(graph: Graph, **parameters: object) -> SupervisorNode:
    return graph.start(SupervisorNode, {**PARAMETERS, **parameters})


def modes(graph: Graph) -> Collector:
    return graph.listen(SystemMode, 'mode', qos.LATCHED)


def wait_for_mode(collector: Collector, mode: int, timeout: float = 20.0) -> SystemMode:
    return collector.wait_for(lambda seen: seen and seen[-1].mode == mode, timeout)[-1]


def wait_for_reason(collector: Collector, text: str, timeout: float = 20.0) -> None:
    """Wait until a mode has told this reason; the next may be told a moment later."""
    collector.wait_for(lambda seen: any(text in mode.reason for mode in seen), timeout)


def restart(graph: Graph, name: str) -> RestartComponent.Response:
    request = RestartComponent.Request(node=name)
    return graph.call(RestartComponent, 'supervisor_node/restart', request)


def test_brings_nodes_up_and_says_so(graph: Graph) -> None:
    seen, log = modes(graph), graph.listen(Log, '/rosout')
    nodes = [
        graph.start(DummyNode, state='unconfigured', name=name) for name in ('a_node', 'b_node')
    ]
    start(graph)
    wait_for_mode(seen, SystemMode.NORMAL)
    assert all(node.is_active for node in nodes)
    assert seen.messages[0].mode == SystemMode.SAFE_STOP
    log.wait_for(lambda lines: any('All 2 nodes active after' in line.msg for line in lines))


def test_adopts_nodes_that_are_active(graph: Graph) -> None:
    log = graph.listen(Log, '/rosout')
    for name in ('a_node', 'b_node'):
        graph.start(DummyNode, name=name)
    start(graph)
    log.wait_for(lambda lines: any('they were found so' in line.msg for line in lines))


def test_a_node_that_cannot_be_configured_leaves_the_others_working(
    graph: Graph, tmp_path: Path
) -> None:
    orders = tmp_path / 'orders'
    orders.write_text('configure')
    seen = modes(graph)
    graph.start(DummyNode, state='unconfigured', name='a_node')
    broken = graph.start(DummyNode, {'orders': str(orders)}, state='unconfigured', name='b_node')
    supervisor = start(graph, failures=2, recovery=2.0, first_delay=0.2)
    mode = wait_for_mode(seen, SystemMode.DEGRADED)
    assert list(mode.missing) == ['seeing']
    wait_until(
        lambda: supervisor.supervision.statuses(supervisor.steady())[1].breaker == 'open',
        'the breaker to open',
    )
    assert not broken.is_active
    orders.write_text('')
    wait_for_mode(seen, SystemMode.NORMAL)


def test_a_node_deactivated_by_hand_is_brought_back(graph: Graph) -> None:
    seen = modes(graph)
    nodes = [graph.start(DummyNode, name=name) for name in ('a_node', 'b_node')]
    start(graph)
    wait_for_mode(seen, SystemMode.NORMAL)
    graph.transition(nodes[1], 'deactivate')
    wait_for_mode(seen, SystemMode.DEGRADED)
    wait_for_mode(seen, SystemMode.NORMAL)
    assert nodes[1].is_active


def test_an_error_that_the_monitor_reports_degrades(graph: Graph) -> None:
    seen = modes(graph)
    for name in ('a_node', 'b_node'):
        graph.start(DummyNode, name=name)
    start(graph)
    wait_for_mode(seen, SystemMode.NORMAL)
    publisher = graph.publisher(SystemHealth, 'health')
    unwell = NodeHealth(name='/robot/b_node', state='active', level=2, message='camera: no frame')
    publisher.publish(SystemHealth(nodes=[unwell]))
    mode = wait_for_mode(seen, SystemMode.DEGRADED)
    assert mode.reason == 'b_node reports: camera: no frame'
    unwell.level = 0
    publisher.publish(SystemHealth(nodes=[unwell]))
    wait_for_mode(seen, SystemMode.NORMAL)


def test_a_word_of_somebody_else_on_the_mode_does_not_last(graph: Graph) -> None:
    seen = modes(graph)
    for name in ('a_node', 'b_node'):
        graph.start(DummyNode, name=name)
    start(graph)
    wait_for_mode(seen, SystemMode.NORMAL)
    graph.publisher(SystemMode, 'mode', qos.LATCHED).publish(
        SystemMode(mode=SystemMode.SAFE_STOP, reason='a joke')
    )
    seen.wait_for(lambda messages: any(message.reason == 'a joke' for message in messages))
    wait_for_mode(seen, SystemMode.NORMAL)


def test_a_graph_ends_from_the_last_node_to_the_first(graph: Graph) -> None:
    seen = modes(graph)
    nodes = [graph.start(DummyNode, name=name) for name in ('a_node', 'b_node')]
    supervisor = start(graph)
    wait_for_mode(seen, SystemMode.NORMAL)
    ended: list[str] = []
    for node in nodes:
        node.on_stop = partial(ended.append, node.get_name())
    graph.on_executor(supervisor, supervisor.on_interrupt)
    wait_until(lambda: not supervisor.awaits_turn, 'the end of the others')
    assert ended == ['b_node', 'a_node']
    assert not any(node.is_active for node in nodes)


def test_garbage_does_no_harm(graph: Graph) -> None:
    seen = modes(graph)
    for name in ('a_node', 'b_node'):
        graph.start(DummyNode, name=name)
    supervisor = start(graph)
    wait_for_mode(seen, SystemMode.NORMAL)
    beats = graph.publisher(Heartbeat, 'heartbeat')
    healths = graph.publisher(SystemHealth, 'health')
    beats.publish(Heartbeat())
    beats.publish(Heartbeat(node='/robot/a_node', pid=1, executor_age=float('nan')))
    beats.publish(Heartbeat(node='/robot/stranger', pid=1, state=200))
    healths.publish(SystemHealth(nodes=[NodeHealth(name='/robot/a_node', level=99)]))
    wait_until(lambda: supervisor.rejected == 3, 'the refusal of three messages')
    assert supervisor.errors == 0
    assert seen.messages[-1].mode == SystemMode.NORMAL


def test_a_peer_that_answers_garbage_or_nothing_is_only_its_own_problem(graph: Graph) -> None:
    asked = []

    def change(request: ChangeState.Request, response: ChangeState.Response) -> object:
        asked.append(request.transition.id)
        response.success = True
        return response

    def get(request: GetState.Request, response: GetState.Response) -> GetState.Response:
        response.current_state = State(id=250, label='nonsense')
        return response

    graph.probe.create_service(ChangeState, 'b_node/change_state', change)
    graph.probe.create_service(GetState, 'b_node/get_state', get)
    seen, log = modes(graph), graph.listen(Log, '/rosout')
    graph.start(DummyNode, state='unconfigured', name='a_node')
    start(graph)
    mode = wait_for_mode(seen, SystemMode.DEGRADED)
    assert list(mode.missing) == ['seeing']
    log.wait_for(lambda lines: any('lifecycle state is 250' in line.msg for line in lines))
    assert asked == []


def test_diagnostics_name_who_is_missing(graph: Graph) -> None:
    diagnostics = graph.listen(DiagnosticArray, '/diagnostics')
    graph.start(DummyNode, name='a_node')
    start(graph)

    def reported(messages: list[DiagnosticArray]) -> bool:
        return any(
            status.name == 'supervisor_node: nodes'
            and status.message == 'b_node is not running'
            and status.hardware_id == socket.gethostname()
            for message in messages
            for status in message.status
        )

    diagnostics.wait_for(reported)


@pytest.mark.parametrize(
    ('parameters', 'fault'),
    [
        ({'nodes': ['a_node', '/robot/a_node']}, 'names a node twice'),
        (
            {'nodes': ['supervisor_node'], 'safety_nodes': ['intent_node']},
            'cannot supervise itself',
        ),
        ({'abilities': ['seeing']}, "ability 'seeing' cannot be read"),
        (
            {'safety_nodes': ['a_nod']},
            "names 'a_nod', which is not supervised. Did you mean 'a_node'?",
        ),
        ({'first_delay': 5.0, 'longest_delay': 1.0}, 'first_delay is 5 s and longest_delay 1 s'),
    ],
)
def test_bad_parameters_are_one_sentence(
    graph: Graph, parameters: dict[str, object], fault: str
) -> None:
    node = graph.start(SupervisorNode, {**PARAMETERS, **parameters}, state='unconfigured')
    assert not graph.try_transition(node, 'configure')
    assert fault in node.fault


def test_names_that_are_likely_mistyped_are_said(graph: Graph) -> None:
    log = graph.listen(Log, '/rosout')
    start(graph, abilities=['acting: a_nod'], self_starting=['far_away'])
    text = "The ability acting names 'a_nod', which is not supervised; did you mean 'a_node'?"
    log.wait_for(lambda lines: any(line.msg == text for line in lines))
    log.wait_for(lambda lines: any("names 'far_away'" in line.msg for line in lines))


def test_a_safety_node_that_this_part_of_the_graph_lacks_is_no_mistake(graph: Graph) -> None:
    start(graph, safety_nodes=['intent_node'])


def test_restarting_an_unknown_node_names_the_known(graph: Graph) -> None:
    start(graph)
    response = restart(graph, 'c_node')
    assert not response.success
    assert response.message == "There is no node 'c_node' here. Use one of: a_node, b_node."


def test_an_inactive_supervisor_restarts_nothing(graph: Graph) -> None:
    graph.start(SupervisorNode, PARAMETERS, state='inactive')
    response = restart(graph, 'a_node')
    assert not response.success
    assert 'not active' in response.message


def test_processes_that_die_stop_hang_or_are_restarted_come_back(
    graph: Graph, tmp_path: Path
) -> None:
    seen = modes(graph)
    orders = {name: tmp_path / name for name in ('a_node', 'b_node')}
    with Respawner(graph.domain_id, NAMESPACE, orders) as respawner:
        start(graph)
        wait_for_mode(seen, SystemMode.NORMAL)
        first = dict(respawner.processes)

        respawner.processes['a_node'].send_signal(signal.SIGKILL)
        assert list(wait_for_mode(seen, SystemMode.SAFE_STOP).missing) == ['acting']
        wait_for_mode(seen, SystemMode.NORMAL, timeout=10.0)

        respawner.processes['b_node'].send_signal(signal.SIGSTOP)
        wait_for_reason(seen, 'has been silent')
        wait_for_mode(seen, SystemMode.NORMAL)

        orders['b_node'].write_text('hang')
        wait_for_reason(seen, 'does not react')
        wait_for_mode(seen, SystemMode.NORMAL)

        assert restart(graph, 'b_node').success
        wait_for_mode(seen, SystemMode.DEGRADED)
        wait_for_mode(seen, SystemMode.NORMAL)
        assert respawner.starts == {'a_node': 2, 'b_node': 4}
        assert not any(psutil.pid_exists(process.pid) for process in first.values())


def test_a_death_is_noticed_without_looking(graph: Graph, tmp_path: Path) -> None:
    seen = modes(graph)
    with Respawner(graph.domain_id, NAMESPACE, {'b_node': tmp_path / 'orders'}) as respawner:
        graph.start(DummyNode, name='a_node')
        supervisor = start(graph)
        wait_for_mode(seen, SystemMode.NORMAL)
        graph.on_executor(supervisor, lambda: [timer.cancel() for timer in supervisor.timers])
        respawner.processes['b_node'].send_signal(signal.SIGKILL)
        assert wait_for_mode(seen, SystemMode.DEGRADED).reason == 'b_node is not running'


def test_a_fresh_supervisor_leaves_running_processes_alone(graph: Graph, tmp_path: Path) -> None:
    seen = modes(graph)
    orders = {name: tmp_path / name for name in ('a_node', 'b_node')}
    transitions = [graph.listen(TransitionEvent, f'{name}/transition_event') for name in orders]
    with Respawner(graph.domain_id, NAMESPACE, orders) as respawner:
        supervisor = start(graph)
        wait_for_mode(seen, SystemMode.NORMAL)
        for events in transitions:
            events.wait_for(lambda seen: seen and seen[-1].goal_state.label == 'active')
            events.clear()
        seen.clear()
        _renew(graph, supervisor)
        wait_for_mode(seen, SystemMode.NORMAL)
        assert respawner.starts == {'a_node': 1, 'b_node': 1}
        assert [events.messages for events in transitions] == [[], []]


def _renew(graph: Graph, supervisor: Component) -> None:
    for step in ('deactivate', 'cleanup', 'configure', 'activate'):
        graph.transition(supervisor, step)
