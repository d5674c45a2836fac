# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the PopEnvironment action."""

from __future__ import annotations

from ..action import Action
from ..launch_context import LaunchContext


class PopEnvironment(Action):
    """Restores the environment that PushEnvironment saved."""

    def execute(self, context: LaunchContext) -> None:
        context._pop_environment()
