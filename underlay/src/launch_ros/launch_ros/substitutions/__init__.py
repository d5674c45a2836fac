# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Texts about installed ROS packages."""

from launch._unsupported import named_import_error

from .executable_in_package import ExecutableInPackage
from .find_package import FindPackage, FindPackagePrefix, FindPackageShare

__all__ = [
    'ExecutableInPackage',
    'FindPackage',
    'FindPackagePrefix',
    'FindPackageShare',
]

__getattr__ = named_import_error(__name__)
