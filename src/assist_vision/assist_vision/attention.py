# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What detector_node knows of those for whom it looks: listeners, dialogues and acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from action_msgs.msg import GoalStatus, GoalStatusArray
from assist_common import qos
from assist_common.component import Component
from assist_msgs.msg import Intent, VoiceActivity
from rclpy.qos import qos_profile_action_status_default
from std_msgs.msg import Bool, String

_UNDER_WAY = (GoalStatus.STATUS_ACCEPTED, GoalStatus.STATUS_EXECUTING, GoalStatus.STATUS_CANCELING)


class Attention:
    """Tells of signs of a dialogue, and whether somebody needs every image.

    Args:
        node: whose setup it is; what is created ends with that.
        outputs: each listener to one of these needs every image.
        scenes: so does one to this, but for those that always listen.
        on_sign: called when somebody speaks, types or is spoken to.
    """

    def __init__(
        self, node: Component, outputs: list[Any], scenes: Any, on_sign: Callable[[], None]
    ) -> None:
        self._node = node
        self._outputs = outputs
        self._scenes = scenes
        self._on_sign = on_sign
        self._acting = False
        self.needed = False
        status = qos_profile_action_status_default
        subscribe = node.create_subscription
        subscribe(VoiceActivity, 'voice_activity', self._hear, qos.RELIABLE)
        subscribe(String, 'text_command', self._notice, qos.RELIABLE)
        subscribe(Intent, 'intent', self._notice, qos.RELIABLE)
        subscribe(Bool, 'speaking', self._notice, qos.LATCHED)
        subscribe(GoalStatusArray, 'execute/_action/status', self._see_acts, status)

    def count(self, always_there: tuple[str, ...]) -> None:
        """Look again who listens; nodes of these names always listen to scenes."""
        self.needed = self._acting or self._is_watched(always_there)

    def _is_watched(self, always_there: tuple[str, ...]) -> bool:
        if any(output.get_subscription_count() for output in self._outputs):
            return True
        listed = self._node.get_subscriptions_info_by_topic(self._scenes.topic_name)
        return any(each.node_name not in always_there for each in listed)

    def _hear(self, message: VoiceActivity) -> None:
        if message.active:
            self._on_sign()

    def _notice(self, _: Any) -> None:
        self._on_sign()

    def _see_acts(self, message: GoalStatusArray) -> None:
        self._acting = any(each.status in _UNDER_WAY for each in message.status_list)
        self._on_sign()
