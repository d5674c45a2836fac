# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What a person can get wrong at the start: one sentence, and the rest works."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from assist.observer import Observer
from assist.session import Session
from assist_common.testing import claim_domain
from diagnostic_msgs.msg import DiagnosticStatus


def launch(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ['ros2', 'launch', 'assist', 'bringup.launch.py', *arguments],
        env={**os.environ, 'ROS_DOMAIN_ID': str(claim_domain())},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_show_args_lists_the_arguments() -> None:
    result = launch('--show-args')
    assert result.returncode == 0
    for name in ('config_file', 'profile', 'namespace', 'nodes', 'camera_source', 'discovery'):
        assert f"'{name}':" in result.stdout


@pytest.mark.parametrize(
    ('argument', 'part'),
    [
        ('config_file:=/absent/assist.yaml', '/absent/assist.yaml does not exist'),
        ('nodes:=audio_nod', "'audio_nod'"),
        ('profile:=enormous', 'enormous'),
        ('discovery:=internet', 'internet'),
        ('namespace:=my-robot', "'my-robot'"),
    ],
)
def test_a_wrong_argument_is_named_and_nothing_starts(argument: str, part: str) -> None:
    result = launch(argument)
    assert result.returncode != 0
    output = result.stdout + result.stderr
    assert part in output
    assert 'Traceback' not in output
    assert 'process started' not in output


@pytest.mark.parametrize(
    ('content', 'part'),
    [
        ('a: [1, 2', 'can not be read'),
        ('just text', 'holds no nodes'),
        ('/**/audio_node:\n  source: file\n', "'/**/audio_node' has no ros__parameters"),
    ],
)
def test_a_broken_config_file_is_named(tmp_path: Path, content: str, part: str) -> None:
    path = tmp_path / 'mine.yaml'
    path.write_text(content)
    result = launch(f'config_file:={path}')
    output = result.stdout + result.stderr
    assert result.returncode != 0
    assert f'config_file:={path}' in output
    assert part in output
    assert 'Traceback' not in output
    assert 'process started' not in output


@pytest.mark.parametrize(
    ('node', 'argument', 'part'),
    [
        ('detector_node', 'vision_model:=absent.pt', "'absent.pt'"),
        ('stt_node', 'speech_model:=absent', "'absent'"),
        ('camera_node', 'camera_source:=/absent/photo.jpg', '/absent/photo.jpg'),
    ],
)
def test_a_missing_file_is_on_diagnostics_and_the_others_work(
    tmp_path: Path, node: str, argument: str, part: str
) -> None:
    name, value = argument.split(':=')
    domain = claim_domain()
    arguments = {
        'nodes': f'monitor_node,supervisor_node,intent_node,{node}',
        'log_directory': str(tmp_path / 'logs'),
        name: value,
    }
    environment = {'ROS_DOMAIN_ID': str(domain), 'ROS_LOG_DIR': str(tmp_path / 'ros')}
    log = tmp_path / 'launch.log'
    with Observer(domain_id=domain) as observer, Session(arguments, log, environment):
        assert observer.wait_for(
            lambda seen: has(seen.statuses, node, lambda status: part in status.message), 40
        ), log.read_text()
        assert observer.wait_for(
            lambda seen: has(seen.statuses, 'intent_node', lambda one: one.message == 'active'), 40
        ), log.read_text()
    assert 'Traceback' not in log.read_text()


def has(
    statuses: dict[str, DiagnosticStatus],
    node: str,
    condition: Callable[[DiagnosticStatus], bool],
) -> bool:
    status = statuses.get(f'{node}: lifecycle')
    return status is not None and condition(status)
