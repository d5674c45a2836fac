# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""The ROS node of a launch, for what launch asks of lifecycle nodes."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from typing import Any

import rclpy
from launch import LaunchContext
from launch.event_handlers import OnShutdown
from rclpy.executors import SingleThreadedExecutor
from rclpy.signals import SignalHandlerOptions


class ROSAdapter:
    """A ROS node that spins in a thread of its own and answers in an asyncio loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ros_context = rclpy.Context()
        rclpy.init(
            args=[],
            context=self._ros_context,
            signal_handler_options=SignalHandlerOptions.NO,
        )
        self._node = rclpy.create_node(
            f'launch_ros_{os.getpid()}',
            context=self._ros_context,
            use_global_arguments=False,
            enable_rosout=False,
            start_parameter_services=False,
        )
        self._executor = SingleThreadedExecutor(context=self._ros_context)
        self._executor.add_node(self._node)
        self._is_running = True
        self._thread = threading.Thread(target=self._spin, name='launch_ros', daemon=True)
        self._thread.start()

    @property
    def ros_node(self) -> rclpy.node.Node:
        return self._node

    def run_in_spin_thread(self, function: Callable[[], Any]) -> Any:
        """Call a function that adds entities to the node, while no wait set is being built."""
        done = threading.Event()
        task = self._executor.create_task(function)
        task.add_done_callback(lambda _: done.set())
        if not done.wait(timeout=10.0):
            raise RuntimeError('the ROS node of launch does not respond')
        return task.result()

    def call(self, client: Any, request: Any) -> asyncio.Future[Any]:
        """Call a service; cancelling the future forgets the call."""
        answer: asyncio.Future[Any] = self._loop.create_future()
        call = client.call_async(request)

        def pass_on(call: Any) -> None:
            self._loop.call_soon_threadsafe(_settle, answer, call)

        def forget(answer: asyncio.Future[Any]) -> None:
            if answer.cancelled():
                client.remove_pending_request(call)

        call.add_done_callback(pass_on)
        answer.add_done_callback(forget)
        return answer

    def shutdown(self) -> None:
        """Leave the ROS graph."""
        if self._is_running:
            self._is_running = False
            self._executor.wake()
            self._thread.join(timeout=5.0)
            self._executor.shutdown(timeout_sec=0.0)
            self._node.destroy_node()
            rclpy.try_shutdown(context=self._ros_context)

    def _spin(self) -> None:
        while self._is_running and self._ros_context.ok():
            self._executor.spin_once(timeout_sec=0.5)


def _settle(answer: asyncio.Future[Any], call: Any) -> None:
    if answer.done():
        return
    if call.exception() is not None:
        answer.set_exception(call.exception())
    else:
        answer.set_result(call.result())


def get_ros_adapter(context: LaunchContext) -> ROSAdapter:
    """Return the adapter of this launch; it is made when it is first asked for."""
    variables = context.get_locals_as_dict()
    if 'launch_ros_adapter' not in variables:
        adapter = ROSAdapter(context.asyncio_loop)
        context.extend_globals({'launch_ros_adapter': adapter})
        context.register_event_handler(
            OnShutdown(on_shutdown=lambda *_: adapter.shutdown()), append=True
        )
        return adapter
    return variables['launch_ros_adapter']
