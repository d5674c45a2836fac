# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A graph to look at, and the command line to look at it with, apart from everything else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROS2 = [sys.executable, '-c', 'import sys; from ros2cli.cli import main; sys.exit(main())']
TIMEOUT = 30  # s, far more than any verb needs
# Processes announce themselves often, so that a verb knows the whole graph soon.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<profiles xmlns="http://www.eprosima.com">
  <participant profile_name="quick" is_default_profile="true">
    <rtps>
      <builtin>
        <discovery_config>
          <leaseAnnouncement><sec>0</sec><nanosec>100000000</nanosec></leaseAnnouncement>
        </discovery_config>
      </builtin>
    </rtps>
  </participant>
</profiles>
"""

Run = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope='session')
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment whose ROS graph is empty but for these tests."""
    folder = tmp_path_factory.mktemp('ros')
    profile = folder / 'profile.xml'
    profile.write_text(PROFILE)
    return {
        **os.environ,
        'ROS_DOMAIN_ID': str(100 + os.getpid() % 100),
        'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST',
        'ROS_LOG_DIR': str(folder),
        'FASTDDS_DEFAULT_PROFILES_FILE': str(profile),
        'PYTHONDONTWRITEBYTECODE': '1',
    }


@pytest.fixture(scope='session')
def graph(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run the nodes of graph.py."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name('graph.py'))], env=environment,
        stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == 'ready\n'
    yield process
    process.send_signal(signal.SIGINT)
    try:
        process.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture
def ros2(environment: dict[str, str]) -> Run:
    """Return a function that runs a command line of ros2 to its end."""
    def run(
        *arguments: str, stdin: str = '', extra: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*ROS2, *arguments], env={**environment, **(extra or {})}, input=stdin,
            capture_output=True, text=True, timeout=TIMEOUT, check=False)
    return run


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Return a function that starts a command line of ros2, and end what still runs afterwards."""
    processes: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, extra: dict[str, str] | None = None) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*ROS2, *arguments], env={**environment, **(extra or {})}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        processes.append(process)
        return process

    yield begin
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=TIMEOUT)


@pytest.fixture
def prefix(tmp_path: Path, environment: dict[str, str]) -> dict[str, str]:
    """Install a package ``shop`` with a program and launch files; return the variable for it."""
    index = tmp_path / 'share/ament_index/resource_index/packages'
    index.mkdir(parents=True)
    (index / 'shop').touch()
    programs = tmp_path / 'lib/shop'
    programs.mkdir(parents=True)
    seller = programs / 'seller'
    seller.write_text('#!/bin/sh\necho "sold: $*"\nexit 7\n')
    seller.chmod(0o755)
    waiter = programs / 'waiter'
    waiter.write_text(
        '#!/bin/sh\ntrap "echo tidy; exit 0" TERM\necho $$\nwhile :; do sleep 0.05; done\n')
    waiter.chmod(0o755)
    (programs / 'notes.txt').write_text('not a program')
    launch = tmp_path / 'share/shop/launch'
    launch.mkdir(parents=True)
    (launch / 'open.launch.py').write_text(LAUNCH_FILE)
    (launch / 'broken.launch.py').write_text('import no_such_module\n')
    path = os.pathsep.join([str(tmp_path), environment.get('AMENT_PREFIX_PATH', '')])
    return {'AMENT_PREFIX_PATH': path}


LAUNCH_FILE = """
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, ExecuteProcess
from launch.substitutions import LaunchConfiguration


def generate_launch_description():
    return LaunchDescription([
        DeclareLaunchArgument('greeting', default_value='welcome', description='What to say.'),
        DeclareLaunchArgument('door', description='Which door.'),
        ExecuteProcess(
            cmd=['echo', LaunchConfiguration('greeting'), 'at', LaunchConfiguration('door')],
            output='screen'),
    ])
"""
