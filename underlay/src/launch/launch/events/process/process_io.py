# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ProcessIO event."""

from __future__ import annotations

from typing import Any

from .running_process_event import RunningProcessEvent


class ProcessIO(RunningProcessEvent):
    """A process has written something."""

    name = 'launch.events.process.ProcessIO'

    def __init__(self, *, text: bytes, fd: int, **details: Any) -> None:
        super().__init__(**details)
        self._text = text
        self._fd = fd

    @property
    def text(self) -> bytes:
        return self._text

    @property
    def from_stdin(self) -> bool:
        return self._fd == 0

    @property
    def from_stdout(self) -> bool:
        return self._fd == 1

    @property
    def from_stderr(self) -> bool:
        return self._fd == 2
