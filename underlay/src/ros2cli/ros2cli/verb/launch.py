# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 launch``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ros2cli.completion import complete_launch_files, complete_packages
from ros2cli.packages import prefix_of, share_file
from ros2cli.parsing import NotOffered, add_completer

if TYPE_CHECKING:
    from launch import LaunchDescription

OFFERED = ('-n', '-d', '-p', '-s', '-a')
OFFERED_NOT = ('--launch-prefix', '--launch-prefix-filter')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``launch``."""
    parser.add_argument(
        '-n', '--noninteractive', action='store_true', default=not sys.stdin.isatty(),
        help='Run the launch system non-interactively, with no terminal associated')
    parser.add_argument(
        '-d', '--debug', action='store_true',
        help='Put the launch system in debug mode, provides more verbose output.')
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        '-p', '--print', '--print-description', action='store_true', dest='print_description',
        help='Print the launch description to the console without launching it.')
    instead.add_argument(
        '-s', '--show-args', '--show-arguments', action='store_true',
        help='Show arguments that may be given to the launch file.')
    parser.add_argument(
        '-a', '--show-all-subprocesses-output', action='store_true',
        help="Show all launched subprocesses' output by overriding their output configuration "
             'using the OVERRIDE_LAUNCH_PROCESS_OUTPUT envvar.')
    for option in OFFERED_NOT:
        parser.add_argument(option, dest=option, help=argparse.SUPPRESS)
    package = parser.add_argument(
        'package_name', help='Name of the ROS package which contains the launch file')
    add_completer(package, complete_packages)
    file = parser.add_argument('launch_file_name', nargs='?', help='Name of the launch file')
    add_completer(file, complete_launch_files)
    parser.add_argument(
        'launch_arguments', nargs='*',
        help="Arguments to the launch file; '<name>:=<value>' (for duplicates, last one wins)")


def main(args: argparse.Namespace) -> int | str | None:
    """Launch a file, or print what it would launch or which arguments it takes."""
    for option in OFFERED_NOT:
        if getattr(args, option) is not None:
            raise NotOffered('ros2 launch', option, OFFERED)
    file, words = find_launch_file(args)
    arguments = parsed_arguments(words)
    if args.show_all_subprocesses_output:
        os.environ['OVERRIDE_LAUNCH_PROCESS_OUTPUT'] = 'both'
    if args.show_args:
        print_arguments(loaded(file))
        return None
    if args.print_description:
        print('\n'.join(described(loaded(file))))
        return None
    return launch(file, words, arguments, debug=args.debug, noninteractive=args.noninteractive)


def find_launch_file(args: argparse.Namespace) -> tuple[Path, list[str]]:
    """Return the launch file, and the arguments for it.

    Without a package, the first word is the path of the file and the second an argument.

    :raises RuntimeError: there is no such package or file
    """
    path = Path(args.package_name)
    second = [] if args.launch_file_name is None else [args.launch_file_name]
    if second and (prefix_of(args.package_name) is not None or not path.exists()):
        return share_file(args.package_name, second[0]), args.launch_arguments
    if not path.is_file():
        raise RuntimeError(
            f"No launch file supplied: '{args.package_name}' is neither a launch file nor "
            'followed by the name of one')
    return path, second + args.launch_arguments


def parsed_arguments(words: Iterable[str]) -> list[tuple[str, str]]:
    """Split ``<name>:=<value>``; of several for one name the last one counts.

    :raises RuntimeError: a word has another form
    """
    parsed = {}
    for word in words:
        name, separator, value = word.partition(':=')
        if not separator or not name or not value:
            raise RuntimeError(
                f"malformed launch argument '{word}', expected format '<name>:=<value>'")
        parsed[name] = value
    return list(parsed.items())


def loaded(file: Path) -> LaunchDescription:
    """Return what the launch file describes.

    :raises RuntimeError: it cannot be loaded
    """
    from launch.launch_description_sources import get_launch_description_from_any_launch_file

    try:
        return get_launch_description_from_any_launch_file(str(file))
    except Exception as error:  # A launch file is a program of the user's: anything may happen.
        raise RuntimeError(
            f'[ERROR] [launch]: Caught exception in launch (see debug for traceback): {error}'
        ) from error


def print_arguments(description: LaunchDescription) -> None:
    """Print the arguments that the launch file declares, with description and default."""
    print("Arguments (pass arguments as '<name>:=<value>'):")
    arguments = description.get_launch_arguments()
    for argument in arguments:
        mark = '*' if argument._conditionally_included else ''
        print(f"\n    '{argument.name}':{mark}\n        {argument.description}")
        if argument.default_value is not None:
            default = ' + '.join(token.describe() for token in argument.default_value)
            print(f'        (default: {default})')
    if not arguments:
        print('\n  No arguments.')
    elif any(argument._conditionally_included for argument in arguments):
        print('\n* argument(s) which are only used if specific conditions occur')


def described(description: LaunchDescription) -> Iterator[str]:
    """Return the lines of a tree of everything in the launch description."""
    yield repr(description)
    yield from _branches(description.describe_sub_entities())


def _branches(entities: Sequence[Any]) -> Iterator[str]:
    for number, entity in enumerate(entities, start=1):
        last = number == len(entities)
        yield f'{"└── " if last else "├── "}{type(entity).__name__}({_detail(entity)})'
        inner = [*entity.describe_sub_entities()]
        for _, conditional in entity.describe_conditional_sub_entities():
            inner += conditional
        for line in _branches(inner):
            yield f'{"    " if last else "│   "}{line}'


def _detail(entity: Any) -> str:
    """Return what tells the entity from others of its kind: its command, or else its name."""
    command = getattr(entity, 'cmd', None)
    if command:
        return ' '.join(' + '.join(part.describe() for part in word) for word in command)
    name = getattr(entity, 'name', None)
    return f"'{name}'" if isinstance(name, str) and name else ''


def launch(
    file: Path,
    words: Sequence[str],
    arguments: Sequence[tuple[str, str]],
    *,
    debug: bool,
    noninteractive: bool,
) -> int:
    """Run the launch file until everything in it has ended; return the exit code."""
    from launch import LaunchDescription, LaunchService
    from launch.actions import IncludeLaunchDescription
    from launch.launch_description_sources import AnyLaunchDescriptionSource

    service = LaunchService(argv=list(words), noninteractive=noninteractive, debug=debug)
    # Included, not loaded directly, so that the file knows its own place.
    service.include_launch_description(LaunchDescription([
        IncludeLaunchDescription(
            AnyLaunchDescriptionSource(str(file)), launch_arguments=list(arguments)),
    ]))
    return service.run()
