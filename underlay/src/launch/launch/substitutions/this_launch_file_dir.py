# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ThisLaunchFileDir substitution."""

from __future__ import annotations

from ..launch_context import LaunchContext
from ..substitution import Substitution
from .substitution_failure import SubstitutionFailure


class ThisLaunchFileDir(Substitution):
    """The folder of the current launch file."""

    def describe(self) -> str:
        return 'ThisLaunchFileDir()'

    def perform(self, context: LaunchContext) -> str:
        variables = context.get_locals_as_dict()
        if 'current_launch_file_directory' not in variables:
            raise SubstitutionFailure(
                'ThisLaunchFileDir used outside of a launch file (in a script)'
            )
        return variables['current_launch_file_directory']
