# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 node``."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ros2cli.completion import complete_nodes
from ros2cli.node import (
    absolute,
    add_node_arguments,
    direct_node,
    is_hidden,
    node_names,
    split_name,
)
from ros2cli.parsing import Verb, add_completer

if TYPE_CHECKING:
    from rclpy.node import Node

DUPLICATES = (
    'WARNING: Be aware that there are nodes in the graph that share an exact name, which can '
    'have unintended side effects.')


def add_list_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``list``."""
    add_node_arguments(parser)
    parser.add_argument(
        '-a', '--all', action='store_true', help='Display all nodes even hidden ones')
    parser.add_argument(
        '-c', '--count-nodes', '--count', action='store_true',
        help='Only display the number of nodes discovered')


def list_nodes(args: argparse.Namespace) -> None:
    """Print the nodes of the graph."""
    with direct_node(args) as node:
        names = node_names(node, include_hidden=args.all)
    if args.count_nodes:
        print(len(names))
        return
    if len(set(names)) < len(names):
        print(DUPLICATES, file=sys.stderr)
    for name in names:
        print(name)


def add_info_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``info``."""
    add_node_arguments(parser)
    name = parser.add_argument(
        'node_name', help='Fully qualified node name to request information')
    add_completer(name, complete_nodes)
    parser.add_argument(
        '--include-hidden', action='store_true',
        help='Display hidden topics, services, and actions as well')


def info(args: argparse.Namespace) -> str | None:
    """Print what one node subscribes, publishes, serves and calls."""
    full_name = absolute(args.node_name)

    def count_of(node: Node) -> int:
        return node_names(node, include_hidden=args.include_hidden).count(full_name)

    with direct_node(args, found=lambda node: count_of(node) > 0) as node:
        count = count_of(node)
        if not count:
            return f"Unable to find node '{args.node_name}'"
        if count > 1:
            print(f'There are {count} nodes in the graph with the exact name "{full_name}". '
                  'You are seeing information about only one of them.', file=sys.stderr)
        print(full_name)
        for heading, names_and_types in endpoints(node, full_name):
            print(f'  {heading}:')
            print('\n'.join(
                f'    {name}: {", ".join(types)}' for name, types in names_and_types
                if args.include_hidden or not is_hidden(name)))
    return None


def endpoints(
    node: Node, full_name: str,
) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Return the endpoints of the node by kind, in the order in which they are printed."""
    from rclpy.action.graph import (
        get_action_client_names_and_types_by_node,
        get_action_server_names_and_types_by_node,
    )
    from rclpy.node import NodeNameNonExistentError

    name = split_name(full_name)
    try:
        return [
            ('Subscribers', node.get_subscriber_names_and_types_by_node(*name)),
            ('Publishers', node.get_publisher_names_and_types_by_node(*name)),
            ('Service Servers', node.get_service_names_and_types_by_node(*name)),
            ('Service Clients', node.get_client_names_and_types_by_node(*name)),
            ('Action Servers', get_action_server_names_and_types_by_node(node, *name)),
            ('Action Clients', get_action_client_names_and_types_by_node(node, *name)),
        ]
    except NodeNameNonExistentError:
        raise RuntimeError(f"Unable to find node '{full_name}'") from None


VERBS = {
    'info': Verb('Output information about a node', add_info_arguments, info),
    'list': Verb('Output a list of available nodes', add_list_arguments, list_nodes),
}
