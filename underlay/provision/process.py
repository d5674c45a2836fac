# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Child processes that are logged, watched, and never outlive the set-up."""
from __future__ import annotations

import collections
import os
import select
import signal
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Callable, Iterator, Sequence

from .errors import CommandFailed

_GRACE = 10.0  # s from SIGINT to SIGTERM, and from there to SIGKILL
# Waits until the set-up is gone, however it ended, and then ends the process group given.
_GUARD = 'read line; kill -KILL "-$1"'

# What the user's shell may have set and the new environment must not inherit.
_FOREIGN = ('PYTHONPATH', 'PYTHONHOME', 'VIRTUAL_ENV', 'AMENT_PREFIX_PATH', 'CMAKE_PREFIX_PATH',
            'COLCON_PREFIX_PATH', 'COLCON_DEFAULTS_FILE', 'LD_LIBRARY_PATH', 'PIP_TARGET',
            'PIP_PREFIX', 'PIP_USER', 'PIP_REQUIRE_VIRTUALENV',
            'PYTHONDONTWRITEBYTECODE', 'PIP_NO_DEPS', 'PIP_REQUIREMENT')


def clean_environment() -> dict[str, str]:
    """The caller's environment without what would leak another Python or ROS into this one."""
    return {name: value for name, value in os.environ.items() if name not in _FOREIGN}


class Processes:
    """Runs commands one after the other; everything they print goes to the log file."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._held: list[int] = []

    def hold(self, descriptor: int) -> None:
        """Keep a lock's descriptor open until all that a command started has ended."""
        self._held.append(descriptor)

    def run(self, command: Sequence[str], *, environment: dict[str, str] | None = None,
            cwd: Path | None = None, line: Callable[[str], None] | None = None,
            tick: Callable[[], None] | None = None) -> None:
        """Run `command`; `line` gets each line as it is printed, `tick` is called every second.

        Raises CommandFailed on a non-zero exit code.
        """
        last: collections.deque[str] = collections.deque(maxlen=60)

        def take(text: str) -> None:
            last.append(text)
            if line is not None:
                line(text)

        with self.log.open('ab') as log:
            log.write(('\n$ ' + ' '.join(command) + '\n').encode())
            log.flush()
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                env=clean_environment() if environment is None else environment, cwd=cwd,
                start_new_session=True)
            with self._guarded(child.pid):
                try:
                    assert child.stdout is not None
                    _pump(child.stdout, log, take, tick or (lambda: None))
                    code = child.wait()
                except BaseException:
                    _stop(child)
                    raise
        if code:
            raise CommandFailed(command, code, last)

    @contextmanager
    def _guarded(self, group: int) -> Iterator[None]:
        """Have a process group killed should this process be; the lock is held until it is dead."""
        guard = subprocess.Popen(
            ['/bin/sh', '-c', _GUARD, 'sh', str(group)], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            pass_fds=self._held)
        try:
            yield
        finally:
            guard.kill()
            guard.communicate()


def _pump(stream: IO[bytes], log: IO[bytes], take: Callable[[str], None],
          tick: Callable[[], None]) -> None:
    rest = b''
    while True:
        tick()
        if not select.select([stream], [], [], 1.0)[0]:
            continue
        block = os.read(stream.fileno(), 65536)
        if not block:
            return
        log.write(block)
        log.flush()
        *lines, rest = (rest + block).split(b'\n')
        for text in lines:
            take(text.decode(errors='replace').rstrip('\r'))


def _stop(child: subprocess.Popen[bytes]) -> None:
    """End the child's whole process group, harder each time."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=_GRACE)
            break
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
