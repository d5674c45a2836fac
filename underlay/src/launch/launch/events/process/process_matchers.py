# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Matchers for events that are meant for some processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...actions import ExecuteProcess


def matches_pid(pid: int) -> Callable[[ExecuteProcess], bool]:
    """Return a matcher for the process with this id."""
    return lambda action: (action.process_details or {}).get('pid') == pid


def matches_name(name: str) -> Callable[[ExecuteProcess], bool]:
    """Return a matcher for the process with this name, such as 'talker-1'."""
    return lambda action: (action.process_details or {}).get('name') == name


def matches_executable(executable: str) -> Callable[[ExecuteProcess], bool]:
    """Return a matcher for processes whose command starts with this executable."""
    return lambda action: (action.process_details or {'cmd': ['']})['cmd'][0] == executable
