# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the IfCondition condition."""

from __future__ import annotations

from ..condition import Condition
from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..utilities import describe, normalize_to_list_of_substitutions
from .evaluate_condition_expression import evaluate_condition_expression


class IfCondition(Condition):
    """Holds if the text is 'true' or '1', in any case."""

    def __init__(self, predicate_expression: SomeSubstitutionsType) -> None:
        super().__init__(predicate=self._is_true)
        self._expression = normalize_to_list_of_substitutions(predicate_expression)

    def describe(self) -> str:
        return f'{type(self).__name__}({describe(self._expression)})'

    def _is_true(self, context: LaunchContext) -> bool:
        return evaluate_condition_expression(context, self._expression)
