# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Fixtures for launching nodes of a package that exists for the test only."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# Before anything imports rclpy: tests that run side by side must not hear each other.
os.environ['ROS_DOMAIN_ID'] = str(100 + os.getpid() % 100)
os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'

import launch
import pytest

PACKAGE = 'test_package'


@pytest.fixture(autouse=True)
def isolation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep logs in tmp_path and restore what a launch changes in this process."""
    monkeypatch.setenv('ROS_LOG_DIR', str(tmp_path / 'log'))
    environment = dict(os.environ)
    launch.logging.launch_config.reset()
    yield
    launch.logging.launch_config.reset()
    os.environ.clear()
    os.environ.update(environment)


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the prefix of an installed package without executables."""
    prefix = tmp_path / 'prefix'
    index = prefix / 'share' / 'ament_index' / 'resource_index' / 'packages'
    for folder in (index, prefix / 'share' / PACKAGE, prefix / 'lib' / PACKAGE):
        folder.mkdir(parents=True)
    (index / PACKAGE).touch()
    monkeypatch.setenv('AMENT_PREFIX_PATH', str(prefix), prepend=os.pathsep)
    return prefix


@pytest.fixture
def executable(prefix: Path) -> Callable[[str], str]:
    """Return a function that installs a Python program and returns its name."""

    def install(program: str) -> str:
        path = prefix / 'lib' / PACKAGE / 'program'
        path.write_text('#!/usr/bin/env python3\n' + textwrap.dedent(program))
        path.chmod(0o755)
        return path.name

    return install


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Return a function that launches entities and returns the exit code and what was logged."""

    def run_entities(*entities: launch.LaunchDescriptionEntity, **options: Any) -> tuple[int, str]:
        service = launch.LaunchService(**options)
        service.include_launch_description(launch.LaunchDescription(entities))
        code = service.run()
        return code, capsys.readouterr().out

    return run_entities
