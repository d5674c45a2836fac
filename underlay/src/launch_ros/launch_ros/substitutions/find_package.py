# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the substitutions that find an installed package."""

from __future__ import annotations

from ament_index_python.packages import get_package_prefix, get_package_share_directory
from launch import LaunchContext, SomeSubstitutionsType, Substitution
from launch.substitutions import PathJoinSubstitution
from launch.utilities import describe, normalize_to_list_of_substitutions, perform_substitutions


class FindPackage(Substitution):
    """A folder of an installed package; the operator / extends it."""

    def __init__(self, package: SomeSubstitutionsType) -> None:
        self._package = normalize_to_list_of_substitutions(package)

    @property
    def package(self) -> list[Substitution]:
        return self._package

    def __truediv__(self, other: SomeSubstitutionsType) -> PathJoinSubstitution:
        return PathJoinSubstitution([self, other])

    def describe(self) -> str:
        return f'{type(self).__name__}({describe(self._package)})'

    def perform(self, context: LaunchContext) -> str:
        return self.find(perform_substitutions(context, self._package))

    def find(self, package_name: str) -> str:
        """Return the folder; raise PackageNotFoundError if the package is not installed."""
        raise NotImplementedError('use FindPackageShare or FindPackagePrefix')


class FindPackagePrefix(FindPackage):
    """The folder that a package is installed into."""

    def find(self, package_name: str) -> str:
        return get_package_prefix(package_name)


class FindPackageShare(FindPackage):
    """The share folder of an installed package."""

    def find(self, package_name: str) -> str:
        return get_package_share_directory(package_name)
