# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LaunchConfigurationNotEquals condition."""

from __future__ import annotations

from ..launch_context import LaunchContext
from .launch_configuration_equals import LaunchConfigurationEquals


class LaunchConfigurationNotEquals(LaunchConfigurationEquals):
    """Holds if a launch configuration has not a value; None means that it must exist."""

    def evaluate(self, context: LaunchContext) -> bool:
        return not super().evaluate(context)
