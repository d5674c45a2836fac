# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A lifecycle node whose publishers, subscriptions, timers and services end with its set-up."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable
from typing import Any

from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.lifecycle import LifecycleNode
from rclpy.qos import DurabilityPolicy


class GatedNode(LifecycleNode):
    """What is created while it is set up is destroyed after it was torn down.

    Callbacks and timers of such entities run only while the node is active, and nothing that they
    raise reaches the executor.
    """

    _setting_up = False

    def __init__(self, node_name: str, **options: Any) -> None:
        super().__init__(node_name, **options)
        self._steady_clock = Clock(clock_type=ClockType.STEADY_TIME)
        self._teardowns: list[Callable[[], Any]] = []
        self._waiting: dict[str, deque[Callable[[], None]]] = {}

    @property
    def is_active(self) -> bool:
        """Return whether callbacks may run."""
        raise NotImplementedError

    def report_error(self, where: str, error: Exception) -> None:
        """Take what a callback raised."""
        raise NotImplementedError

    def at_teardown(self, function: Callable[[], Any]) -> None:
        """Call the function after on_teardown, the latest first."""
        self._teardowns.append(function)

    def create_publisher(self, *args: Any, **options: Any) -> Any:
        """Create a publisher as rclpy does."""
        publisher = super().create_publisher(*args, **options)
        self._end_with_setup(lambda: self.destroy_publisher(publisher))
        return publisher

    def create_subscription(
        self, msg_type: Any, topic: str, callback: Callable[..., Any], *args: Any, **options: Any
    ) -> Any:
        """Create a subscription whose callback runs only while the node is active.

        The latest messages of a latched topic that came before, as many as its depth keeps, are
        handed over on activation: they are state, and do not come again.
        """
        gated = self._gated(callback, topic)
        if self._setting_up and is_latched(*args, **options):
            gated = self._held(gated, topic, depth_of(*args, **options))
        subscription = super().create_subscription(msg_type, topic, gated, *args, **options)
        self._end_with_setup(lambda: self.destroy_subscription(subscription))
        return subscription

    def create_timer(
        self, timer_period_sec: float, callback: Any, *args: Any, **options: Any
    ) -> Any:
        """Create a timer on the steady clock; one of on_setup ticks only while active."""
        # rclpy passes no clock where it makes timers of its own, before ours exists.
        if not args and hasattr(self, '_steady_clock'):
            options.setdefault('clock', self._steady_clock)
        gated = self._gated(callback, 'timer')
        timer = super().create_timer(timer_period_sec, gated, *args, **options)
        self._end_with_setup(lambda: self.destroy_timer(timer))
        return timer

    def create_service(  # type: ignore[override]
        self, srv_type: Any, srv_name: str, callback: Callable[..., Any], **options: Any
    ) -> Any:
        """Create a service; an error of its callback becomes `success: false` and a message.

        The callback may be a coroutine, which lets other callbacks run while it waits.
        """
        guarded = self._guarded_service(callback, srv_name) if self._setting_up else callback
        service = super().create_service(srv_type, srv_name, guarded, **options)
        self._end_with_setup(lambda: self.destroy_service(service))
        return service

    def create_client(self, *args: Any, **options: Any) -> Any:
        """Create a client as rclpy does."""
        client: Any = super().create_client(*args, **options)
        self._end_with_setup(lambda: self.destroy_client(client))
        return client

    def _hand_over(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for messages in waiting.values():
            for deliver in messages:
                deliver()

    def _end_with_setup(self, destroy: Callable[[], Any]) -> None:
        if self._setting_up:
            self.at_teardown(destroy)

    def _gated(self, callback: Callable[..., Any], where: str) -> Callable[..., Any]:
        if not self._setting_up:
            return callback

        def gated(*args: Any) -> None:
            if self.is_active:
                try:
                    callback(*args)
                except Exception as error:
                    self.report_error(where, error)

        return gated

    def _held(self, callback: Callable[..., Any], topic: str, depth: int) -> Callable[..., Any]:
        def held(*args: Any) -> None:
            if self.is_active:
                callback(*args)
            else:
                waiting = self._waiting.setdefault(topic, deque(maxlen=depth))
                waiting.append(lambda: callback(*args))

        return held

    def _guarded_service(self, callback: Callable[..., Any], name: str) -> Callable[..., Any]:
        async def guarded(request: Any, response: Any) -> Any:
            try:
                result = callback(request, response)
                return await result if inspect.isawaitable(result) else result
            except Exception as error:
                self.report_error(name, error)
                return _refusal(response, error)

        return guarded


def is_latched(qos_profile: Any = None, *_: Any, **__: Any) -> bool:
    """Return whether a subscription with these arguments gets what was published before it."""
    return getattr(qos_profile, 'durability', None) == DurabilityPolicy.TRANSIENT_LOCAL


def depth_of(qos_profile: Any = None, *_: Any, **__: Any) -> int:
    """Return how many messages a latched subscription with these arguments keeps."""
    return max(1, getattr(qos_profile, 'depth', 1))


def _refusal(response: Any, error: Exception) -> Any:
    if hasattr(response, 'success'):
        response.success = False
    if hasattr(response, 'message'):
        response.message = str(error)
    return response
