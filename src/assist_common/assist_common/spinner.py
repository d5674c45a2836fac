# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""An executor on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from lifecycle_msgs.msg import State
from rclpy.executors import ExternalShutdownException, ShutdownException, SingleThreadedExecutor

from assist_common.component import Component, describe


class Spinner:
    """Spin one component, so that the caller's thread is free to wait for signals."""

    def __init__(self, node: Component, *, on_end: Callable[[], Any] = lambda: None) -> None:
        self._node = node
        self._on_end = on_end
        self._ending = threading.Event()
        self._executor = SingleThreadedExecutor(context=node.context)
        self._executor.add_node(node)
        self._thread = threading.Thread(target=self._run, name='executor', daemon=True)
        self._thread.start()

    def post(self, function: Callable[[], Any]) -> None:
        """Run a function on the executor's thread, without waiting for it."""
        self._executor.create_task(function)

    def call(self, function: Callable[[], Any], timeout: float = 30.0) -> Any:
        """Run a function on the executor's thread and return its result.

        Raises:
            TimeoutError: the executor did not get to it, or it did not end, in time.
        """
        done = threading.Event()
        outcome: list[Any] = []

        def task() -> None:
            try:
                outcome.append(function())
            finally:
                done.set()

        self._executor.create_task(task)
        if not done.wait(timeout):
            raise TimeoutError(f'{self._node.get_name()} was busy for {timeout:g} s')
        return outcome[0]

    def shut_down(self, timeout: float) -> bool:
        """Take the node to finalized and end the thread; False when it did not do so in time."""
        clean = True
        if self._thread.is_alive() and self._node.context.ok():
            clean = self._finalize(timeout)
        self._ending.set()
        if clean:
            # A wake-up alone would find nothing to do and wait on; a task ends the turn.
            self._executor.create_task(lambda: None)
            self._thread.join(timeout)
            self._executor.shutdown(timeout_sec=timeout)
        return clean and not self._thread.is_alive()

    def _finalize(self, timeout: float) -> bool:
        if self._node.state == State.PRIMARY_STATE_FINALIZED:
            return True
        try:
            self.call(self._node.trigger_shutdown, timeout)
        except TimeoutError as error:
            self._node.log.error(f'Could not shut down in order: {error}.')
            return False
        return True

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self._executor.spin_once()
                self._node.see_turn()
            except (ShutdownException, ExternalShutdownException):
                break
            except Exception as error:
                self._node.log.error(f'A callback failed: {describe(error)}')
        self._on_end()
