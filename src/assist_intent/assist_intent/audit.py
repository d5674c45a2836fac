# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""An append-only log of decisions whose lines are chained by hashes.

Every line is a JSON object with `seq`, the hash of the line before (`previous`) and its own
(`hash`, SHA-256 of the rest in canonical form). A changed, inserted or missing line breaks the
chain; the file `head` holds the latest number and hash, so that a cut tail is found too.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assist_common.errors import ConfigurationError

FIRST = '0' * 64
"""What stands for the hash before the first line."""
HEAD = 'head'

_PATTERN = 'audit-*.jsonl'


@dataclass
class Report:
    """What `verify` found in one folder."""

    folder: Path
    lines: int = 0
    problems: list[str] = field(default_factory=list)


class AuditLog:
    """Append entries to the log in one folder, which no other process may write meanwhile.

    Args:
        largest: bytes of a file after which the next one is begun.

    Raises:
        ConfigurationError: the folder can not be written, or is in use.
    """

    def __init__(self, folder: Path, *, largest: int = 10_000_000) -> None:
        self._folder = folder
        self._largest = largest
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = (folder / 'lock').open('w')
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.last = _last_entry(folder)
            self._file = self._open()
            (folder / HEAD).touch()
            self._head = (folder / HEAD).open('r+b', buffering=0)
        except BlockingIOError as error:
            raise ConfigurationError(
                f"the audit log in '{folder}' is being written by another node",
                'give this one another audit_folder or another name',
            ) from error
        except OSError as error:
            raise ConfigurationError(
                f"the audit log in '{folder}' can not be written: {error.strerror}",
                'set audit_folder to a folder that can',
            ) from error

    def append(self, entry: dict[str, Any], *, sync: bool = False) -> dict[str, Any]:
        """Write one entry and return it with number and hashes.

        Args:
            sync: return only once it is on the disk.

        Raises:
            OSError: it could not be written, for want of room say; the log is as it was.
        """
        line = {
            'seq': self.last['seq'] + 1 if self.last else 1,
            'previous': self.last['hash'] if self.last else FIRST,
            **entry,
        }
        line['hash'] = _hash(line)
        if self._file.tell() > self._largest:
            older, self._file = self._file, self._open()
            older.close()
        self._write((json.dumps(line, ensure_ascii=True) + '\n').encode(), sync)
        self.last = line
        # In place and of one size: that works on a full disk, too.
        os.pwrite(self._head.fileno(), f'{line["seq"]:20} {line["hash"]}\n'.encode(), 0)
        return line

    @property
    def stopped(self) -> bool:
        """Return whether the last entry tells that the stop was latched."""
        return bool(self.last and self.last.get('stopped'))

    def close(self) -> None:
        """Let go of the folder."""
        self._file.close()
        self._head.close()
        self._lock.close()

    def _write(self, line: bytes, sync: bool) -> None:
        """Write a line as a whole, or not at all: a full disk takes a part of it first."""
        size = os.fstat(self._file.fileno()).st_size
        rest = memoryview(line)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
            if sync:
                os.fsync(self._file.fileno())
        except OSError:
            os.ftruncate(self._file.fileno(), size)
            raise

    def _open(self) -> io.FileIO:
        """Open the newest file, or a new one when that is full or its last line is torn."""
        files = _files(self._folder)
        if files and files[-1].stat().st_size < self._largest and _is_whole(files[-1]):
            return io.FileIO(files[-1], 'a')
        number = int(files[-1].stem.split('-')[1]) + 1 if files else 1
        return io.FileIO(self._folder / f'audit-{number:06}.jsonl', 'a')


def folders(root: Path) -> list[Path]:
    """Return the folders at and below a root that hold a log."""
    return sorted({path.parent for path in root.rglob(_PATTERN)})


def entries(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield all entries that can be read, in order."""
    for _, entry in _lines(folder):
        if entry is not None:
            yield entry


def verify(folder: Path) -> Report:
    """Return what is wrong with the log in a folder; nothing when it is whole."""
    report = Report(folder)
    expected_hash, expected_seq = FIRST, 1
    chain: dict[int, str] = {}
    for place, entry in _lines(folder):
        report.lines += 1
        if entry is None:
            report.problems.append(f'{place}: the line is damaged')
            continue
        if entry.get('hash') != _hash(entry):
            report.problems.append(f'{place}: the line was changed')
        if entry.get('seq') != expected_seq or entry.get('previous') != expected_hash:
            report.problems.append(f'{place}: a line before this one is missing or was changed')
        seq = entry.get('seq')
        expected_seq = seq + 1 if isinstance(seq, int) else expected_seq + 1
        expected_hash = str(entry.get('hash'))
        chain[expected_seq - 1] = expected_hash
    _check_head(folder, chain, report)
    return report


def _check_head(folder: Path, chain: dict[int, str], report: Report) -> None:
    try:
        text = (folder / HEAD).read_text()
        if not text and not chain:
            return
        seq, digest = text.split()
        known = int(seq)
    except (OSError, ValueError):
        report.problems.append(f'{folder / HEAD}: it is missing or damaged')
        return
    # A crash between line and head leaves a head that is one behind: that is no loss.
    if chain.get(known) != digest or max(chain, default=0) > known + 1:
        report.problems.append(f'{folder / HEAD}: the log does not end where it should')


def _lines(folder: Path) -> Iterator[tuple[str, dict[str, Any] | None]]:
    for path in _files(folder):
        with path.open(encoding='utf-8', errors='replace') as file:
            for number, line in enumerate(file, 1):
                yield f'{path}:{number}', _parsed(line)


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _last_entry(folder: Path) -> dict[str, Any] | None:
    last = None
    for path in _files(folder)[-2:]:
        with path.open(encoding='utf-8', errors='replace') as file:
            for line in file:
                last = _parsed(line) or last
    return last if last and {'seq', 'hash'} <= set(last) else None


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob(_PATTERN))


def _is_whole(path: Path) -> bool:
    with path.open('rb') as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        return size == 0 or file.read(1) == b'\n'


def _hash(entry: dict[str, Any]) -> str:
    rest = {key: value for key, value in entry.items() if key != 'hash'}
    canonical = json.dumps(rest, ensure_ascii=True, sort_keys=True, separators=(',', ':'))
    return hashlib.sha256(canonical.encode()).hexdigest()
