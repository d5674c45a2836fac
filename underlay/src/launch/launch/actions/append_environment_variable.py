# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the AppendEnvironmentVariable action."""

from __future__ import annotations

import os
from typing import Any

from ..action import Action
from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..utilities import normalize_to_list_of_substitutions, perform_bool, perform_substitutions


class AppendEnvironmentVariable(Action):
    """Adds a value to an environment variable that is a list, such as a search path."""

    def __init__(
        self,
        name: SomeSubstitutionsType,
        value: SomeSubstitutionsType,
        *,
        prepend: bool | SomeSubstitutionsType = False,
        separator: SomeSubstitutionsType = os.pathsep,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._name = normalize_to_list_of_substitutions(name)
        self._value = normalize_to_list_of_substitutions(value)
        self._prepend = prepend
        self._separator = normalize_to_list_of_substitutions(separator)

    def execute(self, context: LaunchContext) -> None:
        name = perform_substitutions(context, self._name)
        value = perform_substitutions(context, self._value)
        separator = perform_substitutions(context, self._separator)
        if name in context.environment:
            values = [context.environment[name], value]
            if perform_bool(context, self._prepend):
                values.reverse()
            value = separator.join(values)
        context.environment[name] = value
