# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the PushEnvironment action."""

from __future__ import annotations

from ..action import Action
from ..launch_context import LaunchContext


class PushEnvironment(Action):
    """Saves the environment for PopEnvironment."""

    def execute(self, context: LaunchContext) -> None:
        context._push_environment()
