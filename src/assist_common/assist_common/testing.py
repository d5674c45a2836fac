# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A graph in the test's own process, on a ROS domain of its own."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

import rclpy
from rcl_interfaces.msg import SetParametersResult
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import QoSProfile

from assist_common import qos
from assist_common.component import Component
from assist_common.spinner import Spinner

TIMEOUT = 15.0
"""Seconds that anything may take that a test waits for, unless it says otherwise."""

_FIRST_DOMAIN, _LAST_DOMAIN = 20, 99
_CLAIM_PORT = 21200
_claims: list[socket.socket] = []


def claim_domain() -> int:
    """Return a ROS domain that no other test process on this machine uses until this one ends."""
    start = os.getpid()
    size = _LAST_DOMAIN - _FIRST_DOMAIN + 1
    for offset in range(size):
        domain = _FIRST_DOMAIN + (start + offset) % size
        claim = socket.socket()
        try:
            claim.bind(('127.0.0.1', _CLAIM_PORT + domain))
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        return domain
    raise RuntimeError('All ROS domains for tests are taken.')


class Collector:
    """Keeps the messages of one topic."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._changed = threading.Condition()
        self.messages: list[Any] = []

    def add(self, message: Any) -> None:
        """Keep one more message."""
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def wait(self, count: int = 1, timeout: float = TIMEOUT) -> list[Any]:
        """Return the messages as soon as there are so many."""
        return self.wait_for(lambda messages: len(messages) >= count, timeout)

    def wait_for(
        self, condition: Callable[[list[Any]], bool], timeout: float = TIMEOUT
    ) -> list[Any]:
        """Return the messages as soon as there are some and the condition holds for their list."""

        def holds() -> bool:
            return bool(self.messages) and condition(self.messages)

        with self._changed:
            if not self._changed.wait_for(holds, timeout):
                raise AssertionError(
                    f'waited {timeout:g} s on {self._topic}; got {self.messages!r}'[:2000]
                )
            return list(self.messages)

    def clear(self) -> None:
        """Forget what has come so far."""
        with self._changed:
            self.messages.clear()


class Graph:
    """A context manager: start components, listen, publish and call; all ends with it."""

    def __init__(self, namespace: str = '') -> None:
        os.environ.setdefault('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
        os.environ.setdefault('ROS_STATIC_PEERS', '127.0.0.1')
        self.domain_id = claim_domain()
        self._namespace = namespace
        self._context = Context()
        self._spinners: list[tuple[Component, Spinner]] = []
        self._others: list[Node] = []

    def __enter__(self) -> Graph:
        rclpy.init(context=self._context, domain_id=self.domain_id)
        self.probe = Node('probe', context=self._context, namespace=self._namespace)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self.probe)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._spin, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for node, spinner in reversed(self._spinners):
            if spinner.shut_down(TIMEOUT):
                node.destroy_node()
        self._ending.set()
        self._executor.create_task(lambda: None)
        self._thread.join(TIMEOUT)
        self._executor.shutdown(timeout_sec=TIMEOUT)
        for plain in (*self._others, self.probe):
            plain.destroy_node()
        self._context.try_shutdown()

    def start(
        self,
        node_class: type[Component],
        parameters: dict[str, Any] | None = None,
        *,
        state: str = 'active',
        name: str = '',
    ) -> Any:
        """Return a new component in the state 'unconfigured', 'inactive' or 'active'."""
        overrides = [Parameter(key, value=value) for key, value in (parameters or {}).items()]
        node = node_class(
            name,
            context=self._context,
            namespace=self._namespace,
            parameter_overrides=overrides,
        )
        spinner = Spinner(node)
        self._spinners.append((node, spinner))
        if state != 'unconfigured':
            self.transition(node, 'configure')
        if state == 'active':
            self.transition(node, 'activate')
        return node

    def add(self, make: Callable[..., Node]) -> Any:
        """Return a plain node that spins beside the probe, made with context and namespace."""
        node = make(context=self._context, namespace=self._namespace)
        self._others.append(node)
        self._executor.add_node(node)
        return node

    def transition(self, node: Component, name: str) -> None:
        """Take a component through configure, activate, deactivate, cleanup or shutdown."""
        if not self.try_transition(node, name):
            raise AssertionError(f'{node.get_name()} could not {name}: {node.fault}')

    def try_transition(self, node: Component, name: str) -> bool:
        """As `transition`, but return whether it worked."""
        result = self.on_executor(node, getattr(node, f'trigger_{name}'))
        return bool(result == TransitionCallbackReturn.SUCCESS)

    def set_parameters(self, node: Component, **values: Any) -> SetParametersResult:
        """Set parameters of a component together, as a service call does."""
        changes = [Parameter(name, value=value) for name, value in values.items()]
        result: SetParametersResult = self.on_executor(
            node, lambda: node.set_parameters_atomically(changes)
        )
        return result

    def on_executor(self, node: Component, function: Callable[[], Any]) -> Any:
        """Return the result of a function that runs on the component's executor."""
        spinner = next(spinner for known, spinner in self._spinners if known is node)
        return spinner.call(function, timeout=120.0)

    def listen(
        self, message_type: Any, topic: str, profile: QoSProfile = qos.RELIABLE
    ) -> Collector:
        """Return a collector that every component which publishes the topic has found already."""
        collector = Collector(topic)
        subscription = self.probe.create_subscription(
            message_type, topic, collector.add, profile
        )
        for publisher in self._publishers(subscription.topic_name):
            _wait_for_match(publisher)
        return collector

    def publisher(self, message_type: Any, topic: str, profile: QoSProfile = qos.RELIABLE) -> Any:
        """Return a publisher that somebody listens to already."""
        publisher = self.probe.create_publisher(message_type, topic, profile)
        _wait_for_match(publisher)
        return publisher

    def call(self, service_type: Any, name: str, request: Any, timeout: float = TIMEOUT) -> Any:
        """Return the response of a service."""
        client: Any = self.probe.create_client(service_type, name)
        if not client.wait_for_service(timeout):
            raise AssertionError(f'there is no service {name}')
        done = threading.Event()
        future = client.call_async(request)
        future.add_done_callback(lambda _: done.set())
        if not done.wait(timeout):
            raise AssertionError(f'{name} did not answer within {timeout:g} s')
        return future.result()

    def _publishers(self, topic_name: str) -> list[Any]:
        return [
            publisher
            for node, _ in self._spinners
            for publisher in node.publishers
            if publisher.topic_name == topic_name
        ]

    def _spin(self) -> None:
        while not self._ending.is_set():
            self._executor.spin_once(timeout_sec=1.0)


def _wait_for_match(publisher: Any) -> None:
    topic = publisher.topic_name
    wait_until(lambda: publisher.get_subscription_count() > 0, f'a subscription to {topic}')


def wait_until(condition: Callable[[], Any], what: str, timeout: float = TIMEOUT) -> Any:
    """Return the first true value of the condition."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f'waited {timeout:g} s for {what}')
        time.sleep(0.01)
    return value
