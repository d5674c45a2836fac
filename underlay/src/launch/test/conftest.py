# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Fixtures for launching."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import launch
import pytest
from launched import LaunchedFile


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


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that launches entities and returns the exit code and what was logged."""

    def run_entities(*entities: launch.LaunchDescriptionEntity, **options: Any) -> tuple[int, str]:
        service = launch.LaunchService(**options)
        service.include_launch_description(launch.LaunchDescription(entities))
        code = service.run()
        return code, capsys.readouterr().out

    return run_entities


@pytest.fixture
def launch_file(tmp_path: Path) -> Iterator[Callable[..., LaunchedFile]]:
    """Return a function that launches a file of entities, given as Python text."""
    launched: list[LaunchedFile] = []

    def start(entities: str, **options: str) -> LaunchedFile:
        path = tmp_path / f'test{len(launched)}.launch.py'
        path.write_text(
            'import sys\n'
            'from launch import LaunchDescription\n'
            'from launch.actions import *\n'
            'def generate_launch_description():\n'
            f'    return LaunchDescription([{entities}])\n'
        )
        launched.append(LaunchedFile(path, **options))
        return launched[-1]

    yield start
    for file in launched:
        if file.process.poll() is None:
            file.process.kill()
            file.process.wait()
