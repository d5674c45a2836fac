# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 topic``: list and info; the verbs that subscribe or publish have their own modules."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ros2cli.completion import complete_topics
from ros2cli.node import add_node_arguments, direct_node, is_hidden
from ros2cli.parsing import Verb, add_completer
from ros2cli.verb import topic_echo, topic_hz, topic_pub

if TYPE_CHECKING:
    from rclpy.node import Node


def add_list_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``list``."""
    add_node_arguments(parser)
    parser.add_argument(
        '-t', '--show-types', action='store_true', help='Additionally show the topic type')
    parser.add_argument(
        '-c', '--count-topics', '--count', action='store_true',
        help='Only display the number of topics discovered')
    parser.add_argument(
        '-a', '--include-hidden-topics', '--all', action='store_true',
        help='Consider hidden topics as well')
    parser.add_argument(
        '-v', '--verbose', action='store_true', help='List full details about each topic')


def list_topics(args: argparse.Namespace) -> None:
    """Print the topics of the graph."""
    with direct_node(args) as node:
        topics = [
            (name, types) for name, types in node.get_topic_names_and_types()
            if args.include_hidden_topics or not is_hidden(name)]
        if args.count_topics:
            print(len(topics))
        elif args.verbose and topics:
            print_endpoints(node, topics, 'Published', 'publisher')
            print_endpoints(node, topics, 'Subscribed', 'subscriber')
        else:
            for name, types in topics:
                print(f'{name} [{", ".join(types)}]' if args.show_types else name)


def print_endpoints(
    node: Node, topics: list[tuple[str, list[str]]], heading: str, role: str,
) -> None:
    """Print how many publishers or subscribers each topic has, topics without any left out."""
    count = node.count_publishers if role == 'publisher' else node.count_subscribers
    print(f'{heading} topics:')
    for name, types in topics:
        number = count(name)
        if number:
            print(f' * {name} [{", ".join(types)}] {number} {role}{"s" if number > 1 else ""}')
    print()


def add_info_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``info``."""
    add_node_arguments(parser)
    topic = parser.add_argument(
        'topic_name', help="Name of the ROS topic to get info (e.g. '/chatter')")
    add_completer(topic, complete_topics)
    parser.add_argument(
        '-v', '--verbose', action='store_true',
        help='Prints detailed information like the node name, node namespace, topic type, '
             'topic type hash, GUID, and QoS Profile of the publishers and subscribers to this '
             'topic')


def info(args: argparse.Namespace) -> str | None:
    """Print the type and the endpoints of one topic."""
    topic = args.topic_name if args.topic_name.startswith('/') else f'/{args.topic_name}'
    end = '\n\n' if args.verbose else '\n'
    with direct_node(args) as node:
        types = dict(node.get_topic_names_and_types()).get(topic)
        if types is None:
            return f"Unknown topic '{args.topic_name}'"
        print(f'Type: {types[0] if len(types) == 1 else types}', end=end)
        print(f'Publisher count: {node.count_publishers(topic)}', end=end)
        if args.verbose:
            for endpoint in node.get_publishers_info_by_topic(topic):
                print(endpoint, end=end)
        print(f'Subscription count: {node.count_subscribers(topic)}', end=end)
        if args.verbose:
            for endpoint in node.get_subscriptions_info_by_topic(topic):
                print(endpoint, end=end)
    return None


VERBS = {
    'echo': Verb('Output messages from a topic', topic_echo.add_arguments, topic_echo.main),
    'hz': Verb('Print the average receiving rate to screen', topic_hz.add_arguments,
               topic_hz.main),
    'info': Verb('Print information about a topic', add_info_arguments, info),
    'list': Verb('Output a list of available topics', add_list_arguments, list_topics),
    'pub': Verb('Publish a message to a topic', topic_pub.add_arguments, topic_pub.main),
}
