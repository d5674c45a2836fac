# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A node's sign of life, from a thread that nothing else can hold up."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable

from assist_msgs.msg import Heartbeat
from rclpy.node import Node

from assist_common import qos

PERIOD = 0.5
"""Seconds between two beats."""


class HeartbeatThread:
    """Publish `heartbeat` until it is stopped.

    Args:
        vital_signs: returns the state id, whether a transition runs, the age of the executor's
            last turn and the age of the oldest running job, both in seconds.
    """

    def __init__(
        self, node: Node, vital_signs: Callable[[], tuple[int, bool, float, float]]
    ) -> None:
        self._node = node
        self._vital_signs = vital_signs
        self._publisher = node.create_publisher(Heartbeat, 'heartbeat', qos.RELIABLE)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name='heartbeat', daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        self._thread.join(PERIOD * 4)

    def _run(self) -> None:
        message = Heartbeat(
            node=self._node.get_fully_qualified_name(), pid=os.getpid(), host=socket.gethostname()
        )
        due = time.monotonic()
        while not self._stopped.wait(max(0.0, due - time.monotonic())):
            if not self._node.context.ok():
                return
            due = max(due + PERIOD, time.monotonic())
            self._beat(message)

    def _beat(self, message: Heartbeat) -> None:
        message.header.stamp = self._node.get_clock().now().to_msg()
        signs = self._vital_signs()
        message.state, message.in_transition, message.executor_age, message.worker_age = signs
        try:
            self._publisher.publish(message)
        except Exception:
            # The context can be shut down between the check and here; anything else is a fault.
            if self._node.context.ok():
                raise
