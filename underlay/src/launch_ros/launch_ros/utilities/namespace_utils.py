# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Functions for names and namespaces of nodes."""

from __future__ import annotations

import re

TOKEN = '[A-Za-z_][A-Za-z0-9_]*'


def is_root_namespace(ns: str) -> bool:
    return ns == '/'


def is_namespace_absolute(ns: str) -> bool:
    return ns.startswith('/')


def make_namespace_absolute(ns: str) -> str:
    return ns if is_namespace_absolute(ns) else f'/{ns}'


def prefix_namespace(base_ns: str | None, ns: str | None) -> str | None:
    """Return ``ns`` below ``base_ns``, ``ns`` itself if it is absolute; None if both are."""
    if ns is None:
        combined = base_ns
    elif not base_ns or is_namespace_absolute(ns):
        combined = ns
    else:
        combined = f'{base_ns.rstrip("/")}/{ns}'
    if combined is None or is_root_namespace(combined):
        return combined
    return make_namespace_absolute(combined.rstrip('/'))


def validate_node_name(name: str) -> None:
    """Raise ValueError unless ROS accepts the name."""
    if re.fullmatch(TOKEN, name) is None:
        raise ValueError(
            f"node name '{name}' is invalid: it must consist of letters, digits and "
            'underscores, and not start with a digit'
        )


def validate_namespace(ns: str) -> None:
    """Raise ValueError unless ROS accepts the absolute namespace."""
    if re.fullmatch(f'/|(/{TOKEN})+', ns) is None:
        raise ValueError(
            f"namespace '{ns}' is invalid: the names between its slashes must consist of "
            'letters, digits and underscores, and not start with a digit'
        )
