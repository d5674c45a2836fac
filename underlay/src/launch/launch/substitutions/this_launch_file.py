# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ThisLaunchFile substitution."""

from __future__ import annotations

from ..launch_context import LaunchContext
from ..substitution import Substitution
from .substitution_failure import SubstitutionFailure


class ThisLaunchFile(Substitution):
    """The path of the current launch file."""

    def describe(self) -> str:
        return 'ThisLaunchFile()'

    def perform(self, context: LaunchContext) -> str:
        variables = context.get_locals_as_dict()
        if 'current_launch_file_path' not in variables:
            raise SubstitutionFailure('ThisLaunchFile used outside of a launch file (in a script)')
        return variables['current_launch_file_path']
