# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Transforms that stay, to /tf_static."""

from __future__ import annotations

from collections.abc import Sequence

from geometry_msgs.msg import TransformStamped
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from tf2_msgs.msg import TFMessage


class StaticTransformBroadcaster:
    """Publishes all its transforms on /tf_static, latched, each time that one is added."""

    def __init__(self, node: Node, qos: QoSProfile | int | None = None) -> None:
        if qos is None:
            qos = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        self.pub_tf = node.create_publisher(TFMessage, '/tf_static', qos)
        self._transforms: dict[str, TransformStamped] = {}

    def sendTransform(self, transform: TransformStamped | Sequence[TransformStamped]) -> None:
        """Add or replace transforms, by their child frames, and publish all."""
        several = [transform] if isinstance(transform, TransformStamped) else list(transform)
        self._transforms.update({each.child_frame_id: each for each in several})
        self.pub_tf.publish(TFMessage(transforms=list(self._transforms.values())))
