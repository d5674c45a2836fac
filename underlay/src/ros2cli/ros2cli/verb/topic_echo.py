# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 topic echo``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import reduce
from typing import Any

from ros2cli.completion import complete_message_types, complete_topics
from ros2cli.interfaces import has_publisher, message_class, topic_class
from ros2cli.node import add_node_arguments, direct_node, spin_until
from ros2cli.parsing import add_completer, positive_float, unsigned_int
from ros2cli.qos import add_qos_arguments, fitting_qos

DEFAULT_TRUNCATE_LENGTH = 128


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``echo``."""
    add_node_arguments(parser)
    topic = parser.add_argument(
        'topic_name', help="Name of the ROS topic to listen to (e.g. '/chatter')")
    add_completer(topic, complete_topics)
    kind = parser.add_argument(
        'message_type', nargs='?', help="Type of the ROS message (e.g. 'std_msgs/msg/String')")
    add_completer(kind, complete_message_types)
    add_qos_arguments(
        parser, 'subscribe', 'sensor_data',
        note=', default: compatible profile with running endpoints')
    parser.add_argument(
        '--csv', action='store_true',
        help='Output all recursive fields separated by commas (e.g. for plotting)')
    parser.add_argument(
        '--field',
        help="Echo a selected field of a message. Use '.' to select sub-fields. For example, to "
             'echo the position field of a nav_msgs/msg/Odometry message: '
             "'ros2 topic echo /odom --field pose.pose.position'")
    parser.add_argument(
        '-f', '--full-length', action='store_true',
        help='Output all elements for arrays, bytes, and string with a length > '
             "'--truncate-length', by default they are truncated after '--truncate-length' "
             "elements with '...'")
    parser.add_argument(
        '-l', '--truncate-length', type=unsigned_int, default=DEFAULT_TRUNCATE_LENGTH,
        help='The length to truncate arrays, bytes, and string to '
             f'(default: {DEFAULT_TRUNCATE_LENGTH})')
    parser.add_argument(
        '--no-arr', action='store_true', help="Don't print array fields of messages")
    parser.add_argument(
        '--no-str', action='store_true', help="Don't print string fields of messages")
    parser.add_argument(
        '--flow-style', action='store_true',
        help='Print sequences on one line (not available with csv format)')
    parser.add_argument(
        '--no-lost-messages', action='store_true', help="Don't report when a message is lost")
    parser.add_argument(
        '--once', action='store_true', help='Print the first message received and then exit.')
    parser.add_argument(
        '--timeout', metavar='N', type=positive_float,
        help='Set a timeout in seconds for waiting')


def main(args: argparse.Namespace) -> str | None:
    """Print every message of the topic until interrupted."""
    from rclpy.event_handler import SubscriptionEventCallbacks
    from rclpy.task import Future

    path = None if args.field is None else [part for part in args.field.split('.') if part]
    if path == []:
        return f"Invalid field value '{args.field}'"
    message_type = message_class(args.message_type) if args.message_type else None
    with direct_node(args, found=lambda node: has_publisher(node, args.topic_name)) as node:
        if message_type is None:
            message_type = topic_class(node, args.topic_name)
        if message_type is None:
            print(f'WARNING: topic [{args.topic_name}] does not appear to be published yet')
            return 'Could not determine the type for the passed topic'
        done = Future[None]()
        show = formatter(args)

        def receive(message: Any) -> None:
            print(show(field_of(message, path)))
            if args.once:
                done.set_result(None)

        node.create_subscription(
            message_type, args.topic_name, receive, fitting_qos(node, args.topic_name, args),
            event_callbacks=SubscriptionEventCallbacks(
                message_lost=None if args.no_lost_messages else report_loss))
        spin_until(node, done, args.timeout)
    return None


def field_of(message: Any, path: list[str] | None) -> Any:
    """Return the part of the message that the path leads to."""
    try:
        return reduce(getattr, path or (), message)
    except AttributeError as error:
        raise RuntimeError(f"Invalid field '{'.'.join(path or ())}': {error}") from None


def formatter(args: argparse.Namespace) -> Callable[[Any], str]:
    """Return the function that turns a message, or a field of one, into what is printed."""
    from rosidl_runtime_py import message_to_csv, message_to_yaml

    limits = {
        'truncate_length': None if args.full_length else args.truncate_length,
        'no_arr': args.no_arr,
        'no_str': args.no_str,
    }

    def show(value: Any) -> str:
        if not hasattr(value, '__slots__'):
            return f'{value}\n---'
        if args.csv:
            return message_to_csv(value, **limits)
        return f'{message_to_yaml(value, flow_style=args.flow_style, **limits)}---'

    return show


def report_loss(status: Any) -> None:
    """Print that messages were lost on their way."""
    print(
        f'A message was lost!!!\n\ttotal count change:{status.total_count_change}'
        f'\n\ttotal count: {status.total_count}---')
