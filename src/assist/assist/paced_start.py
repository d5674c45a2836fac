# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Become another program, after a pause when it died soon after its last start.

`launch` starts what has died again after one fixed pause, for ever. A node that dies as it starts
(a broken library, a full disk) would be started every second, and its imports alone keep a core
busy. As the prefix of a node's command this makes the pauses grow: 1, 2, 4 ... 60 s.

It runs before every start of every node: it imports little, is run without site-packages, and
nothing of it stays, for the program takes its place.
"""

from __future__ import annotations

import os
import signal
import sys
import time

EARLY = 10.0
"""Seconds from a start to the next within which the node died as it started."""

FIRST, LONGEST = 1.0, 60.0
"""Bounds of the pause in seconds, which comes on top of that of the launch."""


def pause_before(last: tuple[float, float] | None, now: float) -> float:
    """Return the seconds to wait.

    Args:
        last: when the program was started the last time, on the clock of `now`, and how long the
            pause before that was; None for a first start.
    """
    if last is None or now - last[0] > EARLY:
        return 0.0
    return min(max(FIRST, 2 * last[1]), LONGEST)


def read(path: str) -> tuple[float, float] | None:
    """Return what the file says of the last start; None where it says nothing sound."""
    try:
        with open(path) as file:
            started, pause = map(float, file.read().split())
    except (OSError, ValueError):
        return None
    return started, pause


def write(path: str, started: float, pause: float) -> None:
    """Say when the program is started; without it the next start is like a first one."""
    try:
        with open(path, 'w') as file:
            file.write(f'{started} {pause}')
    except OSError as error:
        print(f'the start could not be noted in {path}: {error.strerror}', file=sys.stderr)


def main(path: str, command: list[str]) -> None:
    """Wait if that is due, then become the command; the file remembers the starts."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))
    pause = pause_before(read(path), time.monotonic())
    if pause:
        print(
            f'died soon after its start: it is started again in {pause:.0f} s; what it said '
            'before tells why',
            file=sys.stderr,
            flush=True,
        )
        time.sleep(pause)
    write(path, time.monotonic(), pause)
    os.execvp(command[0], command)


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
