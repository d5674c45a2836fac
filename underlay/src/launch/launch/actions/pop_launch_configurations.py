# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the PopLaunchConfigurations action."""

from __future__ import annotations

from ..action import Action
from ..launch_context import LaunchContext


class PopLaunchConfigurations(Action):
    """Restores the launch configurations that PushLaunchConfigurations saved."""

    def execute(self, context: LaunchContext) -> None:
        context._pop_launch_configurations()
