# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The node that a verb makes for itself, since there is no daemon here."""

from __future__ import annotations

import argparse
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from rclpy.client import Client
    from rclpy.node import Node
    from rclpy.task import Future

POLL_PERIOD = 0.02  # s between two looks at the graph
LOADED_MACHINE = 3.0  # s more that who looks for one thing waits before it is said not to be there
ANSWER_TIME = 0.8  # s that an announcement and what follows from it may take (0.7 measured)
QUIET_TIME = 0.35  # s without a change after which what is known counts as complete
DEFAULT_ANNOUNCEMENT_PERIOD = 3.0  # s, Fast DDS's own
SERVICE_TIME = 5.0  # s that a service may take to appear
TURN_TIME = 0.1  # s; Python handles signals between two turns
SIGTERM_EXIT_CODE = 128 + signal.SIGTERM
HIDDEN_PREFIX = '_'


def add_node_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of every verb that makes a node."""
    parser.add_argument(
        '--spin-time', type=float, metavar='SPIN_TIME',
        help='Spin time to wait for discovery (in seconds; default: until the graph is stable)')
    parser.add_argument(
        '-s', '--use-sim-time', action='store_true', help='Enable ROS simulation time')
    parser.add_argument(
        '--no-daemon', action='store_true',
        help='Accepted for compatibility; there is no daemon to use')


@contextmanager
def direct_node(
    args: argparse.Namespace,
    *,
    name: str | None = None,
    needs_graph: bool = True,
    found: Callable[[Node], bool] | None = None,
) -> Iterator[Node]:
    """Make a node, let it discover the graph if that is needed, and take it down at the end.

    ``found`` is for :func:`discover`.

    :raises RuntimeError: a name, of the node or of what is made with it, is not a valid one
    """
    import rclpy
    from rclpy.exceptions import NameValidationException
    from rclpy.parameter import Parameter
    from rclpy.signals import SignalHandlerOptions
    from rclpy.validate_node_name import validate_node_name

    # rclpy would close its context in the middle of whatever runs: Python's own handling lets a
    # verb finish with the graph first.
    rclpy.init(args=[], signal_handler_options=SignalHandlerOptions.NO)
    signal.signal(signal.SIGTERM, _exit)
    try:
        node_name = name or f'{HIDDEN_PREFIX}ros2cli_{os.getpid()}'
        validate_node_name(node_name)
        node = rclpy.create_node(
            node_name, start_parameter_services=False,
            parameter_overrides=[Parameter('use_sim_time', value=args.use_sim_time)])
        try:
            if needs_graph or args.spin_time is not None:
                discover(node, args.spin_time, found)
            yield node
        finally:
            node.destroy_node()
    except NameValidationException as error:
        complaint, name_line, *_ = str(error).splitlines()
        raise RuntimeError(f'{complaint} {name_line.strip()}') from None
    finally:
        rclpy.try_shutdown()


def _exit(number: int, frame: FrameType | None) -> None:
    raise SystemExit(SIGTERM_EXIT_CODE)


def discover(
    node: Node, spin_time: float | None, found: Callable[[Node], bool] | None = None,
) -> None:
    """Wait until the node knows the graph: the given time, or until it must be complete.

    A process that missed the answer to its own announcement (Fast DDS answers an announcement
    once, perhaps before the new participant listens) learns of the others when they announce
    themselves the next time. So the graph is complete after one announcement period, and when
    nothing new has appeared for a moment. Whoever looks for one thing only passes ``found``,
    which tells that it has appeared.
    """
    if spin_time is not None:
        time.sleep(spin_time)
        return
    start = changed = time.monotonic()
    complete = start + ANSWER_TIME + announcement_period(
        os.environ.get('FASTDDS_DEFAULT_PROFILES_FILE'))
    if found is not None:
        complete += LOADED_MACHINE
    graph = _snapshot(node)
    while True:
        time.sleep(POLL_PERIOD)
        now = time.monotonic()
        graph, before = _snapshot(node), graph
        if graph != before:
            changed = now
        is_quiet = now - changed >= QUIET_TIME
        if is_quiet and (now >= complete or (found is not None and found(node))):
            return


def announcement_period(profiles: str | None) -> float:
    """Return how often (in s) processes announce themselves, by their Fast DDS profile."""
    try:
        element = next(
            (each for _, each in ElementTree.iterparse(profiles or os.devnull)
             if each.tag.endswith('leaseAnnouncement')), None)
    except (OSError, ElementTree.ParseError):
        element = None
    if element is None:
        return DEFAULT_ANNOUNCEMENT_PERIOD
    parts = {child.tag.rpartition('}')[2]: float(child.text or 0) for child in element}
    return parts.get('sec', 0.0) + parts.get('nanosec', 0.0) * 1e-9


def wait_for(predicate: Callable[[], bool], timeout: float = math.inf) -> bool:
    """Look until the predicate holds or the time (in seconds) is over; return what it says."""
    deadline = time.monotonic() + timeout
    while not predicate():
        if time.monotonic() >= deadline:
            return predicate()
        time.sleep(POLL_PERIOD)
    return True


@contextmanager
def serving(node: Node) -> Iterator[Callable[[], None]]:
    """Yield what serves the node until its next event, or for a tenth of a second.

    An interrupt counts between two such turns and at the end: one that was raised anywhere within
    rclpy could be swallowed there.

    :raises KeyboardInterrupt: there was one
    """
    from rclpy.executors import SingleThreadedExecutor

    interrupted = threading.Event()

    def hold(number: int, frame: FrameType | None) -> None:
        interrupted.set()

    def turn() -> None:
        executor.spin_once(timeout_sec=TURN_TIME)
        if interrupted.is_set():
            interrupted.clear()
            raise KeyboardInterrupt

    usual = signal.getsignal(signal.SIGINT)
    if usual != signal.SIG_IGN:
        signal.signal(signal.SIGINT, hold)
    try:
        executor = SingleThreadedExecutor()
        executor.add_node(node)
        try:
            yield turn
        finally:
            executor.remove_node(node)
            executor.shutdown()
    finally:
        signal.signal(signal.SIGINT, usual)
    if interrupted.is_set():
        raise KeyboardInterrupt


def spin_until(node: Node, future: Future[Any], timeout: float | None = None) -> Any:
    """Serve the node until the future is done; return its result, or None after the time (s)."""
    deadline = math.inf if timeout is None else time.monotonic() + timeout
    with serving(node) as turn:
        turn()
        while not future.done() and time.monotonic() < deadline:
            turn()
    return future.result() if future.done() else None


def call(
    node: Node,
    service_type: Any,
    service_name: str,
    request: Any,
    *,
    timeout: float | None = None,
) -> Any:
    """Call a service that should be there, and return its response.

    :raises RuntimeError: the service does not appear, or does not answer in time
    """
    client: Client[Any, Any] = node.create_client(service_type, service_name)
    try:
        if not wait_for(client.service_is_ready, SERVICE_TIME):
            raise RuntimeError('Wait for service timed out')
        future = client.call_async(request)
        response = spin_until(node, future, timeout)
        if response is None:
            raise RuntimeError(f"No answer from '{service_name}' within {timeout} s")
        return response
    finally:
        node.destroy_client(client)


def is_hidden(name: str) -> bool:
    """Tell whether any part of a node, topic or service name begins with an underscore."""
    return any(part.startswith(HIDDEN_PREFIX) for part in name.split('/'))


def absolute(node_name: str) -> str:
    """Return the node name with its leading slash."""
    return node_name if node_name.startswith('/') else f'/{node_name}'


def node_names(node: Node, *, include_hidden: bool = False) -> list[str]:
    """Return the full names of all nodes of the graph, sorted."""
    return sorted(
        f'{namespace.rstrip("/")}/{name}'
        for name, namespace in node.get_node_names_and_namespaces()
        if name and (include_hidden or not name.startswith(HIDDEN_PREFIX)))


@contextmanager
def direct_node_seeing(args: argparse.Namespace) -> Iterator[tuple[Node, str]]:
    """Make a node that has discovered the node ``args.node_name``; yield it with the full name.

    :raises RuntimeError: there is no such node
    """
    full_name = absolute(args.node_name)

    def found(node: Node) -> bool:
        return full_name in node_names(node, include_hidden=args.include_hidden_nodes)

    with direct_node(args, found=found) as node:
        if not found(node):
            raise RuntimeError('Node not found')
        yield node, full_name


def split_name(full_name: str) -> tuple[str, str]:
    """Return the name and the namespace of a node."""
    namespace, name = full_name.rsplit('/', 1)
    return name, namespace or '/'


def _snapshot(node: Node) -> tuple[Any, ...]:
    topics = node.get_topic_names_and_types()
    return (
        sorted(node.get_node_names_and_namespaces()),
        [(name, node.count_publishers(name), node.count_subscribers(name)) for name, _ in topics],
        node.get_service_names_and_types())
