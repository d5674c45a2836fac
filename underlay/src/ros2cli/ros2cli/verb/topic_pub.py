# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 topic pub``."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Any

from ros2cli.completion import complete_message_prototype, complete_message_types, complete_topics
from ros2cli.interfaces import check_fields, fields_from_yaml, filled, message_class
from ros2cli.node import POLL_PERIOD, add_node_arguments, direct_node, spin_until
from ros2cli.parsing import add_completer, positive_float, unsigned_int
from ros2cli.qos import add_qos_arguments, requested_qos

if TYPE_CHECKING:
    from rclpy.publisher import Publisher

NOTE_PERIOD = 1.0  # s between two notes that it is still waiting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``pub``."""
    add_node_arguments(parser)
    topic = parser.add_argument(
        'topic_name', help="Name of the ROS topic to publish to (e.g. '/chatter')")
    add_completer(topic, complete_topics)
    kind = parser.add_argument(
        'message_type', help="Type of the ROS message (e.g. 'std_msgs/String')")
    add_completer(kind, complete_message_types)
    source = parser.add_mutually_exclusive_group()
    values = source.add_argument(
        'values', nargs='?', default='{}',
        help="Values to fill the message with in YAML format (e.g. 'data: Hello World'), "
             'otherwise the message will be published with default values')
    add_completer(values, complete_message_prototype)
    source.add_argument('--stdin', action='store_true', help='Read values from standard input')
    parser.add_argument(
        '-r', '--rate', metavar='N', type=positive_float, default=1.0,
        help='Publishing rate in Hz (default: 1)')
    parser.add_argument(
        '-p', '--print', metavar='N', type=int, default=1, dest='print_every',
        help='Only print every N-th published message (default: 1)')
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument(
        '-1', '--once', action='store_true', help='Publish one message and exit')
    amount.add_argument(
        '-t', '--times', type=unsigned_int, default=0,
        help='Publish this number of times and then exit')
    parser.add_argument(
        '-w', '--wait-matching-subscriptions', type=unsigned_int,
        help='Wait until finding the specified number of matching subscriptions. Defaults to 1 '
             'when using "-1"/"--once"/"--times", otherwise defaults to 0.')
    parser.add_argument(
        '--max-wait-time-secs', metavar='N', type=positive_float,
        help='This sets the maximum wait time in seconds if '
             '--wait-matching-subscriptions is set')
    parser.add_argument(
        '--keep-alive', metavar='N', type=positive_float, default=0.1,
        help='Keep publishing node alive for N seconds after the last msg (default: 0.1)')
    parser.add_argument('-n', '--node-name', help='Name of the created publishing node')
    add_qos_arguments(parser, 'publish', 'default')


def main(args: argparse.Namespace) -> str | None:
    """Publish the message once, a number of times, or until interrupted."""
    from rclpy.task import Future

    check_fields()
    message_type = message_class(args.message_type)
    values = fields_from_yaml(
        sys.stdin.read() if args.stdin else args.values,
        'The passed value needs to be a dictionary in YAML format')
    message, stamp_setters = filled(message_type(), values)
    times = 1 if args.once else args.times
    wanted = args.wait_matching_subscriptions
    with direct_node(args, name=args.node_name, needs_graph=False) as node:
        publisher = node.create_publisher(message_type, args.topic_name, requested_qos(args))
        await_subscriptions(
            publisher, int(times > 0) if wanted is None else wanted, args.max_wait_time_secs)
        print('publisher: beginning loop')
        count = 0
        done = Future[None]()

        def publish() -> None:
            nonlocal count
            count += 1
            for set_stamp in stamp_setters:
                set_stamp(node.get_clock().now().to_msg())
            if args.print_every and count % args.print_every == 0:
                print(f'publishing #{count}: {message!r}\n')
            publisher.publish(message)
            if count == times:
                done.set_result(None)

        publish()
        node.create_timer(1 / args.rate, publish)
        spin_until(node, done)
        # Exiting at once would take the last messages from slow readers.
        time.sleep(args.keep_alive)
    return None


def await_subscriptions(publisher: Publisher[Any], wanted: int, time_limit: float | None) -> None:
    """Wait until enough subscriptions match, and say so every second.

    :raises RuntimeError: they did not come within the time limit
    """
    start = noted = time.monotonic()
    while publisher.get_subscription_count() < wanted:
        now = time.monotonic()
        if time_limit is not None and now - start >= time_limit:
            raise RuntimeError(
                f'Timed out waiting for subscribers: Expected {wanted} subs but only got '
                f'{publisher.get_subscription_count()} subs')
        if now >= noted:
            print(f'Waiting for at least {wanted} matching subscription(s)...')
            noted += NOTE_PERIOD
        time.sleep(POLL_PERIOD)
