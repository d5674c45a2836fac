# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 node``, ``param``, ``service``, ``lifecycle`` and ``action`` against running nodes."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

import pytest
from conftest import TIMEOUT, Run, Start
from ros2cli.node import DEFAULT_ANNOUNCEMENT_PERIOD, announcement_period
from ros2cli.verb.param import labelled, parsed_value

pytestmark = pytest.mark.usefixtures('graph')

DUMP = """/demo/talker:
  ros__parameters:
    camera:
      labels:
      - a
      - b
    enabled: true
    limit: 3
    name: box
    sizes:
    - 1
    - 2
    speed: 1.5
    start_type_description_service: true
    use_sim_time: false

"""


def test_node_list(ros2: Run) -> None:
    result = ros2('node', 'list', '--no-daemon')
    assert (result.returncode, result.stdout) == (0, '/counter\n/demo/talker\n/device\n')


def test_node_list_shows_hidden_nodes_on_request(ros2: Run) -> None:
    lines = ros2('node', 'list', '-a').stdout.splitlines()
    assert '/_secret' in lines
    assert any(line.startswith('/_ros2cli_') for line in lines)


def test_node_info(ros2: Run) -> None:
    output = ros2('node', 'info', '/demo/talker').stdout
    assert output.startswith(
        '/demo/talker\n  Subscribers:\n    /demo/number: std_msgs/msg/Int32\n  Publishers:\n'
        '    /demo/blob: std_msgs/msg/UInt8MultiArray\n')
    assert '\n    /demo/switch: std_srvs/srv/SetBool\n' in output
    assert output.endswith('\n  Service Clients:\n\n  Action Servers:\n\n  Action Clients:\n\n')


def test_node_info_shows_actions(ros2: Run) -> None:
    output = ros2('node', 'info', '/counter').stdout
    assert '\n  Action Servers:\n    /fibonacci: test_msgs/action/Fibonacci\n' in output
    assert '_action' not in output


def test_info_about_an_unknown_node(ros2: Run) -> None:
    result = ros2('node', 'info', '/nobody')
    assert (result.returncode, result.stderr) == (1, "Unable to find node '/nobody'\n")


def test_announcement_period_comes_from_the_profile(environment: dict[str, str]) -> None:
    assert announcement_period(environment['FASTDDS_DEFAULT_PROFILES_FILE']) == pytest.approx(0.1)


def test_announcement_period_without_a_usable_profile(tmp_path: Path) -> None:
    broken = tmp_path / 'broken.xml'
    broken.write_text('<profiles')
    for profile in (None, str(tmp_path / 'missing.xml'), str(broken)):
        assert announcement_period(profile) == DEFAULT_ANNOUNCEMENT_PERIOD


def test_param_list_of_all_nodes(ros2: Run) -> None:
    output = ros2('param', 'list').stdout
    assert output.startswith('/counter:\n  start_type_description_service\n  use_sim_time\n')
    assert '/demo/talker:\n  camera.labels\n  enabled\n  limit\n' in output


def test_param_list_with_types(ros2: Run) -> None:
    output = ros2('param', 'list', 'demo/talker', '--param-type', '--filter', 's').stdout
    assert output == (
        '  sizes (type: integer array)\n  speed (type: double)\n'
        '  start_type_description_service (type: boolean)\n')


def test_param_get(ros2: Run) -> None:
    output = ros2('param', 'get', '/demo/talker', 'sizes').stdout
    assert output == "Integer values are: array('q', [1, 2])\n"


@pytest.mark.parametrize(
    ('text', 'shown'),
    [
        ('1.5', ('Double value is:', 1.5)),
        ('3', ('Integer value is:', 3)),
        ('box', ('String value is:', 'box')),
        ('{a: [', ('String value is:', '{a: [')),
        ('{a: 1}', ('String value is:', '{a: 1}')),
        ('true', ('Boolean value is:', True)),
        ('[true, false]', ('Boolean values are:', [True, False])),
        ('[a, b]', ('String values are:', ['a', 'b'])),
    ])
