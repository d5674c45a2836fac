# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 action``."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from ros2cli.completion import complete_action_types, complete_actions
from ros2cli.interfaces import action_class, check_fields, expanded_topic, fields_from_yaml, filled
from ros2cli.node import add_node_arguments, direct_node, spin_until, wait_for
from ros2cli.parsing import Verb, add_completer

if TYPE_CHECKING:
    from rclpy.action.client import ClientGoalHandle
    from rclpy.node import Node


def add_list_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``list``."""
    add_node_arguments(parser)
    parser.add_argument(
        '-t', '--show-types', action='store_true', help='Additionally show the action type')
    parser.add_argument(
        '-c', '--count-actions', '--count', action='store_true',
        help='Only display the number of actions discovered')


def list_actions(args: argparse.Namespace) -> None:
    """Print the actions of the graph."""
    from rclpy.action.graph import get_action_names_and_types

    with direct_node(args) as node:
        actions = get_action_names_and_types(node)
    if args.count_actions:
        print(len(actions))
        return
    for name, types in actions:
        print(f'{name} [{", ".join(types)}]' if args.show_types else name)


def add_send_goal_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``send_goal``."""
    add_node_arguments(parser)
    name = parser.add_argument(
        'action_name', help="Name of the ROS action (e.g. '/fibonacci')")
    add_completer(name, complete_actions)
    kind = parser.add_argument(
        'action_type',
        help="Type of the ROS action (e.g. 'example_interfaces/action/Fibonacci')")
    add_completer(kind, complete_action_types)
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        'goal', nargs='?', default='{}',
        help="Goal request values in YAML format (e.g. '{order: 10}')")
    source.add_argument('--stdin', action='store_true', help='Read goal from standard input')
    parser.add_argument(
        '-f', '--feedback', action='store_true', help='Echo feedback messages for the goal')


def send_goal(args: argparse.Namespace) -> None:
    """Send a goal and wait for its result; cancel it when interrupted."""
    from rclpy.action.client import ActionClient
    from rosidl_runtime_py import message_to_yaml

    check_fields()
    action = action_class(args.action_type)
    values = fields_from_yaml(
        sys.stdin.read() if args.stdin else args.goal,
        'The passed goal needs to be a dictionary in YAML format')
    goal, _ = filled(action.Goal(), values, 'Failed to populate message fields: {!r}')

    def show_feedback(message: Any) -> None:
        print(f'Feedback:\n    {message_to_yaml(message.feedback)}')

    with direct_node(args, needs_graph=False) as node:
        client: ActionClient[Any, Any, Any] = ActionClient(
            node, action, expanded_topic(node, args.action_name))
        print('Waiting for an action server to become available...')
        wait_for(client.server_is_ready)
        print(f'Sending goal:\n     {message_to_yaml(goal)}')
        handle = spin_until(
            node, client.send_goal_async(goal, show_feedback if args.feedback else None))
        if not handle.accepted:
            print('Goal was rejected.')
            return
        try:
            print(f'Goal accepted with ID: {bytes(handle.goal_id.uuid).hex()}\n')
            result = spin_until(node, handle.get_result_async())
        except KeyboardInterrupt:
            cancel(node, handle)
            raise
        print(f'Result:\n    {message_to_yaml(result.result)}')
        print(f'Goal finished with status: {status_word(result.status)}')


def cancel(node: Node, handle: ClientGoalHandle[Any, Any, Any]) -> None:
    """Cancel a goal that still runs.

    :raises RuntimeError: the server does not cancel it
    """
    print('Canceling goal...')
    response = spin_until(node, handle.cancel_goal_async())
    if not any(goal.goal_id == handle.goal_id for goal in response.goals_canceling):
        raise RuntimeError('Failed to cancel goal')
    print('Goal canceled.')


def status_word(status: int) -> str:
    """Return the state of a goal in one word."""
    from action_msgs.msg import GoalStatus
    return {
        GoalStatus.STATUS_ACCEPTED: 'ACCEPTED',
        GoalStatus.STATUS_EXECUTING: 'EXECUTING',
        GoalStatus.STATUS_CANCELING: 'CANCELING',
        GoalStatus.STATUS_SUCCEEDED: 'SUCCEEDED',
        GoalStatus.STATUS_CANCELED: 'CANCELED',
        GoalStatus.STATUS_ABORTED: 'ABORTED',
    }.get(status, 'UNKNOWN')


VERBS = {
    'list': Verb('Output a list of action names', add_list_arguments, list_actions),
    'send_goal': Verb('Send an action goal', add_send_goal_arguments, send_goal),
}
