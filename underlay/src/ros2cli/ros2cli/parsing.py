# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Build the argument parsers of commands and verbs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


class NotOffered(Exception):
    """A command, verb or option that only the genuine ROS 2 has."""

    def __init__(self, command: str, word: str, offered: Iterable[str]) -> None:
        super().__init__(
            f"{command}: '{word}' is not part of the underlay's ros2 "
            f'(it offers: {", ".join(offered)}); install the genuine ROS 2 for it')


@dataclass(frozen=True)
class Verb:
    """A sub-command: what it is for, its arguments, and what it does."""

    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    main: Callable[[argparse.Namespace], int | str | None]


def new_parser(program: str, summary: str) -> argparse.ArgumentParser:
    """Return an empty parser for the whole program."""
    return argparse.ArgumentParser(
        prog=program, description=summary,
        formatter_class=argparse.RawDescriptionHelpFormatter)


def add_table(
    parser: argparse.ArgumentParser, program: str, summaries: Mapping[str, str],
) -> Subparsers:
    """Give the parser sub-commands, listed with their summaries in its help."""
    width = max(map(len, summaries))
    lines = [f'{name.ljust(width)}  {summary}\n' for name, summary in sorted(summaries.items())]
    return parser.add_subparsers(
        title='Commands', description=''.join(lines),
        metavar=f'Call `{program} <command> -h` for more detailed usage.')


def add_parser(table: Subparsers, name: str, summary: str) -> argparse.ArgumentParser:
    """Add one sub-command to the table."""
    return table.add_parser(
        name, description=summary, formatter_class=argparse.RawDescriptionHelpFormatter)


def add_verbs(
    parser: argparse.ArgumentParser,
    program: str,
    verbs: Mapping[str, Verb],
    arguments: Sequence[str],
    *,
    everything: bool,
) -> None:
    """Add the verbs of a command; only the one that the arguments name gets its own arguments."""
    parser.set_defaults(main=lambda args: parser.print_help())
    word, _ = first_word(arguments)
    if word is not None and word not in verbs and not everything:
        raise NotOffered(program, word, verbs)
    table = add_table(parser, program, {name: verb.summary for name, verb in verbs.items()})
    for name, verb in verbs.items():
        sub = add_parser(table, name, verb.summary)
        if everything or name == word:
            verb.add_arguments(sub)
            sub.set_defaults(main=verb.main)


def first_word(arguments: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """Return the first argument that is not an option, and what follows it."""
    for index, argument in enumerate(arguments):
        if not argument.startswith('-'):
            return argument, arguments[index + 1:]
    return None, ()


def add_completer(action: argparse.Action, completer: Callable[..., Iterable[str]]) -> None:
    """Tell argcomplete which values the argument may have."""
    setattr(action, 'completer', completer)  # noqa: B010 (argcomplete's own protocol)


def positive_float(text: str) -> float:
    """Parse a number above zero."""
    return _checked(float, text, lambda value: value > 0, 'value must be a positive number')


def positive_int(text: str) -> int:
    """Parse a whole number above zero."""
    return _checked(int, text, lambda value: value > 0, 'value must be a positive integer')


def unsigned_int(text: str) -> int:
    """Parse a whole number that is not negative."""
    return _checked(int, text, lambda value: value >= 0, 'value must be non-negative integer')


def _checked(kind: Any, text: str, accepts: Callable[[Any], bool], complaint: str) -> Any:
    try:
        value = kind(text)
    except ValueError:
        raise argparse.ArgumentTypeError(complaint) from None
    if not accepts(value):
        raise argparse.ArgumentTypeError(complaint)
    return value