def test_parameter_values_are_guessed_and_labelled(text: str, shown: tuple[str, object]) -> None:
    assert labelled(parsed_value(text)) == shown


def test_param_get_without_the_type(ros2: Run) -> None:
    assert ros2('param', 'get', '--hide-type', '/demo/talker', 'name').stdout == 'box\n'


def test_param_get_of_what_is_not_there(ros2: Run) -> None:
    result = ros2('param', 'get', '/demo/talker', 'colour')
    assert (result.returncode, result.stderr) == (1, 'Parameter not set\n')
    result = ros2('param', 'get', '/nobody', 'colour')
    assert (result.returncode, result.stderr) == (1, 'Node not found\n')


def test_param_set_and_refusal(ros2: Run) -> None:
    result = ros2('param', 'set', '/counter', 'use_sim_time', 'false')
    assert (result.returncode, result.stdout) == (0, 'Set parameter successful\n')
    result = ros2('param', 'set', '/demo/talker', 'limit', '50')
    assert (result.returncode, result.stdout) == (0, '')
    assert result.stderr == 'Setting parameter failed: limit must be at most 10\n'


def test_param_dump(ros2: Run) -> None:
    assert ros2('param', 'dump', '/demo/talker').stdout == DUMP


def test_param_load(ros2: Run, tmp_path: Path) -> None:
    file = tmp_path / 'talker.yaml'
    file.write_text(
        '/**:\n  ros__parameters:\n    name: box\n'
        '/demo/talker:\n  ros__parameters:\n    limit: 99\n    camera:\n      labels: [a, b]\n')
    result = ros2('param', 'load', '/demo/talker', str(file))
    assert result.stdout == (
        'Set parameter name successful\nSet parameter camera.labels successful\n')
    assert result.stderr == 'Set parameter limit failed: limit must be at most 10\n'


@pytest.mark.parametrize(
    ('content', 'complaint'),
    [
        (None, "Cannot read '{}': No such file or directory\n"),
        ('a: [', "'{}' is not valid YAML: "),
        ('', "'{}' is not a parameter file: "),
        ('a: 1', 'Param file does not contain any valid parameters\n'),
    ])
def test_param_load_of_a_bad_file(
    ros2: Run, tmp_path: Path, content: str | None, complaint: str,
) -> None:
    file = tmp_path / 'bad.yaml'
    if content is not None:
        file.write_text(content)
    result = ros2('param', 'load', '/demo/talker', str(file))
    assert result.returncode == 1
    assert result.stderr.startswith(complaint.format(file))
    assert result.stderr.count('\n') == 1


def test_service_list(ros2: Run) -> None:
    lines = ros2('service', 'list', '-t').stdout.splitlines()
    assert '/demo/switch [std_srvs/srv/SetBool]' in lines
    assert not any('_action' in line for line in lines)


def test_service_call(ros2: Run) -> None:
    result = ros2('service', 'call', '/demo/switch', 'std_srvs/srv/SetBool', '{data: true}')
    assert result.returncode == 0
    assert result.stdout.removeprefix('waiting for service to become available...\n') == (
        'requester: making request: std_srvs.srv.SetBool_Request(data=True)\n\n'
        "response:\nstd_srvs.srv.SetBool_Response(success=True, message='on')\n\n")


@pytest.mark.parametrize(
    ('arguments', 'complaint'),
    [
        (['std_srvs/srv/Nothing'], 'The passed service type is invalid\n'),
        (['std_msgs/msg/Bool'], 'The passed service type is invalid\n'),
        (['std_srvs/SetBool', '{date: 1}'],
         "Failed to populate field: 'SetBool_Request' object has no attribute 'date'\n"),
    ])
def test_service_call_with_bad_words(ros2: Run, arguments: list[str], complaint: str) -> None:
    result = ros2('service', 'call', '/demo/switch', *arguments)
    assert (result.returncode, result.stderr) == (1, complaint)


