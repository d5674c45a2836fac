# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Installed packages and the files in them."""

from __future__ import annotations

import os
from pathlib import Path

LAUNCH_FILE_SUFFIXES = ('launch.py', 'launch.xml', 'launch.yaml', 'launch.yml')


def prefix_of(package: str) -> Path | None:
    """Return the prefix that the package is installed in, or None if it is not."""
    from ament_index_python import PackageNotFoundError, get_package_prefix

    try:
        return Path(get_package_prefix(package))
    except (PackageNotFoundError, ValueError):  # ValueError: not even a possible name
        return None


def executables(package: str) -> list[Path]:
    """Return the programs of the package.

    :raises RuntimeError: there is no such package
    """
    prefix = prefix_of(package)
    if prefix is None:
        raise RuntimeError(f"Package '{package}' not found")
    return sorted(
        path for path in _files(prefix / 'lib' / package) if os.access(path, os.X_OK))


def launch_files(package: str) -> list[Path]:
    """Return the launch files of the package; none if there is no such package."""
    prefix = prefix_of(package)
    if prefix is None:
        return []
    return sorted(
        path for path in _files(prefix / 'share' / package)
        if path.name.endswith(LAUNCH_FILE_SUFFIXES))


def share_file(package: str, name: str) -> Path:
    """Return the one file of that name below the package's share folder.

    :raises RuntimeError: there is no such package or file, or there are several
    """
    from ament_index_python import PackageNotFoundError, get_package_share_directory

    try:
        share = get_package_share_directory(package)
    except (PackageNotFoundError, ValueError) as error:
        raise RuntimeError(f"Package '{package}' not found: {error}") from None
    found = [path for path in _files(Path(share)) if path.name == name]
    if not found:
        raise RuntimeError(
            f"file '{name}' was not found in the share directory of package '{package}' "
            f"which is at '{share}'")
    if len(found) > 1:
        listed = ', '.join(f"'{path}'" for path in found)
        raise RuntimeError(
            f"file '{name}' was found more than once in the share directory of package "
            f"'{package}': [{listed}]")
    return found[0]


def _files(folder: Path) -> list[Path]:
    """Return all files below the folder, leaving out hidden folders."""
    files = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith('.'))
        files += [Path(root, name) for name in sorted(names)]
    return files
