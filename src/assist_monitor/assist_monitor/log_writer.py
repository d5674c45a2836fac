# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""JSON-lines files for the whole graph, which rotate and survive a full disk."""

from __future__ import annotations

import errno
import gzip
import json
import math
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any

from assist_common.memory import MEBIBYTE

LEVELS = {10: 'DEBUG', 20: 'INFO', 30: 'WARN', 40: 'ERROR', 50: 'FATAL'}
"""Names of the severities of rcl_interfaces/Log."""

DEBUG, INFO, WARN, ERROR = 10, 20, 30, 40

CHECK_PERIOD = 1.0
"""Seconds between two looks at the free space, and between attempts to write again."""


@dataclass(frozen=True)
class Record:
    """One line of a log.

    Attributes:
        time: seconds since 1970.
        level: severity as in rcl_interfaces/Log.
        fields: anything more, as JSON can hold it.
        vital: it is written as long as anything can be written.
    """

    time: float
    level: int
    node: str
    message: str
    file: str = ''
    line: int = 0
    function: str = ''
    fields: Mapping[str, Any] = field(default_factory=dict)
    vital: bool = False

    def to_json(self) -> bytes:
        """Return the line with its end."""
        entry = {
            'time': datetime.fromtimestamp(self.time).astimezone().isoformat('T', 'milliseconds'),
            'level': LEVELS.get(self.level, str(self.level)),
            'node': self.node,
            'file': self.file,
            'line': self.line,
            'function': self.function,
            'message': self.message,
        }
        # JSON has no NaN; null is what it has for a value that is not there.
        extra = {key: _plain(value) for key, value in self.fields.items() if key not in entry}
        text = json.dumps(entry | extra, ensure_ascii=False, default=str)
        return text.encode(errors='replace') + b'\n'


class RotatingFile:
    """Append lines; when the file is full, it becomes .1, .1 becomes .2, and so on."""

    def __init__(self, path: Path, *, limit: int, backups: int, compress: bool = False) -> None:
        """Prepare to open the file when it is written to.

        Args:
            limit: bytes after which a new file is begun.
            backups: files that are kept beside the current one.
            compress: keep backups as .gz.
        """
        self.path = path
        self._limit = limit
        self._backups = backups
        self._suffix = '.gz' if compress else ''
        self._file: FileIO | None = None

    def write(self, line: bytes) -> None:
        """Append one line; it is with the operating system when this returns.

        Raises:
            OSError: it could not be written; nothing of it is left in the file.
        """
        file = self.open()
        if file.tell() and file.tell() + len(line) > self._limit:
            self._rotate()
            file = self.open()
        begin = file.tell()
        try:
            written = file.write(line)
        except OSError:
            _cut(file, begin)
            raise
        if written < len(line):
            _cut(file, begin)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def open(self) -> FileIO:
        """Return the open file.

        Raises:
            OSError: it cannot be opened.
        """
        if self._file is None:
            self._file = FileIO(self.path, 'ab')
            # A process that was killed may have left half a line.
            if self._file.tell() and not self._ends_with_newline():
                self._file.write(b'\n')
        return self._file

    def _ends_with_newline(self) -> bool:
        with open(self.path, 'rb') as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b'\n'

    def _rotate(self) -> None:
        # What can fail for want of space comes before any backup is touched.
        latest = self._pack() if self._suffix and self._backups else self.path
        self.close()
        for number in range(self._backups, 1, -1):
            if self._backup(number - 1).exists():
                self._backup(number - 1).replace(self._backup(number))
        if self._backups:
            latest.replace(self._backup(1))
        if latest != self.path or not self._backups:
            self.path.unlink(missing_ok=True)

    def _pack(self) -> Path:
        packed_path = self.path.with_name(f'{self.path.name}.new{self._suffix}')
        try:
            with open(self.path, 'rb') as plain, gzip.open(packed_path, 'wb') as packed:
                shutil.copyfileobj(plain, packed)
        except OSError:
            packed_path.unlink(missing_ok=True)
            raise
        return packed_path

    def _backup(self, number: int) -> Path:
        return self.path.with_name(f'{self.path.name}.{number}{self._suffix}')


