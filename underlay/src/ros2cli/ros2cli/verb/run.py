# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 run``."""

from __future__ import annotations

import argparse
import shlex
import signal
import subprocess
from types import FrameType

from ros2cli.completion import complete_executables, complete_packages
from ros2cli.packages import executables
from ros2cli.parsing import add_completer

MESSAGE_PREFIX = '[ros2run]:'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``run``."""
    parser.add_argument(
        '--prefix',
        help='Prefix command, which should go before the executable. Command must be wrapped in '
             "quotes if it contains spaces (e.g. --prefix 'gdb -ex run --args').")
    package = parser.add_argument('package_name', help='Name of the ROS package')
    add_completer(package, complete_packages)
    executable = parser.add_argument('executable_name', help='Name of the executable')
    add_completer(executable, complete_executables)
    parser.add_argument(
        'argv', nargs=argparse.REMAINDER,
        help='Pass arbitrary arguments to the executable')


def main(args: argparse.Namespace) -> int | str:
    """Run the program in the foreground and return its exit code."""
    found = [path for path in executables(args.package_name) if path.name == args.executable_name]
    if not found:
        return 'No executable found'
    if len(found) > 1:
        return 'Multiple executables found:' + ''.join(f'\n- {path}' for path in found)
    try:
        return run([*shlex.split(args.prefix or ''), str(found[0]), *args.argv])
    except (OSError, ValueError) as error:
        return f"Cannot run '{found[0]}': {error}"


def run(command: list[str]) -> int:
    """Run the command until it ends by itself; signals that end this process are passed on."""
    process = subprocess.Popen(command)

    def pass_on(number: int, frame: FrameType | None) -> None:
        process.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    while process.poll() is None:
        try:
            process.wait()
        except KeyboardInterrupt:
            # The terminal has sent it to the program as well, which ends when it has cleaned up.
            continue
    code = process.returncode
    if code < 0:
        print(MESSAGE_PREFIX, signal.strsignal(-code))
    elif code > 0:
        print(MESSAGE_PREFIX, f'Process exited with failure {code}')
    return code
