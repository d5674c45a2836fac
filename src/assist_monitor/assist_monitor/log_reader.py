# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Read, filter and follow the JSON-lines log files."""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Any

from assist_monitor.log_writer import LEVELS

SEVERITIES = {name: number for number, name in LEVELS.items()}


@dataclass(frozen=True)
class Filter:
    """What of a log is wanted.

    Attributes:
        level: name of the lowest severity.
        node: part of the name of the node; empty: all.
        pattern: regular expression to be found in the message.
        since: seconds since 1970.
    """

    level: str = 'DEBUG'
    node: str = ''
    pattern: str = ''
    since: float = 0.0

    def admits(self, entry: dict[str, Any]) -> bool:
        """Return whether an entry is wanted."""
        return (
            SEVERITIES.get(entry.get('level', ''), 0) >= SEVERITIES[self.level]
            and self.node in str(entry.get('node', ''))
            and re.search(self.pattern, str(entry.get('message', '')), re.IGNORECASE) is not None
            and (not self.since or _moment(entry) >= self.since)
        )


class Follower:
    """Yields the new lines of a file, past its rotation."""

    def __init__(self, path: Path, *, from_end: bool = True) -> None:
        self._path = path
        self._file: BufferedReader | None = None
        self._rest = b''
        if from_end and self._open() and self._file:
            self._file.seek(0, os.SEEK_END)

    def poll(self) -> Iterator[bytes]:
        """Yield the complete lines that came since the last call."""
        if self._file is None and not self._open():
            return
        yield from self._lines()
        if self._was_replaced():
            yield from self._lines()
            self.close()
            if self._open():
                yield from self._lines()

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
        self._file = None
        self._rest = b''

    def _open(self) -> bool:
        try:
            self._file = open(self._path, 'rb')  # noqa: SIM115, kept open between polls
        except FileNotFoundError:
            return False
        return True

    def _was_replaced(self) -> bool:
        try:
            now = self._path.stat()
        except FileNotFoundError:
            return False
        assert self._file is not None
        return now.st_ino != _inode(self._file) or now.st_size < self._file.tell()

    def _lines(self) -> Iterator[bytes]:
        assert self._file is not None
        *lines, self._rest = (self._rest + self._file.read()).split(b'\n')
        yield from lines


def read_all(path: Path) -> Iterator[bytes]:
    """Yield the lines of a log with its backups, the oldest first."""
    backups = [
        candidate
        for candidate in path.parent.glob(f'{path.name}.*')
        if re.fullmatch(r'\.\d+(\.gz)?', candidate.name[len(path.name) :])
    ]
    number = re.compile(r'\.(\d+)(\.gz)?$')
    for backup in sorted(backups, key=lambda file: -int(number.search(file.name)[1])):  # type: ignore[index]
        yield from _read_packed(backup) if backup.suffix == '.gz' else _read(backup)
    if path.exists():
        yield from _read(path)


def _read(path: Path) -> Iterator[bytes]:
    with open(path, 'rb') as file:
        yield from file


def _read_packed(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path, 'rb') as file:
            yield from file
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        # A line of its own, as the log has them, so that it is seen in its place.
        text = f'{path.name} is damaged, what follows in it is lost: {error}'
        yield json.dumps({'level': 'ERROR', 'node': 'logs', 'message': text}).encode() + b'\n'


def parse(line: bytes) -> dict[str, Any] | None:
    """Return the entry of a line; None when it is not one."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def to_text(entry: dict[str, Any]) -> str:
    """Return an entry as one line for people."""
    time = str(entry.get('time', ''))[:23].replace('T', ' ')
    level, node = entry.get('level', ''), entry.get('node', '')
    text = f'{time} {level:5} {node}: {entry.get("message", "")}'
    details = [
        f'{key}={entry[key]}' for key in ('verdict', 'risk', 'reply', 'reasons') if entry.get(key)
    ]
    return f'{text}  ({", ".join(details)})' if details else text


def _moment(entry: dict[str, Any]) -> float:
    try:
        return datetime.fromisoformat(str(entry.get('time', ''))).timestamp()
    except ValueError:
        return 0.0


def _inode(file: BufferedReader) -> int:
    return os.fstat(file.fileno()).st_ino
