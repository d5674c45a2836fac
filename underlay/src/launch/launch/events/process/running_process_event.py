# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the RunningProcessEvent event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...event import Event

if TYPE_CHECKING:
    from ...actions import ExecuteLocal


class RunningProcessEvent(Event):
    """Something that a process did."""

    name = 'launch.events.process.RunningProcessEvent'

    def __init__(
        self,
        *,
        action: ExecuteLocal,
        name: str,
        cmd: list[str],
        cwd: str | None,
        env: dict[str, str] | None,
        pid: int,
    ) -> None:
        self._action = action
        self._process_name = name
        self._cmd = cmd
        self._cwd = cwd
        self._env = env
        self._pid = pid

    @property
    def action(self) -> ExecuteLocal:
        return self._action

    @property
    def execute_process_action(self) -> ExecuteLocal:
        return self._action

    @property
    def process_name(self) -> str:
        """The unique name of the process, such as 'talker-1'."""
        return self._process_name

    @property
    def cmd(self) -> list[str]:
        return self._cmd

    @property
    def cwd(self) -> str | None:
        return self._cwd

    @property
    def env(self) -> dict[str, str] | None:
        """The environment of the process; None if inherited."""
        return self._env

    @property
    def pid(self) -> int:
        return self._pid
