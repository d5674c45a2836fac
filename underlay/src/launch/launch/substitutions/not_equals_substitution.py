# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the NotEqualsSubstitution substitution."""

from __future__ import annotations

from ..launch_context import LaunchContext
from .equals_substitution import EqualsSubstitution


class NotEqualsSubstitution(EqualsSubstitution):
    """Whether two values differ: 'true' or 'false'."""

    def perform(self, context: LaunchContext) -> str:
        return str(not self._are_equal(context)).lower()
