# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the StringJoinSubstitution substitution."""

from __future__ import annotations

from collections.abc import Iterable

from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import describe, normalize_to_list_of_substitutions, perform, perform_substitutions


class StringJoinSubstitution(Substitution):
    """Texts joined by a delimiter."""

    def __init__(
        self,
        substitutions: Iterable[SomeSubstitutionsType],
        delimiter: SomeSubstitutionsType = '',
    ) -> None:
        self._parts = [normalize_to_list_of_substitutions(part) for part in substitutions]
        self._delimiter = delimiter

    def describe(self) -> str:
        return f'StringJoin({", ".join(describe(part) for part in self._parts)})'

    def perform(self, context: LaunchContext) -> str:
        delimiter = perform(context, self._delimiter)
        return delimiter.join(perform_substitutions(context, part) for part in self._parts)
