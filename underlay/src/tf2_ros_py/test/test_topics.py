# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import time
from collections.abc import Callable

import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.time import Time
from test_buffer import link
from tf2_ros import Buffer, StaticTransformBroadcaster, TransformBroadcaster, TransformListener


def spin_until(executor: SingleThreadedExecutor, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        executor.spin_once(timeout_sec=0.05)


def test_static_and_changing_transforms_arrive(context: object) -> None:
    sender, receiver = rclpy.create_node('sender'), rclpy.create_node('receiver')
    executor = SingleThreadedExecutor()
    executor.add_node(receiver)
    static = StaticTransformBroadcaster(sender)
    static.sendTransform(link('base', 'mast', (1.0, 0.0, 0.0)))
    static.sendTransform([link('mast', 'camera', (0.0, 0.0, 2.0))])
    buffer = Buffer()
    listener = TransformListener(buffer, receiver)
    spin_until(executor, lambda: buffer.can_transform('base', 'camera', Time()))
    changing = TransformBroadcaster(sender)

    def moved() -> bool:
        changing.sendTransform(link('odom', 'base', (5.0, 0.0, 0.0), time=7.0))
        return buffer.can_transform('odom', 'camera', Time())

    spin_until(executor, moved)
    found = buffer.lookup_transform('odom', 'camera', Time())
    assert (found.transform.translation.x, found.transform.translation.z) == (6.0, 2.0)
    listener.unregister()
    executor.shutdown()
    sender.destroy_node()
    receiver.destroy_node()