class LogWriter:
    """The files of one folder: app.log, app_error.log and metrics.log.

    When less than `reserve` bytes of disk are free, DEBUG is dropped; below half of that INFO too,
    but for vital records; when writing fails, everything. All are counted, and the log itself says
    so when there is room again.

    Attributes:
        dropped: records that were lost since the start.
        fault: what is wrong at present; empty while nothing is.
    """

    def __init__(
        self,
        folder: Path,
        *,
        limit: int = 10 * MEBIBYTE,
        backups: int = 5,
        reserve: int = 50 * MEBIBYTE,
        compress: bool = False,
        free_space: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        """Make the folder and open the files; where that fails, it is tried again later."""
        self.folder = folder
        self.dropped = 0
        self.fault = ''
        self._reserve = reserve
        self._free_space = free_space
        self._checked: float | None = None
        self._failed_at: float | None = None
        self._lowest = 0
        self._lost: dict[str, int] = {}
        self._files = {
            name: RotatingFile(
                folder / f'{name}.log', limit=limit, backups=backups, compress=compress
            )
            for name in ('app', 'app_error', 'metrics')
        }
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file in self._files.values():
                file.open()
        except OSError as error:
            reason = error.strerror or error
            self._fail(f"the log folder '{folder}' cannot be written to: {reason}", -math.inf)

    def log(self, record: Record, now: float) -> None:
        """Write to app.log, and to app_error.log what is an error.

        Args:
            now: seconds on a steady clock.
        """
        self._write('app', record, now)
        if record.level >= ERROR:
            self._write('app_error', record, now)

    def metric(self, record: Record, now: float) -> None:
        """Write to metrics.log."""
        self._write('metrics', record, now)

    def close(self) -> None:
        """Close the files; every record that was accepted is in them."""
        for file in self._files.values():
            file.close()

    def _write(self, name: str, record: Record, now: float) -> None:
        self._look_at_disk(now)
        if not self._admits(record, now):
            self._drop(name)
            return
        try:
            if self._failed_at is not None:
                self.folder.mkdir(parents=True, exist_ok=True)
            self._report_lost(record.time)
            self._files[name].write(record.to_json())
        except OSError as error:
            self._fail(f'writing {self.folder}/{name}.log failed: {error.strerror or error}', now)
            self._drop(name)
            return
        if self._failed_at is not None:
            self._failed_at = None
            self.fault = ''

    def _look_at_disk(self, now: float) -> None:
        if self._failed_at is not None:
            return
        if self._checked is not None and now - self._checked < CHECK_PERIOD:
            return
        self._checked = now
        try:
            free = self._free_space(self.folder)
        except OSError as error:
            self._fail(f'the log folder {self.folder} is gone: {error.strerror or error}', now)
            return
        if free >= self._reserve:
            self._lowest = 0
        else:
            self._lowest = INFO if free >= self._reserve / 2 else WARN
        self.fault = (
            f'the disk of {self.folder} has {free / MEBIBYTE:.0f} MiB left: records below '
            f'{LEVELS[self._lowest]} are dropped; free some space'
            if self._lowest
            else ''
        )

    def _admits(self, record: Record, now: float) -> bool:
        if self._failed_at is not None:
            return now - self._failed_at >= CHECK_PERIOD
        return record.vital or record.level >= self._lowest

    def _fail(self, text: str, now: float) -> None:
        self._failed_at = now
        # Opened anew with the next attempt: the files themselves may be gone.
        self.close()
        self.fault = (
            f'{text}; records are dropped: free some space, mend the folder or set the parameter '
            'log_directory to another one'
        )

    def _drop(self, name: str) -> None:
        self.dropped += 1
        self._lost[name] = self._lost.get(name, 0) + 1

    def _report_lost(self, moment: float) -> None:
        if not self._lost or self._lowest and self._failed_at is None:
            return
        count = sum(self._lost.values())
        record = Record(
            moment,
            WARN,
            'monitor_node',
            f'{count} records were lost for want of disk space',
            fields={'lost': dict(self._lost)},
        )
        self._files['app'].write(record.to_json())
        self._lost.clear()


def _cut(file: FileIO, end: int) -> None:
    file.truncate(end)
    file.seek(end)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def default_folder(environment: Mapping[str, str]) -> Path:
    """Return where the logs go: below ROS_LOG_DIR or ROS_HOME, as ROS has it, else ~/.ros/log."""
    if environment.get('ROS_LOG_DIR'):
        base = Path(environment['ROS_LOG_DIR'])
    elif environment.get('ROS_HOME'):
        base = Path(environment['ROS_HOME']) / 'log'
    else:
        base = Path('~/.ros/log')
    return base.expanduser() / 'assist'
