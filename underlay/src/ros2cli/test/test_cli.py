# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What ros2 does apart from any verb: help, errors, exit codes, quick start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run
from ros2cli.cli import COMMANDS


def test_help_lists_the_commands(ros2: Run) -> None:
    result = ros2('-h')
    assert result.returncode == 0
    assert result.stdout.startswith('usage: ros2 [-h]')
    assert '\nros2 is an extensible command-line tool for ROS 2.\n' in result.stdout
    assert '  topic      Various topic related sub-commands\n' in result.stdout
    assert all(f'\n  {command}' in result.stdout for command in COMMANDS)


def test_a_command_without_a_verb_prints_its_help(ros2: Run) -> None:
    result = ros2('topic')
    assert result.returncode == 0
    assert result.stdout.startswith('usage: ros2 topic [-h]')
    assert '  hz    Print the average receiving rate to screen\n' in result.stdout


def test_a_verb_has_help(ros2: Run) -> None:
    result = ros2('topic', 'echo', '-h')
    assert result.returncode == 0
    assert result.stdout.startswith('usage: ros2 topic echo [-h]')
    assert '--truncate-length' in result.stdout


@pytest.mark.parametrize(
    ('arguments', 'beginning'),
    [
        (['bag', 'play', 'x'],
         "ros2: 'bag' is not part of the underlay's ros2 (it offers: action, interface,"),
        (['topic', 'bw', '/x'],
         "ros2 topic: 'bw' is not part of the underlay's ros2 "
         '(it offers: echo, hz, info, list, pub); install the genuine ROS 2 for it'),
        (['launch', 'x.launch.py', '--launch-prefix', 'gdb'],
         "ros2 launch: '--launch-prefix' is not part of the underlay's ros2"),
    ])
def test_what_is_not_offered_is_named(ros2: Run, arguments: list[str], beginning: str) -> None:
    result = ros2(*arguments)
    assert result.returncode == 2
    assert result.stdout == ''
    assert result.stderr.startswith(beginning)
    assert result.stderr.count('\n') == 1


def test_an_unknown_option_is_named(ros2: Run) -> None:
    result = ros2('node', 'list', '--sideways')
    assert result.returncode == 2
    assert result.stderr.endswith('error: unrecognized arguments: --sideways\n')


def test_a_reader_that_goes_away_is_no_error(environment: dict[str, str]) -> None:
    code = ('import sys; from ros2cli.cli import main; '
            'sys.exit(main(["interface", "show", "sensor_msgs/msg/Image"]))')
    process = subprocess.Popen(
        [sys.executable, '-c', code], env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(30) == 141
    assert process.stderr is not None
    assert process.stderr.read() == b''
    process.stderr.close()


def test_parsing_imports_neither_rclpy_nor_yaml(environment: dict[str, str]) -> None:
    code = ('import sys; from ros2cli.cli import build_parser; '
            'build_parser(["topic", "echo"]).parse_args(["topic", "echo", "/x"]); '
            'sys.exit(any(name in sys.modules for name in ("rclpy", "yaml", "numpy", "launch")))')
    assert subprocess.run([sys.executable, '-c', code], env=environment, check=False,
                          timeout=30).returncode == 0


@pytest.mark.parametrize(
    ('line', 'offered'),
    [('ros2 to', 'topic '), ('ros2 topic p', 'pub '), ('ros2 topic echo --onc', '--once ')])
def test_tab_completes(
    environment: dict[str, str], tmp_path: Path, line: str, offered: str,
) -> None:
    candidates = tmp_path / 'candidates'
    code = 'from ros2cli.cli import main; main()'
    subprocess.run(
        [sys.executable, '-c', code], check=False, timeout=30,
        env={**environment, '_ARGCOMPLETE': '1', 'COMP_LINE': line,
             'COMP_POINT': str(len(line)), '_ARGCOMPLETE_STDOUT_FILENAME': str(candidates)})
    assert candidates.read_text() == offered
