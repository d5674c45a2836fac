# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Mistakes in launch files: one line says where and what."""

from __future__ import annotations

import pytest
from launch import InvalidLaunchFileError, LaunchContext
from launch.actions import IncludeLaunchDescription
from launch.launch_description_sources import (
    PythonLaunchDescriptionSource,
    get_launch_description_from_any_launch_file,
)

FUNCTION = 'def generate_launch_description():\n'


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('import launch\n' + FUNCTION + '    return launch.Nothing()\n', 'line 3'),
        (FUNCTION + '    return nothing\n', "line 2: NameError: name 'nothing' is not defined"),
        ('import launch_test_absent\n', "line 1: .*No module named 'launch_test_absent'"),
        ('def (:\n', 'line 1: SyntaxError'),
        ('x = 1\n', 'does not contain the required function generate_launch_description'),
        (FUNCTION + '    return []\n', 'must return a launch.LaunchDescription, not list'),
        (
            'from launch.actions import ExecuteProcess\n' + FUNCTION
            + "    return ExecuteProcess(cmd=['a'], outptu='screen')\n",
            "line 3: TypeError: ExecuteProcess .* 'outptu'",
        ),
    ],
)
def test_mistake(run, tmp_path, text, message):
    path = tmp_path / 'wrong.launch.py'
    path.write_text(text)
    with pytest.raises(InvalidLaunchFileError, match=message) as error:
        get_launch_description_from_any_launch_file(path)
    assert str(path) in str(error.value)

    code, output = run(IncludeLaunchDescription(str(path)))
    assert code == 1
    (line,) = [line for line in output.splitlines() if line.startswith('[ERROR]')]
    assert str(path) in line
    assert 'Traceback' not in output


def test_error_while_launching_names_the_file(run, tmp_path):
    path = tmp_path / 'wrong.launch.py'
    path.write_text(
        'from launch import LaunchDescription\n'
        'from launch.actions import LogInfo\n'
        'from launch.substitutions import LaunchConfiguration\n' + FUNCTION
        + "    return LaunchDescription([LogInfo(msg=LaunchConfiguration('absent'))])\n"
    )
    code, output = run(IncludeLaunchDescription(str(path)))
    assert code == 1
    assert f"{path}: launch configuration 'absent' does not exist" in output


def test_missing_file(run):
    code, output = run(IncludeLaunchDescription('/absent.launch.py'))
    assert code == 1
    assert 'launch file /absent.launch.py does not exist' in output


@pytest.mark.parametrize(
    ('name', 'message'),
    [
        ('a.launch.xml', 'no launch_xml frontend'),
        ('a.launch.yaml', 'no launch_yaml frontend'),
        ('a.txt', 'must end in .py'),
    ],
)
def test_other_formats_are_named(tmp_path, name, message):
    path = tmp_path / name
    path.write_text('')
    with pytest.raises(InvalidLaunchFileError, match=message):
        get_launch_description_from_any_launch_file(path)


def test_launch_description_without_running(tmp_path):
    path = tmp_path / 'right.launch.py'
    path.write_text(
        'from launch import LaunchDescription\n' + FUNCTION + '    return LaunchDescription()\n'
    )
    source = PythonLaunchDescriptionSource(str(path))
    assert source.get_launch_description(LaunchContext()).entities == []
    assert source.location == str(path)
    assert not list(tmp_path.glob('__pycache__'))
