# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The verbs that need no graph: ``ros2 interface``, ``pkg``, ``run`` and ``launch``."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from conftest import TIMEOUT, Run, Start
from ros2cli.verb.interface import Line
from ros2cli.verb.launch import parsed_arguments

HEADER = """# Standard metadata for higher-level stamped data types.
# This is generally used to communicate timestamped data
# in a particular coordinate frame.

# Two-integer timestamp that is expressed as seconds and nanoseconds.
builtin_interfaces/Time stamp
\tint32 sec
\tuint32 nanosec

# Transform frame with which this data is associated.
string frame_id
"""


def test_show_a_message(ros2: Run) -> None:
    result = ros2('interface', 'show', 'std_msgs/msg/Header')
    assert (result.returncode, result.stdout) == (0, HEADER)


def test_show_without_comments(ros2: Run) -> None:
    output = ros2('interface', 'show', '-', '--no-comments', stdin='std_msgs/msg/Header\n').stdout
    assert output == (
        'builtin_interfaces/Time stamp\n\tint32 sec\n\tuint32 nanosec\nstring frame_id\n')


def test_show_with_the_comments_of_nested_messages(ros2: Run) -> None:
    output = ros2('interface', 'show', '--all-comments', 'std_msgs/msg/Header').stdout
    assert '\n\t# The seconds component, valid over all int32 values.\n\tint32 sec\n' in output


def test_show_a_service_and_an_action(ros2: Run) -> None:
    assert '\n---\n' in ros2('interface', 'show', 'std_srvs/srv/SetBool').stdout
    assert ros2('interface', 'show', 'test_msgs/action/Fibonacci').stdout.count('\n---\n') == 2


def test_show_an_interface_that_was_written_as_idl(ros2: Run) -> None:
    output = ros2('interface', 'show', 'test_msgs/msg/KeyedLong').stdout
    assert 'module test_msgs' in output
    assert '@key long key;' in output


@pytest.mark.parametrize(
    ('name', 'complaint'),
    [
        ('nowhere/msg/Thing', "Unknown package 'nowhere'\n"),
        ('std_msgs/msg/Nothing', 'Could not find the interface '),
        ('std_msgs', "Invalid name 'std_msgs'. Expected three parts separated by '/'\n"),
        ('std_msgs/../Bool', "Invalid name 'std_msgs/../Bool'. Must not contain '..'\n"),
    ])
def test_show_what_is_not_there(ros2: Run, name: str, complaint: str) -> None:
    result = ros2('interface', 'show', name)
    assert result.returncode == 1
    assert result.stderr.startswith(complaint)


@pytest.mark.parametrize(
    ('text', 'plain', 'nested'),
    [
        ('Point[] points  # of the path', 'Point[] points', 'pack/msg/Point'),
        ('std_msgs/Header[<=3] headers', 'std_msgs/Header[<=3] headers', 'std_msgs/msg/Header'),
        ('string<=8 name "a # b" # c', 'string<=8 name "a # b"', None),
        ('uint8 LEFT=1', 'uint8 LEFT=1', None),
        ('# Point point', '', None),
        ('---', '---', None),
    ])
def test_line(text: str, plain: str, nested: str | None) -> None:
    assert Line(text).without_comment() == plain
    assert Line(text).message_type('pack') == nested


def test_pkg(ros2: Run, prefix: dict[str, str], tmp_path: Path) -> None:
    assert 'shop' in ros2('pkg', 'list', extra=prefix).stdout.splitlines()
    assert ros2('pkg', 'prefix', 'shop', extra=prefix).stdout == f'{tmp_path}\n'
    assert ros2('pkg', 'prefix', '--share', 'shop', extra=prefix).stdout == (
        f'{tmp_path}/share/shop\n')
    assert ros2('pkg', 'executables', 'shop', extra=prefix).stdout == 'shop seller\nshop waiter\n'
    assert ros2('pkg', 'executables', '--full-path', 'shop', extra=prefix).stdout == (
        f'{tmp_path}/lib/shop/seller\n{tmp_path}/lib/shop/waiter\n')


@pytest.mark.parametrize(
    ('words', 'complaint'),
    [
        (['pkg', 'prefix', 'nowhere'], 'Package not found\n'),
        (['pkg', 'executables', 'nowhere'], "Package 'nowhere' not found\n"),
        (['pkg', 'executables', '../x'], "Package '../x' not found\n"),
        (['run', 'nowhere', 'x'], "Package 'nowhere' not found\n"),
        (['run', 'shop', 'x'], 'No executable found\n'),
        (['run', 'shop', 'notes.txt'], 'No executable found\n'),
    ])
