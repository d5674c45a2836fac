# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 topic`` against running nodes."""

from __future__ import annotations

import signal
import subprocess

import pytest
from conftest import TIMEOUT, Run, Start
from ros2cli.verb.topic_hz import RateMeter

pytestmark = pytest.mark.usefixtures('graph')

SECOND = 1_000_000_000


def test_list(ros2: Run) -> None:
    result = ros2('topic', 'list')
    assert result.returncode == 0
    assert result.stdout.splitlines() == [
        '/demo/blob', '/demo/chatter', '/demo/header', '/demo/number', '/demo/number_back',
        '/demo/state', '/device/transition_event', '/parameter_events', '/rosout']


def test_list_with_types_and_hidden_topics(ros2: Run) -> None:
    lines = ros2('topic', 'list', '-t', '-a').stdout.splitlines()
    assert '/demo/chatter [std_msgs/msg/String]' in lines
    assert '/demo/_hidden [std_msgs/msg/String]' in lines


def test_list_verbose(ros2: Run) -> None:
    published, subscribed = ros2('topic', 'list', '--verbose').stdout.split('\n\n', 1)
    assert published.startswith('Published topics:\n * /demo/blob [std_msgs/msg/UInt8MultiArray] 1')
    assert ' * /demo/chatter [std_msgs/msg/String] 1 publisher' in published.splitlines()
    assert subscribed == 'Subscribed topics:\n * /demo/number [std_msgs/msg/Int32] 1 subscriber\n\n'


def test_info(ros2: Run) -> None:
    assert ros2('topic', 'info', '/demo/chatter').stdout == (
        'Type: std_msgs/msg/String\nPublisher count: 1\nSubscription count: 0\n')


def test_verbose_info_shows_the_endpoints(ros2: Run) -> None:
    output = ros2('topic', 'info', '-v', '/demo/number').stdout
    assert output.startswith(
        'Type: std_msgs/msg/Int32\n\nPublisher count: 0\n\nSubscription count: 1\n\n'
        'Node name: talker\nNode namespace: /demo\nTopic type: std_msgs/msg/Int32\n')
    assert '\nEndpoint type: SUBSCRIPTION\n' in output
    assert '\n  Reliability: RELIABLE\n' in output


def test_info_about_an_unknown_topic(ros2: Run) -> None:
    result = ros2('topic', 'info', '/nowhere')
    assert (result.returncode, result.stderr) == (1, "Unknown topic '/nowhere'\n")


def test_echo_once(ros2: Run) -> None:
    result = ros2('topic', 'echo', '--once', '/demo/header')
    assert result.returncode == 0
    assert result.stdout == 'stamp:\n  sec: 7\n  nanosec: 0\nframe_id: base\n---\n'


def test_echo_takes_up_a_state_that_was_published_before(ros2: Run) -> None:
    assert ros2('topic', 'echo', '--once', '/demo/state').stdout == 'data: latched\n---\n'


def test_echo_of_a_best_effort_topic_shortens_sequences(ros2: Run) -> None:
    output = ros2('topic', 'echo', '--once', '-l', '3', '/demo/blob').stdout
    assert output.endswith("data:\n- 0\n- 1\n- 2\n- '...'\n---\n")


def test_echo_full_length(ros2: Run) -> None:
    assert '\n- 199\n---\n' in ros2('topic', 'echo', '--once', '-f', '/demo/blob').stdout


def test_echo_without_arrays(ros2: Run) -> None:
    output = ros2('topic', 'echo', '--once', '--no-arr', '/demo/blob').stdout
    assert output.endswith("data: '<sequence type: uint8, length: 200>'\n---\n")


def test_echo_csv(ros2: Run) -> None:
    assert ros2('topic', 'echo', '--once', '--csv', '/demo/header').stdout == '7,0,base\n'


@pytest.mark.parametrize(
    ('field', 'shown'),
    [('stamp.sec', '7\n---\n'), ('stamp', 'sec: 7\nnanosec: 0\n---\n')])
def test_echo_of_a_field(ros2: Run, field: str, shown: str) -> None:
    assert ros2('topic', 'echo', '--once', '--field', field, '/demo/header').stdout == shown


def test_echo_of_a_field_that_is_not_there(ros2: Run) -> None:
    result = ros2('topic', 'echo', '--field', 'seq', '/demo/header')
    assert result.returncode == 1
    assert result.stderr == "Invalid field 'seq': 'Header' object has no attribute 'seq'\n"


def test_echo_of_an_unknown_topic(ros2: Run) -> None:
    result = ros2('topic', 'echo', '/nowhere')
    assert result.returncode == 1
    assert result.stdout == 'WARNING: topic [/nowhere] does not appear to be published yet\n'
    assert result.stderr == 'Could not determine the type for the passed topic\n'


def test_echo_of_an_unknown_type(ros2: Run) -> None:
    result = ros2('topic', 'echo', '/demo/chatter', 'std_msgs/msg/Nothing')
    assert (result.returncode, result.stderr) == (1, 'The passed message type is invalid\n')


def test_echo_gives_up_after_its_timeout(ros2: Run) -> None:
    result = ros2('topic', 'echo', '--once', '--timeout', '0.3', '/quiet', 'std_msgs/msg/String')
    assert (result.returncode, result.stdout) == (0, '')


