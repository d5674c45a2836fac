# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Listen to frequent small messages without waking the executor for each of them.

A turn of rclpy's executor costs about half a millisecond, whatever the message. All nodes together
send some thirty heartbeats and diagnostics a second, which nobody needs to see at once; taken a
few times a second they cost a quarter.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from assist_common.component import Component
from rclpy.callback_groups import CallbackGroup, MutuallyExclusiveCallbackGroup
from rclpy.qos import QoSProfile


class PolledSubscription:
    """A subscription whose messages wait until they are asked for.

    Its callback gets the seconds for which a message has waited as well.
    """

    def __init__(
        self,
        component: Component,
        message_type: Any,
        topic: str,
        callback: Callable[[Any, float], None],
        profile: QoSProfile,
    ) -> None:
        """Subscribe; as many messages wait as the profile is deep."""
        self._component = component
        self._callback = callback
        self._taken = component.steady()
        self._subscription = component.create_subscription(
            message_type, topic, callback, profile, callback_group=_NeverReady()
        )

    def deliver(self) -> None:
        """Call the callback with every message that waits; its errors are reported."""
        now = self._component.steady()
        longest, self._taken = now - self._taken, now
        _deliver(
            self._component,
            self._subscription,
            lambda message, age: self._callback(message, min(age, longest)),
        )

    def discard(self) -> None:
        """Throw away what waits."""
        self._taken = self._component.steady()
        _take_all(self._subscription)


def deliver(component: Component, subscription: Any, callback: Callable[[Any], None]) -> None:
    """Call the callback with every message that waits in the middleware for a subscription."""
    _deliver(component, subscription, lambda message, _: callback(message))


def _deliver(
    component: Component, subscription: Any, callback: Callable[[Any, float], None]
) -> None:
    for message, age in _take_all(subscription):
        try:
            callback(message, age)
        except Exception as error:
            component.report_error(subscription.topic_name, error)


def _take_all(subscription: Any) -> list[tuple[Any, float]]:
    # By the clock of the system, which may have been set meanwhile.
    now = time.time_ns()
    messages = []
    with subscription.handle:
        while taken := subscription.handle.take_message(subscription.msg_type, False):
            message, info = taken
            messages.append((message, max(0.0, (now - info['received_timestamp']) / 1e9)))
    return messages


class OnlyWhile(MutuallyExclusiveCallbackGroup):
    """Keeps its entities out of the executor's wait set while a condition does not hold for them.

    An executor pays for every entity at every turn.
    """

    def __init__(self, condition: Callable[[Any], bool]) -> None:
        super().__init__()
        self._condition = condition

    def can_execute(self, entity: Any) -> bool:
        return self._condition(entity) and super().can_execute(entity)


class _NeverReady(CallbackGroup):
    """Keeps its entities out of the executor's wait set."""

    def can_execute(self, entity: Any) -> bool:
        return False

    def beginning_execution(self, entity: Any) -> bool:
        return False

    def ending_execution(self, entity: Any) -> None:
        """Do nothing: nothing was begun."""
