# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Interfaces by name, with errors that a person understands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rclpy.node import Node


def message_class(name: str) -> Any:
    """Return the class of the message type, or raise RuntimeError."""
    from rosidl_runtime_py.utilities import get_message
    return _imported(get_message, name, 'The passed message type is invalid')


def service_class(name: str) -> Any:
    """Return the class of the service type, or raise RuntimeError."""
    from rosidl_runtime_py.utilities import get_service
    return _imported(get_service, name, 'The passed service type is invalid')


def action_class(name: str) -> Any:
    """Return the class of the action type, or raise RuntimeError."""
    from rosidl_runtime_py.utilities import get_action
    return _imported(get_action, name, 'The passed action type is invalid')


def expanded_topic(node: Node, topic: str) -> str:
    """Return the full name of the topic (or action), or raise RuntimeError if it is invalid."""
    from rclpy.expand_topic_name import expand_topic_name
    from rclpy.validate_full_topic_name import validate_full_topic_name

    try:
        name = expand_topic_name(topic, node.get_name(), node.get_namespace())
    except ValueError as error:
        # Without the place in rcl's source.
        raise RuntimeError(str(error).partition(', at ')[0]) from None
    validate_full_topic_name(name)
    return name


def topic_class(node: Node, topic: str) -> Any | None:
    """Return the class of the messages on the topic, or None as long as nobody knows it."""
    name = expanded_topic(node, topic)
    types = dict(node.get_topic_names_and_types()).get(name)
    if not types:
        return None
    if len(types) > 1:
        raise RuntimeError(
            f"Cannot echo topic '{topic}', as it contains more than one type: "
            f'[{", ".join(types)}]')
    from rosidl_runtime_py.utilities import get_message
    return _imported(get_message, types[0], f"The message type '{types[0]}' is invalid")


def has_publisher(node: Node, topic: str) -> bool:
    """Tell whether anybody publishes on the topic."""
    return node.count_publishers(expanded_topic(node, topic)) > 0


def check_fields() -> None:
    """Make messages refuse values out of range, which they would otherwise wrap silently.

    Has an effect only on interfaces that are not imported yet.
    """
    import os
    os.environ['ROS_PYTHON_CHECK_FIELDS'] = '1'


def fields_from_yaml(text: str, complaint: str) -> dict[str, Any]:
    """Parse the values of a message.

    :raises RuntimeError: it is not YAML, or (then with ``complaint``) not a dictionary
    """
    import yaml

    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RuntimeError(f'The passed value is not valid YAML: {_one_line(error)}') from None
    if not isinstance(values, dict):
        raise RuntimeError(complaint)
    return values


def filled(
    message: Any, values: dict[str, Any], complaint: str = 'Failed to populate field: {}',
) -> tuple[Any, list[Callable[[Any], None]]]:
    """Fill the message; return it with the functions that set its time fields.

    :raises RuntimeError: a value does not fit
    """
    from rosidl_runtime_py import set_message_fields

    try:
        return message, set_message_fields(
            message, values, expand_header_auto=True, expand_time_now=True)
    except (AssertionError, AttributeError, OverflowError, TypeError, ValueError) as error:
        raise RuntimeError(complaint.format(error)) from None


def _imported(get: Callable[[str], Any], name: str, complaint: str) -> Any:
    try:
        return get(name)
    except (AttributeError, ImportError, ValueError):
        raise RuntimeError(complaint) from None


def _one_line(error: Exception) -> str:
    return ' '.join(str(error).split())