@pytest.mark.parametrize(('number', 'code'), [(signal.SIGINT, 2), (signal.SIGTERM, 143)])
def test_echo_ends_quietly_on_a_signal(start: Start, number: int, code: int) -> None:
    process = start('topic', 'echo', '/demo/chatter')
    assert process.stdout is not None
    assert process.stdout.readline().startswith('data: hello ')
    process.send_signal(number)
    _, errors = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, errors) == (code, '')


def test_hz(start: Start) -> None:
    process = start('topic', 'hz', '-w', '5', '/demo/blob')
    assert process.stdout is not None
    report = process.stdout.readline() + process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rate = float(report.split()[2])
    assert 5 < rate < 15
    assert report.startswith('average rate: ')
    assert report.endswith(' window: 5\n')
    assert '\n\tmin: 0.' in report


def test_rate_meter_reports_a_second_after_the_last_report() -> None:
    meter = RateMeter(window_size=3)
    reports = []
    for tick in range(1, 26):
        meter.receive(tick * SECOND // 10)
        reports.append(meter.report())
    due = [tick for tick, report in enumerate(reports, start=1) if report]
    assert due == [12, 22]
    assert reports[11] == (
        'average rate: 10.000\n\tmin: 0.100s max: 0.100s std dev: 0.00000s window: 3')


def test_rate_meter_starts_anew_when_the_clock_jumps_back() -> None:
    meter = RateMeter(window_size=10)
    for now in (5 * SECOND, 6 * SECOND, 2 * SECOND):
        meter.receive(now)
    assert list(meter.intervals) == []


def test_pub_once_reaches_the_subscriber(ros2: Run, start: Start) -> None:
    echo = start('topic', 'echo', '--once', '/demo/number_back', 'std_msgs/msg/Int32')
    # Not before the answer is listened for.
    result = subprocess.CompletedProcess[str]([], 1, '', '')
    while echo.poll() is None:
        result = ros2('topic', 'pub', '--once', '/demo/number', 'std_msgs/msg/Int32', '{data: 42}')
    assert result.returncode == 0
    assert result.stdout.splitlines()[-3:] == [
        'publisher: beginning loop', 'publishing #1: std_msgs.msg.Int32(data=42)', '']
    assert echo.communicate(timeout=TIMEOUT)[0] == 'data: 42\n---\n'


def test_pub_a_number_of_times(ros2: Run) -> None:
    result = ros2('topic', 'pub', '-w', '0', '-t', '4', '-r', '50', '-p', '2', '/free',
                  'std_msgs/String', '--stdin', stdin='data: hi')
    assert result.returncode == 0
    assert result.stdout == (
        'publisher: beginning loop\n'
        "publishing #2: std_msgs.msg.String(data='hi')\n\n"
        "publishing #4: std_msgs.msg.String(data='hi')\n\n")


def test_pub_fills_in_the_time(ros2: Run) -> None:
    result = ros2('topic', 'pub', '-w', '0', '--once', '/free', 'geometry_msgs/msg/PointStamped',
                  '{header: auto}')
    assert 'sec=0' not in result.stdout.partition('nanosec')[0]


@pytest.mark.parametrize(
    ('values', 'complaint'),
    [
        ('{data: 4294967296}',
         "Failed to populate field: The 'data' field must be an integer in "
         '[-2147483648, 2147483647]\n'),
        ('{date: 1}', "Failed to populate field: 'Int32' object has no attribute 'date'\n"),
        ('[1]', 'The passed value needs to be a dictionary in YAML format\n'),
        ('{data: [', 'The passed value is not valid YAML: '),
    ])
def test_pub_refuses_values_that_do_not_fit(ros2: Run, values: str, complaint: str) -> None:
    result = ros2('topic', 'pub', '-w', '0', '--once', '/free', 'std_msgs/msg/Int32', values)
    assert result.returncode == 1
    assert result.stderr.startswith(complaint)
    assert result.stderr.count('\n') == 1


@pytest.mark.parametrize(
    ('words', 'complaint'),
    [
        (['pub', '/a b', 'std_msgs/msg/Int32'], 'Invalid topic name: topic name must not contain '),
        (['pub', '-n', 'a b', '/free', 'std_msgs/msg/Int32'],
         'Invalid node name: node name must not contain '),
        (['echo', '/a b'], "topic name '/a b' is invalid: topic name must not contain"),
    ])
def test_names_that_are_not_valid(ros2: Run, words: list[str], complaint: str) -> None:
    result = ros2('topic', *words)
    assert result.returncode == 1
    assert result.stderr.startswith(complaint)
    assert result.stderr.count('\n') == 1


def test_pub_does_not_wait_for_ever(ros2: Run) -> None:
    result = ros2('topic', 'pub', '--once', '--max-wait-time-secs', '0.2', '/free',
                  'std_msgs/msg/Int32')
    assert result.returncode == 1
    assert result.stdout == 'Waiting for at least 1 matching subscription(s)...\n'
    assert result.stderr.startswith('Timed out waiting for subscribers: Expected 1 subs')
