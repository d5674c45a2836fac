# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Steps that are done once: stamps, progress, and the lock that keeps two set-ups apart."""
from __future__ import annotations

import fcntl
import hashlib
import os
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator, Sequence

_HEARTBEAT = 15.0  # s between progress lines where the output is not a terminal


def say(text: str) -> None:
    """Print one line to the user at once."""
    print(f'assist: {text}', flush=True)


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old text or the new one, never a part."""
    temporary = path.with_name(f'{path.name}.{os.getpid()}.tmp')
    temporary.write_text(text)
    temporary.replace(path)


def digest(*parts: str | bytes | Path) -> str:
    """A short hash of texts and of the contents of files."""
    total = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part
        data = data.encode() if isinstance(data, str) else data
        total.update(hashlib.sha256(data).digest())
    return total.hexdigest()[:12]


class Progress:
    """One step's progress: a line that rewrites itself on a terminal, else one now and then."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._note = ''
        self._start = self._shown = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    def note(self, text: str) -> None:
        """Say how far the step is; shown at the next tick."""
        self._note = text

    def tick(self) -> None:
        if sys.stdout.isatty():
            self._clear()
            print(f'assist: {self._text()}'[:99], end='', flush=True)
        elif time.monotonic() - self._shown >= _HEARTBEAT:
            self._shown = time.monotonic()
            say(f'  {self._text()}')

    def end(self, outcome: str) -> None:
        self._clear()
        say(f'{self._label}: {outcome} {self.seconds:.0f} s')

    def _text(self) -> str:
        return f'{self._label}: {self._note or "working"}, {self.seconds:.0f} s'

    def _clear(self) -> None:
        if sys.stdout.isatty():
            print('\r\x1b[K', end='', flush=True)


@dataclass(frozen=True)
class Step:
    """Something done once for each key: when the key changes, it is done again.

    `stamp` is the small file that holds the key for which it was last finished.
    """

    title: str
    stamp: Path
    key: str
    action: Callable[[Progress], None]

    @property
    def done(self) -> bool:
        try:
            return self.stamp.read_text() == self.key
        except OSError:
            return False

    def run(self, progress: Progress) -> None:
        """Do it; without a stamp in the meantime, so that an interrupted run counts as not done."""
        with suppress(FileNotFoundError):
            self.stamp.unlink()
        self.action(progress)
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.stamp, self.key)


def run_steps(steps: Sequence[Step]) -> None:
    """Run those steps that are not done, in order."""
    for number, step in enumerate(steps, 1):
        if step.done:
            continue
        label = f'[{number}/{len(steps)}] {step.title}'
        say(f'{label} ...')
        progress = Progress(label)
        try:
            step.run(progress)
        except BaseException:
            progress.end('stopped after')
            raise
        progress.end('done in')


@contextmanager
def exclusive(path: Path) -> Iterator[int]:
    """Hold the lock file at `path` (yields its descriptor); say so and wait while it is held."""
    descriptor = os.open(str(path), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode(errors='replace').strip()
            say(f'waiting for another set-up (process {holder or "unknown"}) to finish')
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)
