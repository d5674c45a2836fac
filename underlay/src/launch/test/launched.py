# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Launch files that run in a process of their own."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

PROGRAM = """
import sys
from launch import LaunchDescription, LaunchService
from launch.actions import IncludeLaunchDescription

service = LaunchService()
service.include_launch_description(LaunchDescription([IncludeLaunchDescription(sys.argv[1])]))
sys.exit(service.run())
"""


class LaunchedFile:
    """A launch file that runs in a process, and session, of its own."""

    def __init__(self, path: Path, *, pipe_to: str = '') -> None:
        self.output_path = path.with_suffix('.out')
        command = [sys.executable, '-c', PROGRAM, str(path)]
        if pipe_to:
            shell = 'bash', '-o', 'pipefail', '-c'
            command = [*shell, f'{shlex.join(command)} 2>&1 | {pipe_to}']
        with self.output_path.open('w') as output:
            self.process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )

    @property
    def output(self) -> str:
        return self.output_path.read_text()

    def wait_for(self, text: str, timeout: float = 20.0) -> None:
        """Wait until the output has the text."""
        wait_until(lambda: text in self.output, timeout, lambda: self.output)

    def wait(self, timeout: float = 20.0) -> int:
        """Return the exit code."""
        return self.process.wait(timeout)


def wait_until(
    condition: Callable[[], bool],
    timeout: float = 20.0,
    explain: Callable[[], str] = lambda: 'it did not happen in time',
) -> None:
    """Wait until the condition holds; fail after the timeout."""
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, explain()
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Return whether the process is there and no zombie."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
