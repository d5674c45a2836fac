# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LifecycleEventManager class."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from launch import EventHandler, LaunchContext
from launch.actions import OpaqueFunction
from launch.event_handlers import OnProcessExit, OnProcessStart, OnShutdown
from lifecycle_msgs.msg import TransitionEvent

from ..events.lifecycle import ChangeState, StateTransition
from ..ros_adapters import get_ros_adapter
from .lifecycle_client import LifecycleClient

if TYPE_CHECKING:
    from ..actions import LifecycleNode


class LifecycleEventManager:
    """Connects a lifecycle node with events: it obeys ChangeState and emits StateTransition."""

    def __init__(self, lifecycle_node: LifecycleNode, *, autostart: bool) -> None:
        self._node = lifecycle_node
        self._autostart = autostart
        self._tasks: set[asyncio.Task[Any]] = set()

    def setup_lifecycle_manager(self, context: LaunchContext) -> None:
        """Start to manage the node; it must have been executed."""
        adapter = get_ros_adapter(context)
        self._client = LifecycleClient(adapter, self._node.node_name)
        adapter.run_in_spin_thread(
            lambda: adapter.ros_node.create_subscription(
                TransitionEvent,
                f'{self._node.node_name}/transition_event',
                lambda message: self._on_transition(context, message),
                10,
            )
        )
        for handler in (
            EventHandler(
                matcher=lambda event: (
                    isinstance(event, ChangeState) and event.lifecycle_node_matcher(self._node)
                ),
                entities=OpaqueFunction(function=self._on_change_state),
            ),
            OnProcessStart(target_action=self._node, on_start=self._on_start),
            OnProcessExit(target_action=self._node, on_exit=self._cancel_tasks),
            OnShutdown(on_shutdown=self._cancel_tasks),
        ):
            context.register_event_handler(handler)

    def _on_transition(self, context: LaunchContext, message: TransitionEvent) -> None:
        event = StateTransition(action=self._node, msg=message)
        context.asyncio_loop.call_soon_threadsafe(context.emit_event_sync, event)

    def _on_change_state(self, context: LaunchContext) -> None:
        transition_id = context.locals.event.transition_id
        self._start(self._client.change_state(transition_id), context)

    def _on_start(self, event: Any, context: LaunchContext) -> None:
        if self._autostart:
            self._start(self._client.activate(), context)

    def _start(self, work: Coroutine[Any, Any, Any], context: LaunchContext) -> None:
        task = context.asyncio_loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        context.add_completion_future(task)

    def _cancel_tasks(self, event: Any, context: LaunchContext) -> None:
        for task in self._tasks:
            task.cancel()
