# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ResetEnvironment action."""

from __future__ import annotations

from ..action import Action
from ..launch_context import LaunchContext


class ResetEnvironment(Action):
    """Restores the environment that the launch started with."""

    def execute(self, context: LaunchContext) -> None:
        context._reset_environment()
