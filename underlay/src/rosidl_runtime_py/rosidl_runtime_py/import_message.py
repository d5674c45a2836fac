# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Import the Python class of an interface."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from rosidl_parser.definition import NamespacedType


def import_message_from_namespaced_type(message_type: NamespacedType) -> Any:
    """Return the class of the interface.

    :raises ModuleNotFoundError: the package is not installed
    :raises AttributeError: the package has no such interface
    """
    return getattr(import_module('.'.join(message_type.namespaces)), message_type.name)
