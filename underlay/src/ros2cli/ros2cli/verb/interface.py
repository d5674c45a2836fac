# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 interface``."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ros2cli.completion import complete_interfaces
from ros2cli.parsing import Verb, add_completer

PRIMITIVES = frozenset((
    'bool', 'byte', 'char', 'float32', 'float64', 'int8', 'uint8', 'int16', 'uint16', 'int32',
    'uint32', 'int64', 'uint64', 'string', 'wstring'))
# A field begins with its type: a name, perhaps of another package, then bounds and brackets.
TYPE = re.compile(r'(?P<type>[A-Za-z]\w*(?:/\w+)*)(?:<=\d+)?(?:\[[^\]]*\])?\s+[A-Za-z]')
QUOTED_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|(?P<comment>#.*)')


@dataclass(frozen=True)
class Line:
    """One line of an interface file, without what is at its end but not seen."""

    text: str

    def without_comment(self) -> str:
        """Return the line up to its comment."""
        for match in QUOTED_OR_COMMENT.finditer(self.text):
            if match['comment']:
                return self.text[:match.start()].strip()
        return self.text.strip()

    def message_type(self, package: str) -> str | None:
        """Return the full name of the message that this line has as a field, if it has one."""
        match = TYPE.match(self.without_comment())
        if match is None or match['type'] in PRIMITIVES:
            return None
        parts = match['type'].split('/')
        return f'{package if len(parts) == 1 else parts[0]}/msg/{parts[-1]}'


def add_show_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``show``."""
    comments = parser.add_mutually_exclusive_group()
    comments.add_argument(
        '--all-comments', action='store_true',
        help='Show all comments, including for nested interface definitions')
    comments.add_argument(
        '--no-comments', action='store_true', help='Show no comments or whitespace')
    kind = parser.add_argument(
        'type',
        help="Show an interface definition (e.g. 'example_interfaces/msg/String'). Passing '-' "
             "reads the argument from stdin (e.g. 'echo std_msgs/msg/String | ros2 interface "
             "show -').")
    add_completer(kind, complete_interfaces)


def show(args: argparse.Namespace) -> str | None:
    """Print the definition of an interface, with the messages in it unfolded below their field."""
    name = sys.stdin.readline().strip() if args.type == '-' else args.type
    if not name:
        return 'the passed value is empty'
    try:
        for text in shown_lines(
                name, comments=not args.no_comments, nested_comments=args.all_comments):
            print(text)
    except (ValueError, LookupError) as error:
        return str(error)
    return None


def shown_lines(
    name: str, *, comments: bool, nested_comments: bool, depth: int = 0,
) -> Iterator[str]:
    """Return the lines of the definition and, indented below them, those of nested messages.

    :raises ValueError, LookupError: the name is malformed, or there is no such interface
    """
    from rosidl_runtime_py import get_interface_path

    parts = name.split('/')
    if len(parts) != 3:
        raise ValueError(f"Invalid name '{name}'. Expected three parts separated by '/'")
    path = Path(get_interface_path(name))
    for raw in path.read_text(encoding='utf-8').splitlines():
        line = Line(raw.rstrip())
        text = line.text if comments else line.without_comment()
        if text:
            yield '\t' * depth + text
        elif comments:
            yield ''
        # An interface that was written as .idl is another language, shown as it is.
        nested = None if path.suffix == '.idl' else line.message_type(parts[0])
        if nested:
            yield from shown_lines(
                nested, comments=nested_comments, nested_comments=nested_comments,
                depth=depth + 1)


VERBS = {
    'show': Verb('Output the interface definition', add_show_arguments, show),
}
