# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Transforms from /tf and /tf_static into a buffer."""

from __future__ import annotations

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from tf2_msgs.msg import TFMessage

from tf2_ros.buffer import Buffer

_AUTHORITY = 'default_authority'


class TransformListener:
    """Subscribes /tf and /tf_static and fills a buffer while the node spins."""

    def __init__(
        self,
        buffer: Buffer,
        node: Node,
        *,
        qos: QoSProfile | int | None = None,
        static_qos: QoSProfile | int | None = None,
        tf_topic: str = '/tf',
        tf_static_topic: str = '/tf_static',
    ) -> None:
        if static_qos is None:
            static_qos = QoSProfile(depth=100, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self.buffer = buffer
        self.node = node
        self.group = ReentrantCallbackGroup()
        self.tf_sub = node.create_subscription(
            TFMessage, tf_topic, self.callback, 100 if qos is None else qos,
            callback_group=self.group,
        )  # fmt: skip
        self.tf_static_sub = node.create_subscription(
            TFMessage, tf_static_topic, self.static_callback, static_qos,
            callback_group=self.group,
        )  # fmt: skip

    def unregister(self) -> None:
        """Destroy the subscriptions."""
        self.node.destroy_subscription(self.tf_sub)
        self.node.destroy_subscription(self.tf_static_sub)

    def callback(self, data: TFMessage) -> None:
        """Take transforms that change."""
        for transform in data.transforms:
            self.buffer.set_transform(transform, _AUTHORITY)

    def static_callback(self, data: TFMessage) -> None:
        """Take transforms that stay."""
        for transform in data.transforms:
            self.buffer.set_transform_static(transform, _AUTHORITY)
