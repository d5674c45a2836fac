# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the SetROSLogDir action."""

from __future__ import annotations

from typing import Any

from launch import LaunchContext, SomeSubstitutionsType
from launch.actions import SetEnvironmentVariable


class SetROSLogDir(SetEnvironmentVariable):
    """Sets where the nodes that are launched later write their log files."""

    def __init__(self, new_log_dir: SomeSubstitutionsType, **kwargs: Any) -> None:
        super().__init__('ROS_LOG_DIR', new_log_dir, **kwargs)

    def execute(self, context: LaunchContext) -> None:
        super().execute(context)
