# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Import interfaces by their full name, such as ``std_msgs/msg/String``."""

from __future__ import annotations

from typing import Any

from rosidl_parser.definition import NamespacedType

from rosidl_runtime_py.import_message import import_message_from_namespaced_type


def get_interface(identifier: str) -> Any:
    """Return the class of any interface, by its three-part name."""
    interface = import_message_from_namespaced_type(get_namespaced_type(identifier))
    if not (is_message(interface) or is_service(interface) or is_action(interface)):
        raise ValueError(f"Expected the full name of an interface, got '{identifier}'")
    return interface


def get_message(identifier: str) -> Any:
    """Return the class of a message; ``std_msgs/String`` will do for ``std_msgs/msg/String``.

    :raises ModuleNotFoundError, AttributeError: there is no such interface
    :raises ValueError: the name is not one of a message
    """
    interface = import_message_from_namespaced_type(get_message_namespaced_type(identifier))
    if not is_message(interface):
        raise ValueError(f"Expected the full name of a message, got '{identifier}'")
    return interface


def get_service(identifier: str) -> Any:
    """Return the class of a service; see :func:`get_message`."""
    interface = import_message_from_namespaced_type(get_service_namespaced_type(identifier))
    if not is_service(interface):
        raise ValueError(f"Expected the full name of a service, got '{identifier}'")
    return interface


def get_action(identifier: str) -> Any:
    """Return the class of an action; see :func:`get_message`."""
    interface = import_message_from_namespaced_type(get_action_namespaced_type(identifier))
    if not is_action(interface):
        raise ValueError(f"Expected the full name of an action, got '{identifier}'")
    return interface


def get_namespaced_type(identifier: str) -> NamespacedType:
    """Return the parsed name of any interface."""
    return _namespaced_type(identifier, None)


def get_message_namespaced_type(identifier: str) -> NamespacedType:
    """Return the parsed name of a message."""
    return _namespaced_type(identifier, 'msg')


def get_service_namespaced_type(identifier: str) -> NamespacedType:
    """Return the parsed name of a service."""
    return _namespaced_type(identifier, 'srv')


def get_action_namespaced_type(identifier: str) -> NamespacedType:
    """Return the parsed name of an action."""
    return _namespaced_type(identifier, 'action')


def is_message(interface: Any) -> bool:
    """Tell whether the class is a message."""
    return hasattr(interface, 'SLOT_TYPES')


def is_service(interface: Any) -> bool:
    """Tell whether the class is a service."""
    return hasattr(interface, 'Request') and hasattr(interface, 'Response')


def is_action(interface: Any) -> bool:
    """Tell whether the class is an action."""
    return all(hasattr(interface, part) for part in ('Goal', 'Result', 'Feedback'))


def _namespaced_type(identifier: str, default_namespace: str | None) -> NamespacedType:
    *namespaces, name = identifier.split('/')
    if len(namespaces) == 1 and default_namespace is not None:
        namespaces.append(default_namespace)
    if not namespaces or not all(namespaces) or not name:
        raise ValueError(f"Expected '<package>/<namespace>/<name>', got '{identifier}'")
    return NamespacedType(namespaces, name)
