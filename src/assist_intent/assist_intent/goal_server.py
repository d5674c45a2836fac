# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""An action server that works on each goal in a thread, beside a single-threaded executor."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from rclpy.action.server import ActionServer
from rclpy.node import Node


class GoalServer(ActionServer):
    """Run a long function for each goal on a thread of its own.

    rclpy runs an execute callback on the executor: a synchronous one holds up everything, and
    one that awaits keeps the executor spinning at full load. Here the function runs on a thread;
    only what finishes the goal runs on the executor.

    Args:
        work: called on the thread with the goal handle; returns any value.
        finish: called on the executor with the goal handle and that value; sets the final state
            and returns the result message.
        options: as for ActionServer.
    """

    def __init__(
        self,
        node: Node,
        action_type: Any,
        name: str,
        work: Callable[[Any], Any],
        finish: Callable[[Any, Any], Any],
        **options: Any,
    ) -> None:
        self._work = work
        self._finish = finish
        self._threads: list[threading.Thread] = []
        super().__init__(node, action_type, name, self._unused, **options)

    def notify_execute(self, goal_handle: Any, execute_callback: Any) -> None:
        """Start the thread of a goal; rclpy calls this when a goal begins."""
        thread = threading.Thread(target=self._run, args=(goal_handle,), name='goal', daemon=True)
        self._threads = [known for known in self._threads if known.is_alive()] + [thread]
        thread.start()

    def join(self, timeout: float) -> bool:
        """Wait for all threads; return whether all have ended in time."""
        for thread in self._threads:
            thread.join(timeout)
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self, goal_handle: Any) -> None:
        value = self._work(goal_handle)
        super().notify_execute(goal_handle, lambda handle: self._finish(handle, value))

    def _unused(self, goal_handle: Any) -> Any:
        raise AssertionError('goals are executed by notify_execute')
