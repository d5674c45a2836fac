# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What argcomplete offers when a person presses Tab.

Every function takes what argcomplete passes by name, and returns candidates.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any


def complete_packages(**context: Any) -> Iterable[str]:
    """Offer the installed packages."""
    from ament_index_python import get_packages_with_prefixes
    return list(get_packages_with_prefixes())


def complete_executables(parsed_args: argparse.Namespace, **context: Any) -> Iterable[str]:
    """Offer the programs of the package that was already typed."""
    from ros2cli.packages import executables
    return [path.name for path in executables(parsed_args.package_name)]


def complete_launch_files(parsed_args: argparse.Namespace, **context: Any) -> Iterable[str]:
    """Offer the launch files of the package that was already typed."""
    from ros2cli.packages import launch_files
    return [path.name for path in launch_files(parsed_args.package_name)]


def complete_nodes(**context: Any) -> Iterable[str]:
    """Offer the nodes of the graph."""
    from ros2cli.node import node_names
    with _graph() as node:
        return node_names(node)


def complete_topics(**context: Any) -> Iterable[str]:
    """Offer the topics of the graph."""
    with _graph() as node:
        return [name for name, _ in node.get_topic_names_and_types()]


def complete_services(**context: Any) -> Iterable[str]:
    """Offer the services of the graph."""
    with _graph() as node:
        return [name for name, _ in node.get_service_names_and_types()]


def complete_actions(**context: Any) -> Iterable[str]:
    """Offer the actions of the graph."""
    from rclpy.action.graph import get_action_names_and_types
    with _graph() as node:
        return [name for name, _ in get_action_names_and_types(node)]


def complete_message_types(**context: Any) -> Iterable[str]:
    """Offer the installed messages."""
    from rosidl_runtime_py import get_message_interfaces
    return _full_names(get_message_interfaces())


def complete_service_types(**context: Any) -> Iterable[str]:
    """Offer the installed service types."""
    from rosidl_runtime_py import get_service_interfaces
    return _full_names(get_service_interfaces())


def complete_action_types(**context: Any) -> Iterable[str]:
    """Offer the installed action types."""
    from rosidl_runtime_py import get_action_interfaces
    return _full_names(get_action_interfaces())


def complete_interfaces(**context: Any) -> Iterable[str]:
    """Offer all installed interfaces."""
    from rosidl_runtime_py import get_interfaces
    return _full_names(get_interfaces())


def complete_message_prototype(parsed_args: argparse.Namespace, **context: Any) -> Iterable[str]:
    """Offer the fields of the message type that was already typed."""
    from rosidl_runtime_py import message_to_yaml

    from ros2cli.interfaces import message_class
    return [message_to_yaml(message_class(parsed_args.message_type)())]


def _graph() -> Any:
    from ros2cli.node import direct_node
    return direct_node(argparse.Namespace(spin_time=None, use_sim_time=False))


def _full_names(interfaces: dict[str, list[str]]) -> list[str]:
    return [f'{package}/{name}' for package, names in interfaces.items() for name in names]
