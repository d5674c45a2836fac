# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the PathJoinSubstitution substitution."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import describe, normalize_to_list_of_substitutions, perform_substitutions


class PathJoinSubstitution(Substitution):
    """A path made of components, each of which is a text, a substitution or a list of them."""

    def __init__(self, substitutions: Iterable[SomeSubstitutionsType]) -> None:
        if isinstance(substitutions, (str, Substitution)):
            raise TypeError('PathJoinSubstitution takes a list of path components')
        self._components = [
            normalize_to_list_of_substitutions(component) for component in substitutions
        ]
        if not self._components:
            raise ValueError('PathJoinSubstitution needs at least one path component')

    @property
    def substitutions(self) -> list[list[Substitution]]:
        return self._components

    def __truediv__(self, other: SomeSubstitutionsType) -> PathJoinSubstitution:
        return PathJoinSubstitution([*self._components, other])

    def describe(self) -> str:
        return f'PathJoin({", ".join(describe(component) for component in self._components)})'

    def perform(self, context: LaunchContext) -> str:
        return os.path.join(
            *(perform_substitutions(context, component) for component in self._components)
        )