def test_packages_and_programs_that_are_not_there(
    ros2: Run, prefix: dict[str, str], words: list[str], complaint: str,
) -> None:
    result = ros2(*words, extra=prefix)
    assert (result.returncode, result.stderr) == (1, complaint)


def test_run_passes_arguments_and_exit_code(ros2: Run, prefix: dict[str, str]) -> None:
    result = ros2('run', 'shop', 'seller', '--ros-args', '-p', 'x:=1', extra=prefix)
    assert result.returncode == 7
    assert sorted(result.stdout.splitlines()) == [
        '[ros2run]: Process exited with failure 7', 'sold: --ros-args -p x:=1']


def test_run_with_a_prefix(ros2: Run, prefix: dict[str, str]) -> None:
    result = ros2('run', '--prefix', 'env -i', 'shop', 'seller', 'tea', extra=prefix)
    assert 'sold: tea' in result.stdout
    result = ros2('run', '--prefix', '/no/such/program', 'shop', 'seller', extra=prefix)
    assert result.returncode == 1
    assert result.stderr.startswith("Cannot run '")


def test_run_leaves_no_orphan_when_terminated(start: Start, prefix: dict[str, str]) -> None:
    process = start('run', 'shop', 'waiter', extra=prefix)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, output) == (0, 'tidy\n')
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_launch_shows_the_arguments(ros2: Run, prefix: dict[str, str]) -> None:
    result = ros2('launch', 'shop', 'open.launch.py', '--show-args', extra=prefix)
    assert (result.returncode, result.stdout) == (
        0,
        "Arguments (pass arguments as '<name>:=<value>'):\n\n"
        "    'greeting':\n        What to say.\n        (default: 'welcome')\n\n"
        "    'door':\n        Which door.\n")


def test_launch_prints_the_description(ros2: Run, prefix: dict[str, str]) -> None:
    lines = ros2('launch', 'shop', 'open.launch.py', '-p', extra=prefix).stdout.splitlines()
    assert lines[1:] == [
        "├── DeclareLaunchArgument('greeting')",
        "├── DeclareLaunchArgument('door')",
        "└── ExecuteProcess('echo' LaunchConfig('greeting') 'at' LaunchConfig('door'))"]


@pytest.mark.parametrize('by_path', [False, True])
def test_launch_runs_the_file(
    ros2: Run, prefix: dict[str, str], tmp_path: Path, by_path: bool,
) -> None:
    file = (
        [str(tmp_path / 'share/shop/launch/open.launch.py')] if by_path
        else ['shop', 'open.launch.py'])
    result = ros2('launch', *file, 'door:=front', 'door:=back', extra=prefix)
    assert result.returncode == 0
    assert 'welcome at back' in result.stdout


@pytest.mark.parametrize(
    ('words', 'complaint'),
    [
        (['nowhere', 'x.launch.py'], "Package 'nowhere' not found: "),
        (['shop', 'x.launch.py'], "file 'x.launch.py' was not found in the share directory of"),
        (['nowhere.launch.py'], 'No launch file supplied'),
        (['shop', 'open.launch.py', 'door'],
         "malformed launch argument 'door', expected format '<name>:=<value>'\n"),
        (['shop', 'broken.launch.py', '-s'], '[ERROR] [launch]: Caught exception in launch'),
        (['shop', 'broken.launch.py'], '[ERROR] [launch]: Caught exception in launch'),
        (['shop', 'open.launch.py'], '[ERROR] [launch]: Caught exception in launch'),
    ])
def test_launch_that_fails_says_why_in_one_line(
    ros2: Run, prefix: dict[str, str], words: list[str], complaint: str,
) -> None:
    result = ros2('launch', *words, extra=prefix)
    assert result.returncode == 1
    assert any(line.startswith(complaint.strip()) for line in
               (result.stdout + result.stderr).splitlines())
    assert 'Traceback' not in result.stdout + result.stderr


def test_the_last_of_several_launch_arguments_counts() -> None:
    assert parsed_arguments(['a:=1', 'b:=x:=y', 'a:=2']) == [('a', '2'), ('b', 'x:=y')]


@pytest.mark.parametrize('word', ['a', ':=1', 'a:='])
def test_malformed_launch_arguments(word: str) -> None:
    with pytest.raises(RuntimeError, match='malformed launch argument'):
        parsed_arguments([word])
