# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ExecutableInPackage substitution."""

from __future__ import annotations

import os
import shutil

from launch import LaunchContext, SomeSubstitutionsType, Substitution
from launch.substitutions import SubstitutionFailure
from launch.utilities import describe, normalize_to_list_of_substitutions, perform_substitutions

from .find_package import FindPackagePrefix


class ExecutableInPackage(FindPackagePrefix):
    """The path of an executable of an installed package."""

    def __init__(self, executable: SomeSubstitutionsType, package: SomeSubstitutionsType) -> None:
        super().__init__(package)
        self._executable = normalize_to_list_of_substitutions(executable)

    @property
    def executable(self) -> list[Substitution]:
        return self._executable

    def describe(self) -> str:
        return f'ExecInPkg({describe(self._package)}, {describe(self._executable)})'

    def perform(self, context: LaunchContext) -> str:
        package = perform_substitutions(context, self._package)
        executable = perform_substitutions(context, self._executable)
        folder = os.path.join(super().perform(context), 'lib', package)
        path = shutil.which(executable, path=folder)
        if path is None:
            raise SubstitutionFailure(
                f"executable '{executable}' not found on the libexec directory '{folder}'"
            )
        return path
