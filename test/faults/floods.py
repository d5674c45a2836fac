# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Messages by the thousand, and messages that make no sense."""

from __future__ import annotations

import random
import re
import threading
import time
from array import array
from collections.abc import Callable
from typing import Any

from rcl_interfaces.msg import Log
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rosidl_runtime_py.utilities import get_action, get_message

from faults.fault import Fault
from faults.rig import FOREIGN, Rig

SECONDS = 5.0
LOGS_PER_TURN = 20
TURN = 0.01
DEPTH = 10
MALFORMED_TURN = 0.02
"""Seconds between two turns, each of which sends one message on every topic."""

_LEFT_OUT = ('/clock', '/parameter_events')
_LIST = re.compile(r'(?:sequence<(?P<of>[^,>]+)(?:, (?P<most>\d+))?>|(?P<one>.+)\[(?P<size>\d+)\])')
_NUMBERS = {
    'float': (float('nan'), float('inf'), -1e38, 0.0),
    'double': (float('nan'), float('-inf'), 1e300, 0.0),
}


class _Flood(Fault):
    hold = 0.0
    tolerable = True
    detect_within = 10.0

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._publishers: list[Publisher] = []

    def inject(self, rig: Rig) -> None:
        turn, period = self.prepare(rig)
        self._ending.clear()
        self._thread = threading.Thread(target=self._run, args=(turn, period), daemon=True)
        self._thread.start()
        time.sleep(SECONDS)

    def heal(self, rig: Rig) -> None:
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
        for publisher in self._publishers:
            rig.observer.node.destroy_publisher(publisher)
        self._publishers.clear()

    def prepare(self, rig: Rig) -> tuple[Callable[[], None], float]:
        """Return what to do again and again, and the pause between."""
        raise NotImplementedError

    def publisher(self, rig: Rig, *arguments: Any) -> Publisher:
        """Return a publisher that ends with the flood."""
        publisher = rig.observer.node.create_publisher(*arguments)
        self._publishers.append(publisher)
        return publisher

    def _run(self, turn: Callable[[], None], period: float) -> None:
        while not self._ending.wait(period):
            turn()


class LogFlood(_Flood):
    """Somebody writes two thousand lines of log a second."""

    name = 'flood of /rosout'
    words = r'monitor_node.*(lost|overflow|workers)|log'

    def prepare(self, rig: Rig) -> tuple[Callable[[], None], float]:
        publisher = self.publisher(rig, Log, '/rosout', 1000)
        message = Log(level=20, name=FOREIGN, msg='flood ' * 20, file='flood.py', function='flood')

        def turn() -> None:
            for _ in range(LOGS_PER_TURN):
                publisher.publish(message)

        return turn, TURN


class MalformedFlood(_Flood):
    """Every topic that a node listens to gets messages full of nonsense."""

    name = 'flood of malformed messages on every input'
    words = r'refused|error|not (a|finite)'

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._random = random.Random(seed)

    def prepare(self, rig: Rig) -> tuple[Callable[[], None], float]:
        node = rig.observer.node
        publishers = []
        for topic, kind in inputs(node, rig.nodes).items():
            message_type = message_class(kind)
            publisher = self.publisher(rig, message_type, topic, accepted(node, topic))
            publishers.append((message_type, publisher))

        def turn() -> None:
            for message_type, publisher in publishers:
                publisher.publish(nonsense(message_type, self._random))

        return turn, MALFORMED_TURN


def inputs(node: Node, names: tuple[str, ...]) -> dict[str, str]:
    """Return every topic that one of the nodes subscribes to, with its type.

    Left out are those of a single Boolean, where no message can be malformed.
    """
    found = {}
    for name in names:
        for topic, kinds in node.get_subscriber_names_and_types_by_node(name, node.get_namespace()):
            if topic not in _LEFT_OUT and kinds[0] != 'std_msgs/msg/Bool':
                found[topic] = kinds[0]
    return found


def message_class(kind: str) -> Any:
    """Return the class of a type's name, also of the feedback of an action."""
    action = re.fullmatch(r'(.+/action/.+)_FeedbackMessage', kind)
    return get_action(action[1]).Impl.FeedbackMessage if action else get_message(kind)


def accepted(node: Node, topic: str) -> QoSProfile:
    """Return a quality of service that every subscription to a topic takes."""
    wanted = [each.qos_profile for each in node.get_subscriptions_info_by_topic(topic)]
    latched = any(each.durability == DurabilityPolicy.TRANSIENT_LOCAL for each in wanted)
    return QoSProfile(
        depth=DEPTH,
        reliability=ReliabilityPolicy.RELIABLE,
        durability=DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE,
        deadline=min(each.deadline for each in wanted),
        liveliness_lease_duration=min(each.liveliness_lease_duration for each in wanted),
    )


def nonsense(message_type: Any, choices: random.Random) -> Any:
    """Return a message of a type with a value at random in every field."""
    message = message_type()
    for field, kind in message_type.get_fields_and_field_types().items():
        part = type(getattr(message, field))
        is_message = hasattr(part, 'get_fields_and_field_types')
        setattr(message, field, nonsense(part, choices) if is_message else _value(kind, choices))
    return message


def _value(kind: str, choices: random.Random) -> Any:
    listed = _LIST.fullmatch(kind)
    if listed and listed['size']:
        return [_value(listed['one'], choices) for _ in range(int(listed['size']))]
    if listed:
        count = min(int(listed['most'] or 4), choices.choice((0, 1, 4)))
        return _values(listed['of'], count, choices)
    if '/' in kind:
        return nonsense(get_message(kind.replace('/', '/msg/', 1)), choices)
    if kind.startswith(('string', 'wstring')):
        return FOREIGN + choices.choice(('', '\x07\u202e', 'x' * 1000, '{"a": [', '\U0001f916 yes'))
    if kind == 'boolean':
        return choices.random() < 0.5
    if kind in _NUMBERS:
        return choices.choice(_NUMBERS[kind])
    if kind == 'octet':
        return bytes([choices.randrange(256)])
    bits = int(re.sub(r'\D', '', kind) or 8)
    low = 0 if kind.startswith(('u', 'byte', 'char')) else -(2 ** (bits - 1))
    high = low + 2**bits - 1
    return choices.choice((low, high, choices.randint(low, high)))


def _values(kind: str, count: int, choices: random.Random) -> Any:
    if kind == 'uint8':
        return array('B', choices.randbytes(count * choices.choice((1, 99))) if count else b'')
    return [_value(kind, choices) for _ in range(count)]
