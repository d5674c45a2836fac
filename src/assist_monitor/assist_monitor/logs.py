# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""`ros2 run assist_monitor logs`: the log files for people."""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from assist_monitor import log_reader
from assist_monitor.log_reader import SEVERITIES, Filter, Follower
from assist_monitor.log_writer import default_folder

POLL_PERIOD = 0.25
COLOURS = {'WARN': '33', 'ERROR': '31', 'FATAL': '31;1', 'DEBUG': '2'}
UNITS = {'s': 1, 'm': 60, 'h': 3600, 'd': 86400}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is wanted of a log; return the exit code."""
    options = _parser().parse_args(arguments)
    folder = options.directory or default_folder(os.environ)
    path = folder / f'{options.log}.log'
    if not path.exists():
        print(
            f'There is no log {path}. Start the graph, or give its folder with --directory.',
            file=sys.stderr,
        )
        return 1
    wanted = Filter(options.level, options.node, options.grep, options.since)
    try:
        _show(path, wanted, options)
    except (KeyboardInterrupt, BrokenPipeError):
        # The reader has seen enough; nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _show(path: Path, wanted: Filter, options: argparse.Namespace) -> None:
    follower = Follower(path)
    earlier = _select(log_reader.read_all(path), wanted, options.json)
    if not options.since:
        earlier = iter(deque(earlier, maxlen=options.lines))
    for text in earlier:
        print(text)
    sys.stdout.flush()
    while options.follow:
        for text in _select(follower.poll(), wanted, options.json):
            print(text, flush=True)
        time.sleep(POLL_PERIOD)


def _select(lines: Iterable[bytes], wanted: Filter, as_json: bool) -> Iterator[str]:
    for line in lines:
        entry = log_reader.parse(line)
        if entry is not None and wanted.admits(entry):
            yield line.decode(errors='replace').strip() if as_json else _coloured(entry)


def _coloured(entry: dict) -> str:
    text = log_reader.to_text(entry)
    colour = COLOURS.get(entry.get('level', ''))
    return f'\033[{colour}m{text}\033[0m' if colour and sys.stdout.isatty() else text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='ros2 run assist_monitor logs', description='Show and follow the logs of the graph.'
    )
    parser.add_argument(
        'log',
        nargs='?',
        default='app',
        choices=['app', 'app_error', 'metrics'],
        help='which log (app)',
    )
    parser.add_argument('--directory', type=Path, help='folder of the logs')
    parser.add_argument(
        '--level',
        type=str.upper,
        default='DEBUG',
        choices=list(SEVERITIES),
        help='lowest severity (DEBUG)',
    )
    parser.add_argument('--node', default='', help='part of the name of the node')
    parser.add_argument(
        '--grep', default='', type=_pattern, help='regular expression in the message'
    )
    parser.add_argument(
        '--since', type=_since, default=0.0, metavar='AGE', help='such as 90s, 10m, 2h or 1d'
    )
    parser.add_argument(
        '-n', '--lines', type=_count, default=20, help='earlier lines, unless --since is given (20)'
    )
    parser.add_argument(
        '--no-follow', dest='follow', action='store_false', help='end after the earlier lines'
    )
    parser.add_argument('--json', action='store_true', help='print the lines as they are')
    return parser


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no regular expression: {error}") from None
    return text


def _since(text: str) -> float:
    match = re.fullmatch(r'(\d+(?:\.\d+)?)([smhd])', text)
    if not match:
        raise argparse.ArgumentTypeError(f"'{text}' is no age; write 90s, 10m, 2h or 1d")
    return time.time() - float(match[1]) * UNITS[match[2]]


def _count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is no number of lines")
    return int(text)


if __name__ == '__main__':
    sys.exit(main())
