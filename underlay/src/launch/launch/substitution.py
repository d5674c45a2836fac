# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the Substitution class."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .launch_context import LaunchContext


class Substitution:
    """A text that is known only when the launch description is launched."""

    def describe(self) -> str:
        """Return a text for a person; substitutions are not performed."""
        return f'{type(self).__name__}()'

    def perform(self, context: LaunchContext) -> str:
        """Return the text."""
        raise NotImplementedError(f'{type(self).__name__} does not implement perform()')
