# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 pkg``."""

from __future__ import annotations

import argparse

from ros2cli.completion import complete_packages
from ros2cli.packages import executables, prefix_of
from ros2cli.parsing import Verb, add_completer


def add_list_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``list``: there are none."""


def list_packages(args: argparse.Namespace) -> None:
    """Print the installed packages."""
    from ament_index_python import get_packages_with_prefixes
    for name in sorted(get_packages_with_prefixes()):
        print(name)


def add_prefix_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``prefix``."""
    package = parser.add_argument('package_name', help='The package name')
    add_completer(package, complete_packages)
    parser.add_argument(
        '--share', action='store_true', help='Show share directory for the package')


def print_prefix(args: argparse.Namespace) -> str | None:
    """Print where the package is installed."""
    prefix = prefix_of(args.package_name)
    if prefix is None:
        return 'Package not found'
    print(prefix / 'share' / args.package_name if args.share else prefix)
    return None


def add_executables_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``executables``."""
    package = parser.add_argument('package_name', nargs='?', help='The package name')
    add_completer(package, complete_packages)
    parser.add_argument(
        '--full-path', action='store_true', help='Show full path of each executable')


def print_executables(args: argparse.Namespace) -> None:
    """Print the programs of one package, or of all."""
    from ament_index_python import get_packages_with_prefixes
    packages = [args.package_name] if args.package_name else sorted(get_packages_with_prefixes())
    for package in packages:
        for path in executables(package):
            print(path if args.full_path else f'{package} {path.name}')


VERBS = {
    'executables': Verb('Output a list of package specific executables',
                        add_executables_arguments, print_executables),
    'list': Verb('Output a list of available packages', add_list_arguments, list_packages),
    'prefix': Verb('Output the prefix path of a package', add_prefix_arguments, print_prefix),
}
