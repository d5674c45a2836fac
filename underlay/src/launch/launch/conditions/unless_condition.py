# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the UnlessCondition condition."""

from __future__ import annotations

from ..launch_context import LaunchContext
from .if_condition import IfCondition


class UnlessCondition(IfCondition):
    """Holds if the text is 'false' or '0', in any case."""

    def evaluate(self, context: LaunchContext) -> bool:
        return not super().evaluate(context)
