# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the PushLaunchConfigurations action."""

from __future__ import annotations

from ..action import Action
from ..launch_context import LaunchContext


class PushLaunchConfigurations(Action):
    """Saves the launch configurations for PopLaunchConfigurations."""

    def execute(self, context: LaunchContext) -> None:
        context._push_launch_configurations()
