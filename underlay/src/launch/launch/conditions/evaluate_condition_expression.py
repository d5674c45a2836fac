# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the evaluate_condition_expression function."""

from __future__ import annotations

from collections.abc import Iterable

from ..launch_context import LaunchContext
from ..substitution import Substitution
from ..utilities import perform_substitutions
from .invalid_condition_expression_error import InvalidConditionExpressionError

TRUE = ('true', '1')
FALSE = ('false', '0')


def evaluate_condition_expression(
    context: LaunchContext, expression: Iterable[Substitution]
) -> bool:
    """Return the truth value of the text; raise InvalidConditionExpressionError if it has none."""
    text = perform_substitutions(context, expression).strip().lower()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise InvalidConditionExpressionError(
        f"condition must be one of {list(TRUE + FALSE)} (in any case), but is '{text}'"
    )
