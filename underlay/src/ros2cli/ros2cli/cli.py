# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The command ``ros2``: find the command and verb, parse, run, and turn errors into exit codes."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module

from ros2cli.parsing import NotOffered, add_parser, add_table, add_verbs, first_word, new_parser

COMMANDS = {
    'action': 'Various action related sub-commands',
    'interface': 'Show information about ROS interfaces',
    'launch': 'Run a launch file',
    'lifecycle': 'Various lifecycle related sub-commands',
    'node': 'Various node related sub-commands',
    'param': 'Various param related sub-commands',
    'pkg': 'Various package related sub-commands',
    'run': 'Run a package specific executable',
    'service': 'Various service related sub-commands',
    'topic': 'Various topic related sub-commands',
}

# What a shell reports for a program that the signal ended.
BROKEN_PIPE_EXIT_CODE = 128 + signal.SIGPIPE


def main(argv: Sequence[str] | None = None) -> int | str | None:
    """Run a command line; return the exit code, or the sentence of an error (exit code 1)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    completing = '_ARGCOMPLETE' in os.environ
    try:
        parser = build_parser(arguments, everything=completing)
    except NotOffered as error:
        print(error, file=sys.stderr)
        return 2
    if completing:
        import argcomplete
        argcomplete.autocomplete(parser, exclude=['-h', '--help'])
    args = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper) and not args.use_python_default_buffering:
        sys.stdout.reconfigure(line_buffering=True)
    return run(args)


def build_parser(arguments: Sequence[str], *, everything: bool = False) -> argparse.ArgumentParser:
    """Return a parser that is complete only for the command and verb that the arguments name.

    The modules of all others stay unimported, unless ``everything`` is asked for.
    """
    parser = new_parser('ros2', 'ros2 is an extensible command-line tool for ROS 2.')
    parser.add_argument(
        '--use-python-default-buffering', action='store_true',
        help='Do not force line buffering in stdout and instead use the python default buffering, '
             'which might be affected by PYTHONUNBUFFERED/-u and depends on whatever stdout is '
             'interactive or not')
    parser.set_defaults(main=lambda args: parser.print_help())
    word, rest = first_word(arguments)
    if word is not None and word not in COMMANDS and not everything:
        raise NotOffered('ros2', word, COMMANDS)
    table = add_table(parser, 'ros2', COMMANDS)
    for name, summary in COMMANDS.items():
        command = add_parser(table, name, summary)
        if everything or name == word:
            module = import_module(f'ros2cli.verb.{name}')
            if hasattr(module, 'VERBS'):
                add_verbs(command, f'ros2 {name}', module.VERBS, rest, everything=everything)
            else:
                module.add_arguments(command)
                command.set_defaults(main=module.main)
    return parser


def run(args: argparse.Namespace) -> int | str | None:
    """Run the chosen verb; an error that it explains becomes a sentence, a signal stays quiet."""
    try:
        result: int | str | None = args.main(args)
        sys.stdout.flush()
        return result
    except KeyboardInterrupt:
        return int(signal.SIGINT)
    except BrokenPipeError:
        # The reader has gone; keep Python from failing again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE_EXIT_CODE
    except NotOffered as error:
        print(error, file=sys.stderr)
        return 2
    except RuntimeError as error:
        return str(error)
