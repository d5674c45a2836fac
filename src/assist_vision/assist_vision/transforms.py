# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""From the camera's frame to the robot's base, as tf knows it."""

from __future__ import annotations

from assist_common.conversions import to_seconds
from assist_common.errors import InputError
from geometry_msgs.msg import TransformStamped
from rclpy.node import Node
from rclpy.time import Time
from std_msgs.msg import Header
from tf2_ros import Buffer, ExtrapolationException, TransformException, TransformListener

from assist_vision import conversions
from assist_vision.depth import Transform


class Transforms:
    """Listens to tf for a node, and never waits for it."""

    def __init__(self, node: Node) -> None:
        self._buffer = Buffer()
        self._listener = TransformListener(self._buffer, node)

    def find(self, frame: str, header: Header, tolerance: float) -> Transform:
        """Return what takes points of a message's frame to a frame, at the time of the message.

        A transform that changes and is not yet known for that time is taken as it was last, unless
        that is longer ago than the tolerance in s.

        Raises:
            InputError: tf does not know it.
        """
        try:
            found = self._find(frame, header, tolerance)
        except TransformException as error:
            raise InputError(
                f"tf has no transform from '{header.frame_id}' to '{frame}': {error}",
                'publish the pose of the camera on the robot, or set base_frame',
            ) from error
        return conversions.from_transform(found)

    def _find(self, frame: str, header: Header, tolerance: float) -> TransformStamped:
        time = Time.from_msg(header.stamp)
        try:
            return self._buffer.lookup_transform(frame, header.frame_id, time)
        except ExtrapolationException:
            newest = self._buffer.lookup_transform(frame, header.frame_id, Time())
            if abs(to_seconds(newest.header.stamp) - to_seconds(header.stamp)) > tolerance:
                raise
            return newest
