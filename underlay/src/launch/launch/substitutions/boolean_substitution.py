# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the substitutions that combine truth values; each yields 'true' or 'false'."""

from __future__ import annotations

from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import describe, normalize_to_list_of_substitutions, perform_bool


class _BooleanSubstitution(Substitution):
    """A truth value made of others."""

    def __init__(self, *values: SomeSubstitutionsType) -> None:
        self._values = [normalize_to_list_of_substitutions(value) for value in values]

    def describe(self) -> str:
        return f'{type(self).__name__}({", ".join(describe(value) for value in self._values)})'

    def perform(self, context: LaunchContext) -> str:
        return str(self._combine([perform_bool(context, value) for value in self._values])).lower()

    def _combine(self, values: list[bool]) -> bool:
        raise NotImplementedError


class AnySubstitution(_BooleanSubstitution):
    """Whether any of the values is true."""

    def _combine(self, values: list[bool]) -> bool:
        return any(values)


class AllSubstitution(_BooleanSubstitution):
    """Whether all of the values are true."""

    def _combine(self, values: list[bool]) -> bool:
        return all(values)


class OrSubstitution(AnySubstitution):
    """Whether one or both of two values are true."""

    def __init__(self, left: SomeSubstitutionsType, right: SomeSubstitutionsType) -> None:
        super().__init__(left, right)


class AndSubstitution(AllSubstitution):
    """Whether both of two values are true."""

    def __init__(self, left: SomeSubstitutionsType, right: SomeSubstitutionsType) -> None:
        super().__init__(left, right)


class NotSubstitution(_BooleanSubstitution):
    """Whether the value is false."""

    def __init__(self, value: SomeSubstitutionsType) -> None:
        super().__init__(value)

    def _combine(self, values: list[bool]) -> bool:
        return not values[0]
