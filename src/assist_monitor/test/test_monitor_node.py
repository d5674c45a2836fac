# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from assist_common import qos
from assist_common.testing import Graph, wait_until
from assist_monitor.leak import LEAST_POINTS
from assist_monitor.monitor_node import ROSOUT, MonitorNode
from assist_monitor.sampling import ProcessSample
from assist_msgs.msg import Decision, Heartbeat, LatencyReport, LatencyStage, Slot, SystemHealth
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from dummy_node import DummyNode
from rcl_interfaces.msg import Log
from rclpy.duration import Duration
from rclpy.parameter import Parameter
from std_srvs.srv import Trigger

NAMESPACE = '/robot'


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph(NAMESPACE) as graph:
        yield graph


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / 'logs'


def start(graph: Graph, folder: Path, state: str = 'active', **parameters: Any) -> MonitorNode:
    values = {'log_directory': str(folder), 'sample_period': 0.5, 'check_period': 1.0}
    return graph.start(MonitorNode, {**values, **parameters}, state=state)


def entries(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def wait_for_entry(path: Path, **wanted: Any) -> dict:
    def find() -> dict | None:
        found = (e for e in entries(path) if all(e.get(k) == v for k, v in wanted.items()))
        return next(found, None)

    return wait_until(find, f'{wanted} in {path}')


def test_health_tells_of_machine_and_nodes(graph: Graph, folder: Path) -> None:
    health = graph.listen(SystemHealth, 'health')
    graph.start(DummyNode, name='a_node')
    start(graph, folder)

    def complete(messages: list[SystemHealth]) -> bool:
        nodes = {node.name: node for node in messages[-1].nodes} if messages else {}
        return {'/robot/a_node', '/robot/monitor_node'} <= set(nodes)

    message = health.wait_for(complete)[-1]
    node = next(node for node in message.nodes if node.name == '/robot/a_node')
    assert (node.state, node.level) == ('active', 0)
    assert node.memory > 10
    assert 0 < message.memory < 100
    assert message.header.stamp.sec > 0


def test_a_node_that_falls_silent_is_missing(graph: Graph, folder: Path) -> None:
    health = graph.listen(SystemHealth, 'health')
    start(graph, folder, heartbeat_timeout=1.0)
    beat = Heartbeat(node='/robot/ghost', pid=2**31, host='elsewhere', state=3)
    graph.publisher(Heartbeat, 'heartbeat').publish(beat)
    message = health.wait_for(
        lambda seen: (
            seen and any(reason.startswith('ghost: not heard') for reason in seen[-1].reasons)
        )
    )[-1]
    assert message.level == SystemHealth.WARNING


def test_every_task_is_on_diagnostics(graph: Graph, folder: Path) -> None:
    diagnostics = graph.listen(DiagnosticArray, '/diagnostics')
    start(graph, folder)
    tasks = {
        'cpu',
        'memory',
        'processes',
        'leaks',
        'disk',
        'temperature',
        'network',
        'gpu',
        'nodes',
        'logs',
    }

    def complete(messages: list[DiagnosticArray]) -> bool:
        seen = {
            status.name for message in messages for status in message.status if status.hardware_id
        }
        return {f'monitor_node: {task}' for task in tasks} <= seen

    diagnostics.wait_for(complete)
    diagnostics.wait_for(
        lambda messages: any(
            status.name == 'monitor_node: memory'
            and 'memory' in status.message
            and {'memory', 'memory, range'} <= {pair.key for pair in status.values}
            for message in messages
            for status in message.status
        )
    )


def test_everything_is_in_the_log_files(graph: Graph, folder: Path) -> None:
    node = start(graph, folder)
    graph.publisher(Log, '/rosout', ROSOUT).publish(
        Log(level=40, name='robot.a_node', msg='broken', file='a.py', function='f', line=3)
    )
    decision = Decision(
        text='bring the cup',
        intent='bring',
        slots=[Slot(name='object', value='cup')],
        verdict=Decision.CONFIRM,
        risk=Decision.MEDIUM,
        reasons=['a person is near'],
    )
    graph.publisher(Decision, 'decision').publish(decision)
    stage = LatencyStage(name='stt', count=3, p50=0.25)
    graph.publisher(LatencyReport, 'latency').publish(
        LatencyReport(node='/robot/stt_node', stages=[stage])
    )
    broken = wait_for_entry(folder / 'app_error.log', message='broken')
    assert (broken['node'], broken['file'], broken['line']) == ('robot.a_node', 'a.py', 3)
    wait_for_entry(folder / 'app.log', message='broken')
    decided = wait_for_entry(folder / 'app.log', kind='decision')
    assert decided['message'] == "'bring the cup': confirm bring"
    assert (decided['verdict'], decided['risk']) == ('confirm', 'medium')
    assert decided['slots'] == {'object': 'cup'}
    measured = wait_for_entry(folder / 'metrics.log', kind='latency', stage='stt')
    assert (measured['node'], measured['p50'], measured['count']) == ('robot.stt_node', 0.25, 3)
    assert wait_for_entry(folder / 'metrics.log', kind='health')['cores']
    assert node.errors == node.rejected == 0


def test_nothing_is_lost_at_shutdown(graph: Graph, folder: Path) -> None:
    node = start(graph, folder)
    publisher = graph.publisher(Log, '/rosout', ROSOUT)
    for index in range(500):
        publisher.publish(Log(level=20, name='robot.a_node', msg=f'line {index}'))
    wait_until(lambda: node.lines.done + node.lines.pending >= 500, 'the lines')
    graph.transition(node, 'deactivate')
    graph.transition(node, 'cleanup')
    messages = [
        e['message'] for e in entries(folder / 'app.log') if e['message'].startswith('line')
    ]
    assert messages == [f'line {index}' for index in range(500)]


def test_what_the_executor_has_not_got_to_is_written_at_shutdown(
    graph: Graph, folder: Path
) -> None:
    node = start(graph, folder)
    logs = graph.publisher(Log, '/rosout', ROSOUT)
    decisions = graph.publisher(Decision, 'decision', qos.RELIABLE)

    def end() -> None:
        for index in range(100):
            logs.publish(Log(level=20, name='robot.a_node', msg=f'late {index}'))
        decisions.publish(Decision(text='stop', intent='stop', verdict=Decision.STOP))
        for publisher in (logs, decisions):
            assert publisher.wait_for_all_acked(Duration(seconds=10))
        node.trigger_deactivate()

    graph.on_executor(node, end)
    found = [entry['message'] for entry in entries(folder / 'app.log')]
    assert [text for text in found if text.startswith('late')] == [f'late {i}' for i in range(100)]
    assert "'stop': stop stop" in found


def test_garbage_is_refused_and_the_rest_taken(graph: Graph, folder: Path) -> None:
    health = graph.listen(SystemHealth, 'health')
    node = start(graph, folder)
    publisher = graph.publisher(DiagnosticArray, '/diagnostics')
    good = DiagnosticStatus(name='battery: charge', level=DiagnosticStatus.WARN, message='low')
    publisher.publish(
        DiagnosticArray(
            status=[
                DiagnosticStatus(name='x: y', level=b'\x63'),
                DiagnosticStatus(),
                good,
                DiagnosticStatus(name=':' * 5000, message='z' * 100000),
            ]
        )
    )
    health.wait_for(lambda seen: seen and 'battery: low' in seen[-1].reasons)
    assert node.rejected == 2
    assert node.errors == 0
    assert max(len(reason) for reason in health.messages[-1].reasons) < 2000


def wait_for_release_service(node: MonitorNode) -> None:
    client = node.care.releasers['/robot/a_node']
    wait_until(client.service_is_ready, 'the service of a_node')


def test_memory_is_released_on_request(graph: Graph, folder: Path) -> None:
    dummy = graph.start(DummyNode, name='a_node')
    node = start(graph, folder, release_memory_of=['a_node', 'gone_node'])
    wait_for_release_service(node)
    response = graph.call(Trigger, 'monitor_node/release_memory', Trigger.Request())
    assert (response.success, response.message) == (True, 'asked a_node to release memory')
    wait_until(lambda: dummy.released == 1, 'the release')
    wait_for_entry(folder / 'app.log', message='a_node released memory: nothing to spare.')


def test_memory_is_released_when_it_is_short(graph: Graph, folder: Path) -> None:
    dummy = graph.start(DummyNode, name='a_node')
    node = start(graph, folder, release_memory_of=['a_node'])
    wait_for_release_service(node)
    graph.on_executor(
        node, lambda: node.set_parameters([Parameter('memory', value=[0.01, 99.0, 0.0])])
    )
    wait_until(lambda: dummy.released == 1, 'the release')


CRITICAL_MEMORY = [0.01, 0.02, 0.0]
PLENTY_OF_MEMORY = [98.0, 99.0, 0.5]


def set_memory(graph: Graph, node: MonitorNode, limits: list[float]) -> None:
    graph.on_executor(node, lambda: node.set_parameters([Parameter('memory', value=limits)]))


def test_relief_is_given_while_memory_is_critical(graph: Graph, folder: Path) -> None:
    dummy = graph.start(DummyNode, {'orders': 'large'}, name='a_node')
    node = start(graph, folder, relief=['a_node: orders=small'], relief_hold=0.0)
    wait_until(lambda: '/robot/a_node' in node.book.active_pids(), 'the heartbeat of a_node')
    set_memory(graph, node, CRITICAL_MEMORY)
    wait_until(lambda: dummy.parameters.orders == 'small', 'the relief')
    set_memory(graph, node, PLENTY_OF_MEMORY)
    wait_until(lambda: dummy.parameters.orders == 'large', 'the end of the relief')
    assert node.errors == 0


def test_a_node_that_is_started_anew_gets_the_relief_anew(graph: Graph, folder: Path) -> None:
    dummy = graph.start(DummyNode, {'orders': 'large'}, name='a_node')
    node = start(graph, folder, relief=['a_node: orders=small'], relief_hold=0.0)
    wait_until(lambda: '/robot/a_node' in node.book.active_pids(), 'the heartbeat of a_node')
    set_memory(graph, node, CRITICAL_MEMORY)
    wait_until(lambda: dummy.parameters.orders == 'small', 'the relief')
    graph.on_executor(dummy, lambda: dummy.set_parameters([Parameter('orders', value='large')]))
    graph.on_executor(node, lambda: node.care._reliever.apply({'/robot/a_node': 1}))
    wait_until(lambda: dummy.parameters.orders == 'small', 'the relief of the new process')
    set_memory(graph, node, PLENTY_OF_MEMORY)
    wait_until(lambda: dummy.parameters.orders == 'large', 'the end of the relief')


def test_a_relief_that_is_refused_is_said(graph: Graph, folder: Path) -> None:
    graph.start(DummyNode, name='a_node')
    node = start(graph, folder, relief=['a_node: no_such=5'])
    wait_until(lambda: '/robot/a_node' in node.book.active_pids(), 'the heartbeat of a_node')
    set_memory(graph, node, CRITICAL_MEMORY)
    entry = wait_for_entry(folder / 'app_error.log', level='ERROR')
    assert 'relief' in entry['message']


def test_a_leak_is_on_health_and_diagnostics(
    graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    health = graph.listen(SystemHealth, 'health')
    diagnostics = graph.listen(DiagnosticArray, '/diagnostics')
    node = start(graph, folder, leak_warm_up=0.0)
    update = node.leaks.update
    # The made-up history of hours stays as it is.
    monkeypatch.setattr(node.leaks, 'update', lambda processes, now: None)
    for point in range(2 * LEAST_POINTS):
        used = ProcessSample(pid=1, cpu=0, memory=100 + 10 * point, threads=1, files=1)
        update({'/robot/stt_node': used}, 1000.0 * point)
    complaint = 'stt_node: memory grows by 36.0 MiB/h (36.0 to 36.0 at 95 %); restart it'
    health.wait_for(lambda seen: any(complaint in message.reasons for message in seen))
    diagnostics.wait_for(
        lambda seen: any(
            (status.name, status.message) == ('monitor_node: leaks', complaint)
            for message in seen
            for status in message.status
        )
    )


def test_no_one_to_release_memory_is_said(graph: Graph, folder: Path) -> None:
    start(graph, folder, release_memory_of=['gone_node'])
    response = graph.call(Trigger, 'monitor_node/release_memory', Trigger.Request())
    assert not response.success
    assert 'no node offers release_memory' in response.message


def test_thresholds_out_of_order_at_run_time_are_refused(graph: Graph, folder: Path) -> None:
    node = start(graph, folder)
    change = [Parameter('cpu', value=[99.0, 50.0, 1.0])]
    (result,) = graph.on_executor(node, lambda: node.set_parameters(change))
    assert not result.successful
    assert 'cpu are out of order' in result.reason
    assert node.book.watches['cpu'].threshold.warning == 90.0
    assert node.get_parameter('cpu').value[0] == node.parameters.cpu[0] == 90.0


@pytest.mark.parametrize(
    ('parameters', 'fault'),
    [
        ({'cpu': [95.0, 80.0, 5.0]}, 'The thresholds of cpu are out of order: warning 95 %'),
        ({'relief': ['stt_node model']}, "The relief 'stt_node model' cannot be read"),
        ({'disk': [80.0, 90.0]}, "The parameter 'disk' has 2 numbers"),
    ],
)
def test_bad_parameters_are_one_sentence(
    graph: Graph, folder: Path, parameters: dict[str, Any], fault: str
) -> None:
    values = {'log_directory': str(folder), **parameters}
    node = graph.start(MonitorNode, values, state='unconfigured')
    assert not graph.try_transition(node, 'configure')
    assert node.fault.startswith(fault)


def test_without_a_log_folder_the_rest_works(graph: Graph) -> None:
    health = graph.listen(SystemHealth, 'health')
    start(graph, Path('/proc/no/logs'))
    health.wait_for(
        lambda seen: seen and any('/proc/no/logs' in reason for reason in seen[-1].reasons)
    )


def test_lines_that_come_too_fast_are_a_warning(graph: Graph, folder: Path) -> None:
    health = graph.listen(SystemHealth, 'health')
    node = start(graph, folder)
    node.lines.dropped += 3
    reason = 'logs: 3 records came faster than they could be written'
    health.wait_for(lambda seen: any(reason in message.reasons for message in seen))


def test_a_lost_gpu_is_a_warning(graph: Graph, folder: Path) -> None:
    health = graph.listen(SystemHealth, 'health')
    node = start(graph, folder)
    node.sampler.gpu.fault = 'the GPU cannot be read: lost'
    health.wait_for(lambda seen: seen and 'the GPU cannot be read: lost' in seen[-1].reasons)


def test_names_that_are_likely_mistyped_are_said(graph: Graph, folder: Path) -> None:
    start(graph, folder, relief=['stt_nod: model=tiny.en'], release_memory_of=['a_node'])
    text = "The parameter 'relief' names 'stt_nod'; did you mean 'stt_node'?"
    wait_for_entry(folder / 'app.log', message=text)
    assert 'release_memory_of' not in (folder / 'app.log').read_text()


def test_it_can_be_set_up_again(graph: Graph, folder: Path) -> None:
    node = start(graph, folder)
    for step in ('deactivate', 'cleanup', 'configure', 'activate'):
        graph.transition(node, step)
    health = graph.listen(SystemHealth, 'health')
    health.wait()
