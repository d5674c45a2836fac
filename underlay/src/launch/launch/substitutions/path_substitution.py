# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the PathSubstitution substitution."""

from __future__ import annotations

from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import describe, normalize_to_list_of_substitutions, perform_substitutions
from .path_join_substitution import PathJoinSubstitution


class PathSubstitution(Substitution):
    """A path that the operator / extends."""

    def __init__(self, path: SomeSubstitutionsType) -> None:
        self._path = normalize_to_list_of_substitutions(path)

    @property
    def path(self) -> list[Substitution]:
        return self._path

    def __truediv__(self, other: SomeSubstitutionsType) -> PathJoinSubstitution:
        return PathJoinSubstitution([self._path, other])

    def describe(self) -> str:
        return f'Path({describe(self._path)})'

    def perform(self, context: LaunchContext) -> str:
        return perform_substitutions(context, self._path)
