# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the SetParametersFromFile action."""

from __future__ import annotations

from typing import Any

from launch import Action, LaunchContext, SomeSubstitutionsType

from ..parameter_descriptions import ParameterFile


class SetParametersFromFile(Action):
    """Gives a parameter file to all nodes that are launched later in this scope."""

    def __init__(self, filename: SomeSubstitutionsType, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._file = ParameterFile(filename)

    def execute(self, context: LaunchContext) -> None:
        path = self._file.evaluate(context)
        context.launch_configurations['global_params'] = [
            *context.launch_configurations.get('global_params', []),
            path,
        ]
