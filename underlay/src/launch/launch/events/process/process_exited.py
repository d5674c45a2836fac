# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ProcessExited event."""

from __future__ import annotations

from typing import Any

from .running_process_event import RunningProcessEvent


class ProcessExited(RunningProcessEvent):
    """A process has exited."""

    name = 'launch.events.process.ProcessExited'

    def __init__(self, *, returncode: int, **details: Any) -> None:
        super().__init__(**details)
        self._returncode = returncode

    @property
    def returncode(self) -> int:
        """The exit code; for a process that a signal ended, minus the number of the signal."""
        return self._returncode