@pytest.mark.parametrize(('number', 'code'), [(signal.SIGINT, 2), (signal.SIGTERM, 143)])
def test_service_call_stops_waiting_on_a_signal(start: Start, number: int, code: int) -> None:
    process = start('service', 'call', '/nowhere', 'std_srvs/srv/Trigger')
    assert process.stdout is not None
    assert process.stdout.readline() == 'waiting for service to become available...\n'
    process.send_signal(number)
    _, errors = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, errors) == (code, '')


def test_lifecycle(ros2: Run) -> None:
    assert ros2('lifecycle', 'nodes').stdout == '/device\n'
    assert ros2('lifecycle', 'get', '/device').stdout == 'unconfigured [1]\n'
    assert ros2('lifecycle', 'list', 'device').stdout == (
        '- configure [1]\n\tStart: unconfigured\n\tGoal: configuring\n'
        '- shutdown [5]\n\tStart: unconfigured\n\tGoal: shuttingdown\n')
    result = ros2('lifecycle', 'set', '/device', 'activate')
    assert result.returncode == 1
    assert result.stderr == (
        'Unknown transition requested, available ones are:\n- configure [1]\n- shutdown [5]\n')
    assert ros2('lifecycle', 'set', '/device', 'configure').stdout == 'Transitioning successful\n'
    assert ros2('lifecycle', 'set', '/device', '3').stderr == 'Transitioning failed\n'
    assert ros2('lifecycle', 'get').stdout == '/device: inactive [2]\n'
    assert ros2('lifecycle', 'set', '/device', 'cleanup').stdout == 'Transitioning successful\n'


@pytest.mark.parametrize('words', [['get', '/counter'], ['set', '/nobody', 'configure']])
def test_lifecycle_of_a_node_without_one(ros2: Run, words: list[str]) -> None:
    result = ros2('lifecycle', *words)
    assert (result.returncode, result.stderr) == (1, 'Node not found\n')


def test_all_transitions(ros2: Run) -> None:
    output = ros2('lifecycle', 'list', '-a', '/device').stdout
    assert '- transition_success [10]\n\tStart: configuring\n\tGoal: inactive\n' in output


def test_action_list(ros2: Run) -> None:
    assert ros2('action', 'list', '-t').stdout == '/fibonacci [test_msgs/action/Fibonacci]\n'


def test_send_goal_with_feedback(ros2: Run) -> None:
    result = ros2(
        'action', 'send_goal', '-f', '/fibonacci', 'test_msgs/action/Fibonacci', '{order: 2}')
    assert result.returncode == 0
    feedback = 'Feedback:\n    sequence:\n- 0\n- 1\n- 1\n\n'
    assert feedback in result.stdout
    # The server may send feedback before its word that it accepts the goal has been read.
    assert re.fullmatch(
        r'Waiting for an action server to become available\.\.\.\n'
        r'Sending goal:\n     order: 2\n\n'
        r'Goal accepted with ID: [0-9a-f]{32}\n\n'
        r'Result:\n    sequence:\n- 0\n- 1\n- 1\n\n'
        r'Goal finished with status: SUCCEEDED\n', result.stdout.replace(feedback, ''))


def test_send_goal_that_is_refused(ros2: Run) -> None:
    result = ros2(
        'action', 'send_goal', '/fibonacci', 'test_msgs/action/Fibonacci', '{order: 13}')
    assert result.stdout.endswith('Goal was rejected.\n')


def test_send_goal_of_an_unknown_type(ros2: Run) -> None:
    result = ros2('action', 'send_goal', '/fibonacci', 'test_msgs/action/Nothing')
    assert (result.returncode, result.stderr) == (1, 'The passed action type is invalid\n')


def test_an_interrupted_goal_is_cancelled(
    graph: subprocess.Popen[str], start: Start,
) -> None:
    process = start(
        'action', 'send_goal', '/fibonacci', 'test_msgs/action/Fibonacci', '{order: 1000}')
    assert process.stdout is not None
    while not process.stdout.readline().startswith('Goal accepted'):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=TIMEOUT)
    assert output.endswith('Canceling goal...\nGoal canceled.\n')
    assert (process.returncode, errors) == (2, '')
    assert graph.stdout is not None
    assert graph.stdout.readline() == 'canceled\n'
