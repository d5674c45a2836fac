# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""One run of the graph under `ros2 launch`, in a process session of its own."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import psutil

STOP_TIMEOUT = 15.0
"""Seconds until a launch that does not end is killed with all that it started."""


class Session:
    """A context manager: the graph runs inside it, and nothing of it is left afterwards.

    The launch gets a session of its own, so that Ctrl-C in the terminal reaches only the caller,
    who then ends it in order.
    """

    def __init__(
        self,
        arguments: Mapping[str, str],
        log_file: Path,
        environment: Mapping[str, str] = {},
        *,
        prefix: Sequence[str] = (),
    ) -> None:
        """Take what the launch is given.

        Args:
            prefix: a command that runs the launch, in a network namespace say.
        """
        self.log_file = log_file
        self.exit_code: int | None = None
        self._command = [*prefix, 'ros2', 'launch', 'assist', 'bringup.launch.py']
        self._command += [f'{name}:={value}' for name, value in arguments.items()]
        self._environment = {**os.environ, **environment}

    def __enter__(self) -> Session:
        with self.log_file.open('wb') as output:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        """Return whether the launch has not ended by itself."""
        return self._process.poll() is None

    def processes(self) -> dict[str, psutil.Process]:
        """Return the running node processes by the name of the node."""
        found = {}
        for process in self._descendants():
            try:
                name = _node_name(process.cmdline())
            except psutil.Error:
                continue
            if name:
                found[name] = process
        return found

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """End the launch, as Ctrl-C does or with another signal; return its exit code."""
        if self.exit_code is None:
            started = self._descendants()
            if self.is_running:
                self._process.send_signal(number)
            try:
                self.exit_code = self._process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self.exit_code = self._process.wait()
            self.orphans = _kill_survivors(started)
        return self.exit_code

    def _descendants(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self._process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []


def _node_name(command: list[str]) -> str:
    for argument in command:
        if argument.startswith('__node:='):
            return argument.removeprefix('__node:=')
    return ''


def _kill_survivors(processes: list[psutil.Process]) -> list[str]:
    """Kill what the launch has left behind; return its command lines, so that someone can tell."""
    survivors = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                survivors.append(' '.join(process.cmdline()))
                process.kill()
        except psutil.NoSuchProcess:
            continue
    return survivors
