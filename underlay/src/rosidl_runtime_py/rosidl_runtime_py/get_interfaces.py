# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Find interfaces and their files in the ament index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from ament_index_python import get_resource, get_resources, has_resource


def get_interface_packages() -> dict[str, str]:
    """Return the packages that have interfaces, with the prefix of each."""
    packages: dict[str, str] = get_resources('rosidl_interfaces')
    return packages


def get_interfaces(package_names: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return the interfaces of the packages, or of all, such as ``{'std_msgs': ['msg/Bool']}``.

    A package without any is left out.

    :raises LookupError: there is no package of that name
    """
    return _select(package_names, lambda path: True)


def get_message_interfaces(package_names: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return the messages of the packages; see :func:`get_interfaces`."""
    return _select(package_names, lambda path: path.parts[0] == 'msg')


def get_service_interfaces(package_names: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return the services of the packages; see :func:`get_interfaces`."""
    return _select(package_names, lambda path: path.parts[0] == 'srv')


def get_action_interfaces(package_names: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return the actions of the packages; see :func:`get_interfaces`."""
    return _select(package_names, lambda path: path.parts[0] == 'action')


def get_interface_path(interface_name: str) -> str:
    """Return the file that defines the interface; without a suffix, the one it was written in.

    :raises ValueError: the name is malformed
    :raises LookupError: there is no such package or interface
    """
    parts = interface_name.split('/')
    if len(parts) < 2:
        raise ValueError(
            f"Invalid name '{interface_name}'. Expected at least two parts separated by '/'")
    if not all(parts):
        raise ValueError(f"Invalid name '{interface_name}'. Must not contain empty parts")
    if '..' in parts:
        raise ValueError(f"Invalid name '{interface_name}'. Must not contain '..'")
    prefix = has_resource('packages', parts[0])
    if not prefix:
        raise LookupError(f"Unknown package '{parts[0]}'")
    path = Path(prefix, 'share', interface_name)
    if not path.suffix:
        written = path.with_suffix(f'.{parts[-2]}')
        if written.exists():
            return str(written)
        path = path.with_suffix('.idl')
    if not path.exists():
        raise LookupError(f"Could not find the interface '{path}'")
    return str(path)


def _select(
    package_names: Iterable[str], wanted: Callable[[PurePosixPath], bool],
) -> dict[str, list[str]]:
    packages = list(package_names) or list(get_interface_packages())
    selected = {}
    for package in packages:
        if not has_resource('packages', package):
            raise LookupError(f"Unknown package '{package}'")
        paths = [PurePosixPath(line) for line in _listed_files(package)]
        # A name with an underscore is one that the generator made, such as Fibonacci_Goal.
        names = {str(path.with_suffix('')) for path in paths
                 if path.suffix != '.json' and '_' not in str(path) and wanted(path)}
        if names:
            selected[package] = sorted(names)
    return selected


def _listed_files(package: str) -> list[str]:
    try:
        content, _ = get_resource('rosidl_interfaces', package)
    except LookupError:
        return []
    return [line for line in content.splitlines() if line]
