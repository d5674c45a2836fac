# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the IfElseSubstitution substitution."""

from __future__ import annotations

from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import (
    describe,
    normalize_to_list_of_substitutions,
    perform_bool,
    perform_substitutions,
)


class IfElseSubstitution(Substitution):
    """One of two texts, chosen by a truth value."""

    def __init__(
        self,
        condition: SomeSubstitutionsType,
        if_value: SomeSubstitutionsType = '',
        else_value: SomeSubstitutionsType = '',
    ) -> None:
        if if_value == else_value == '':
            raise RuntimeError('IfElseSubstitution needs an if_value or an else_value')
        self._condition = normalize_to_list_of_substitutions(condition)
        self._if_value = normalize_to_list_of_substitutions(if_value)
        self._else_value = normalize_to_list_of_substitutions(else_value)

    def describe(self) -> str:
        return (
            f'IfElseSubstitution({describe(self._condition)}, '
            f'{describe(self._if_value)}, {describe(self._else_value)})'
        )

    def perform(self, context: LaunchContext) -> str:
        chosen = self._if_value if perform_bool(context, self._condition) else self._else_value
        return perform_substitutions(context, chosen)
