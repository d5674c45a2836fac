# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Send camera-sized images from another process and count those that arrive."""

from __future__ import annotations

import array
import os
import subprocess
import sys
import time
from dataclasses import dataclass

import rclpy
from assist_common import qos
from assist_common.errors import DeviceError
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from sensor_msgs.msg import Image

WIDTH, HEIGHT = 640, 480
RATE = 30.0
START_TIMEOUT = 10.0
MATCH_TIMEOUT = 10.0


@dataclass(frozen=True)
class Loopback:
    """What arrived of the images that were sent.

    Attributes:
        discovery: s until both ends had found each other; None when they did not.
    """

    sent: int
    received: int
    discovery: float | None


def measure(count: int = 100) -> Loopback:
    """Send so many best-effort 640x480 images at 30 Hz between two processes.

    Raises:
        DeviceError: the process that sends ended before it had sent them.
    """
    topic = f'preflight_{os.getpid()}/image'
    context = Context()
    rclpy.init(context=context)
    node = Node('preflight', context=context)
    received: list[int] = []
    subscription = node.create_subscription(
        Image, topic, lambda message: received.append(len(message.data)), qos.SENSOR
    )
    executor = SingleThreadedExecutor(context=context)
    executor.add_node(node)
    sender = subprocess.Popen(
        [sys.executable, '-m', 'assist.image_loopback', topic, str(count)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        found = _wait_for_publisher(node, executor, subscription.topic_name, sender)
        while sender.poll() is None:
            executor.spin_once(timeout_sec=0.1)
        _drain(executor)
        began = _time_of_start(sender)
    finally:
        sender.kill()
        sender.wait()
        executor.shutdown()
        node.destroy_node()
        context.try_shutdown()
    discovery = None if found is None else max(0.0, found - began)
    return Loopback(count, len(received), discovery)


def send(topic: str, count: int) -> None:
    """Wait for a subscriber, then publish the images."""
    rclpy.init()
    print(time.monotonic(), flush=True)
    node = Node('preflight_camera')
    publisher = node.create_publisher(Image, topic, qos.SENSOR)
    deadline = time.monotonic() + MATCH_TIMEOUT
    while publisher.get_subscription_count() == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    image = Image(width=WIDTH, height=HEIGHT, encoding='bgr8', step=3 * WIDTH)
    image.data = array.array('B', bytes(HEIGHT * image.step))
    for _ in range(count):
        publisher.publish(image)
        time.sleep(1 / RATE)
    time.sleep(0.2)
    node.destroy_node()
    rclpy.shutdown()


def _wait_for_publisher(
    node: Node, executor: SingleThreadedExecutor, topic: str, sender: subprocess.Popen[str]
) -> float | None:
    deadline = time.monotonic() + START_TIMEOUT + MATCH_TIMEOUT
    while time.monotonic() < deadline and sender.poll() is None:
        if node.count_publishers(topic) > 0:
            return time.monotonic()
        executor.spin_once(timeout_sec=0.02)
    return None


def _time_of_start(sender: subprocess.Popen[str]) -> float:
    """Return when the sender joined, on the steady clock that processes share."""
    output, errors = sender.communicate()
    if sender.returncode:
        lines = errors.strip().splitlines() or [f'exit code {sender.returncode}']
        raise DeviceError(
            f'the process that sends images ended by itself ({lines[-1]})',
            'see that rclpy works: python3 -c "import rclpy; rclpy.init()"',
        )
    return float(output.split()[-1])


def _drain(executor: SingleThreadedExecutor) -> None:
    deadline = time.monotonic() + 0.5
    while time.monotonic() < deadline:
        executor.spin_once(timeout_sec=0.05)


if __name__ == '__main__':
    send(sys.argv[1], int(sys.argv[2]))
