# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the Condition class."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .launch_context import LaunchContext


class Condition:
    """Decides from the launch context whether an action is executed."""

    def __init__(self, *, predicate: Callable[[LaunchContext], bool] | None = None) -> None:
        self._predicate = predicate

    def describe(self) -> str:
        return f'{type(self).__name__}()'

    def evaluate(self, context: LaunchContext) -> bool:
        """Return whether the condition holds."""
        return True if self._predicate is None else self._predicate(context)
