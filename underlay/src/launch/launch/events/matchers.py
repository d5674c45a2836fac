# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Matchers for events."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..action import Action


def matches_action(target_action: Action) -> Callable[[Action], bool]:
    """Return a matcher for this very action."""
    return lambda action: action is target_action
