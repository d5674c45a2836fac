# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 lifecycle``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ros2cli.completion import complete_nodes
from ros2cli.node import absolute, add_node_arguments, call, direct_node, node_names
from ros2cli.parsing import Verb, add_completer, positive_float

if TYPE_CHECKING:
    from rclpy.node import Node

GET_STATE = 'lifecycle_msgs/srv/GetState'


def add_nodes_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``nodes``."""
    add_node_arguments(parser)
    parser.add_argument(
        '-a', '--all', action='store_true', help='Display all nodes even hidden ones')
    parser.add_argument(
        '-c', '--count-nodes', '--count', action='store_true',
        help='Only display the number of nodes discovered')


def print_nodes(args: argparse.Namespace) -> None:
    """Print the nodes that have a lifecycle."""
    with direct_node(args) as node:
        names = lifecycle_nodes(node, include_hidden=args.all)
    if args.count_nodes:
        print(len(names))
        return
    for name in names:
        print(name)


def add_node_name(parser: argparse.ArgumentParser, **options: Any) -> None:
    """Add the argument that names the node, and the options about finding it."""
    add_node_arguments(parser)
    name = parser.add_argument('node_name', help='Name of the ROS node', **options)
    add_completer(name, complete_nodes)
    parser.add_argument(
        '--include-hidden-nodes', action='store_true', help='Consider hidden nodes as well')


def add_get_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``get``."""
    add_node_name(parser, nargs='?')
    parser.add_argument(
        '--timeout', metavar='N', type=positive_float,
        help='Maximum time to wait for response in seconds (default: waits indefinitely)')


def get_state(args: argparse.Namespace) -> int | None:
    """Print the state of one node, or of every lifecycle node."""
    if args.node_name:
        with lifecycle_node(args) as (node, name):
            return print_state(node, name, '', args.timeout)
    with direct_node(args) as node:
        for name in lifecycle_nodes(node, include_hidden=args.include_hidden_nodes):
            print_state(node, name, f'{name}: ', args.timeout)
    return None


def print_state(node: Node, name: str, prefix: str, timeout: float | None) -> int:
    """Print the state of a node; return 1 if the node does not tell it."""
    from lifecycle_msgs.srv import GetState

    try:
        state = call(
            node, GetState, f'{name}/get_state', GetState.Request(), timeout=timeout
        ).current_state
    except RuntimeError as error:
        print(f"Exception while calling service of node '{name}': {error}", file=sys.stderr)
        return 1
    print(f'{prefix}{state.label} [{state.id}]')
    return 0


def add_list_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``list``."""
    add_node_name(parser)
    parser.add_argument(
        '-a', '--all', action='store_true', help='Display all existing transitions')


def list_transitions(args: argparse.Namespace) -> None:
    """Print the transitions that the node can make now, or all that it has."""
    with lifecycle_node(args) as (node, name):
        for transition in transitions(
                node, name, 'get_transition_graph' if args.all else 'get_available_transitions'):
            print(f'- {transition.transition.label} [{transition.transition.id}]\n'
                  f'\tStart: {transition.start_state.label}\n'
                  f'\tGoal: {transition.goal_state.label}')


def add_set_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``set``."""
    add_node_name(parser)
    parser.add_argument('transition', help='The lifecycle transition')


def set_state(args: argparse.Namespace) -> str | None:
    """Make the node go through a transition, given by its label or number."""
    from lifecycle_msgs.srv import ChangeState

    with lifecycle_node(args) as (node, name):
        available = [
            each.transition for each in transitions(node, name, 'get_available_transitions')]
        chosen = next(
            (each for each in available if each.label == args.transition),
            next((each for each in available if str(each.id) == args.transition), None))
        if chosen is None:
            return 'Unknown transition requested, available ones are:' + ''.join(
                f'\n- {each.label} [{each.id}]' for each in available)
        response = call(
            node, ChangeState, f'{name}/change_state', ChangeState.Request(transition=chosen))
        if response.success:
            print('Transitioning successful')
        else:
            print('Transitioning failed', file=sys.stderr)
    return None


def lifecycle_nodes(node: Node, *, include_hidden: bool = False) -> list[str]:
    """Return the full names of the nodes that have a lifecycle."""
    services = dict(node.get_service_names_and_types())
    return [
        name for name in node_names(node, include_hidden=include_hidden)
        if GET_STATE in services.get(f'{name}/get_state', ())]


@contextmanager
def lifecycle_node(args: argparse.Namespace) -> Iterator[tuple[Node, str]]:
    """Make a node that has discovered the lifecycle node that the arguments name.

    :raises RuntimeError: there is no such node, or it has no lifecycle
    """
    name = absolute(args.node_name)

    def found(node: Node) -> bool:
        return name in lifecycle_nodes(node, include_hidden=args.include_hidden_nodes)

    with direct_node(args, found=found) as node:
        if not found(node):
            raise RuntimeError('Node not found')
        yield node, name


def transitions(node: Node, node_name: str, service: str) -> list[Any]:
    """Return the transitions (lifecycle_msgs/TransitionDescription) that the service tells."""
    from lifecycle_msgs.srv import GetAvailableTransitions
    response = call(
        node, GetAvailableTransitions, f'{node_name}/{service}',
        GetAvailableTransitions.Request())
    return list(response.available_transitions)


VERBS = {
    'get': Verb('Get lifecycle state for one or more nodes', add_get_arguments, get_state),
    'list': Verb('Output a list of available transitions', add_list_arguments, list_transitions),
    'nodes': Verb('Output a list of nodes with lifecycle', add_nodes_arguments, print_nodes),
    'set': Verb('Trigger lifecycle state transition', add_set_arguments, set_state),
}
