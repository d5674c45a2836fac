# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A simulated clock that can be set."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from rclpy.node import Node
from rosgraph_msgs.msg import Clock

PERIOD = 0.02


class SimulatedClock:
    """A context manager that publishes /clock at the pace of time."""

    def __init__(self, node: Node) -> None:
        self._publisher = node.create_publisher(Clock, '/clock', 10)
        self._offset = 0.0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> SimulatedClock:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        self._thread.join(1.0)

    def jump(self, seconds: float) -> None:
        """Set the clock by so much."""
        self._offset += seconds

    def _run(self) -> None:
        while not self._ending.wait(PERIOD):
            now = time.time() + self._offset
            message = Clock()
            message.clock.sec, message.clock.nanosec = int(now), int(now % 1 * 1e9)
            self._publisher.publish(message)
