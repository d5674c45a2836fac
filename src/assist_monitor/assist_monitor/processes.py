# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The processes of the nodes on this machine: whether they live, and how to end one."""

from __future__ import annotations

import signal

import psutil


class Process:
    """One process, safe against a pid that was given to another since."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self.pid: int = process.pid

    @classmethod
    def of_node(cls, pid: int, node_name: str) -> Process | None:
        """Return the process of a node; None unless its command line names the node.

        A pid from another container or machine means somebody else here: such a process must
        never be ended.
        """
        try:
            process = psutil.Process(pid)
            named = any(node_name in word for word in process.cmdline())
        except (psutil.Error, ValueError, OverflowError):
            return None
        return cls(process) if named else None

    @property
    def alive(self) -> bool:
        """Return whether it runs, or could run: a stopped process lives, a zombie does not."""
        try:
            return bool(self._process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD))
        except psutil.NoSuchProcess:
            return False

    def end(self, *, force: bool) -> str:
        """Send SIGTERM, or SIGKILL by force; return why that failed, or an empty text."""
        try:
            self._process.send_signal(signal.SIGKILL if force else signal.SIGTERM)
        except psutil.NoSuchProcess:
            return ''
        except psutil.AccessDenied:
            return f'process {self.pid} belongs to another user'
        return ''
