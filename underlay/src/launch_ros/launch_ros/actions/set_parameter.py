# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the SetParameter action."""

from __future__ import annotations

from typing import Any

from launch import Action, LaunchContext, SomeSubstitutionsType

from ..utilities import evaluate_parameter_dict, normalize_parameter_dict


class SetParameter(Action):
    """Sets a parameter of all nodes that are launched later in this scope."""

    def __init__(self, name: SomeSubstitutionsType, value: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        key = tuple(name) if isinstance(name, list) else name
        self._parameters = normalize_parameter_dict({key: value})

    def execute(self, context: LaunchContext) -> None:
        parameters = evaluate_parameter_dict(context, self._parameters)
        # A new list: the scope around this one keeps its own.
        context.launch_configurations['global_params'] = [
            *context.launch_configurations.get('global_params', []),
            *parameters.items(),
        ]
