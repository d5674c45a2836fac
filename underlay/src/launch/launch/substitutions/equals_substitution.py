# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the EqualsSubstitution substitution."""

from __future__ import annotations

import math
from typing import Any

from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import describe, normalize_to_list_of_substitutions, perform_substitutions


class EqualsSubstitution(Substitution):
    """Whether two values are equal as texts, truth values or numbers: 'true' or 'false'."""

    def __init__(self, left: Any, right: Any) -> None:
        self._left = _normalize(left)
        self._right = _normalize(right)

    def describe(self) -> str:
        return f'{type(self).__name__}({describe(self._left)}, {describe(self._right)})'

    def perform(self, context: LaunchContext) -> str:
        return str(self._are_equal(context)).lower()

    def _are_equal(self, context: LaunchContext) -> bool:
        left = perform_substitutions(context, self._left)
        right = perform_substitutions(context, self._right)
        return left == right or _to_number(left) == _to_number(right)


def _normalize(value: SomeSubstitutionsType | float | None) -> list[Substitution]:
    if value is None:
        value = ''
    return normalize_to_list_of_substitutions(
        str(value) if isinstance(value, (bool, int, float)) else value
    )


def _to_number(text: str) -> float:
    """Return the number that a text means; NaN, which equals nothing, if it means none."""
    text = text.strip().lower()
    if text in ('true', 'false'):
        return float(text == 'true')
    try:
        return float(text)
    except ValueError:
        return math.nan
