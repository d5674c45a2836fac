# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the FileContent substitution."""

from __future__ import annotations

from pathlib import Path

from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import describe, normalize_to_list_of_substitutions, perform_substitutions
from .substitution_failure import SubstitutionFailure


class FileContent(Substitution):
    """The text of a file."""

    def __init__(self, path: SomeSubstitutionsType) -> None:
        self._path = normalize_to_list_of_substitutions(path)

    def describe(self) -> str:
        return f'FileContent({describe(self._path)})'

    def perform(self, context: LaunchContext) -> str:
        path = perform_substitutions(context, self._path)
        try:
            return Path(path).read_text(encoding='utf-8')
        except OSError as error:
            raise SubstitutionFailure(f'cannot read {path}: {error.strerror}') from error
