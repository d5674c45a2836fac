# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import errno
import gzip
import json
import math
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from assist_common.memory import MEBIBYTE
from assist_monitor.log_writer import (
    DEBUG,
    ERROR,
    INFO,
    WARN,
    LogWriter,
    Record,
    RotatingFile,
    default_folder,
)


class Disk:
    """Says how much space is left."""

    def __init__(self, free: int = 1000 * MEBIBYTE) -> None:
        self.free = free

    def __call__(self, folder: Path) -> int:
        if not folder.exists():
            raise FileNotFoundError(errno.ENOENT, 'No such file or directory')
        return self.free


def make_record(message: str = 'hello', level: int = INFO, **fields: object) -> Record:
    return Record(1e9, level, 'stt_node', message, 'stt.py', 12, 'run', fields)


def entries(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_line_has_all_fields(tmp_path: Path) -> None:
    writer = LogWriter(tmp_path / 'new' / 'logs')
    writer.log(make_record(verdict='stop'), 0.0)
    writer.close()
    (entry,) = entries(tmp_path / 'new' / 'logs' / 'app.log')
    moment = datetime.fromisoformat(entry.pop('time'))
    assert moment.timestamp() == 1e9
    assert moment.tzinfo is not None
    assert entry == {
        'level': 'INFO',
        'node': 'stt_node',
        'file': 'stt.py',
        'line': 12,
        'function': 'run',
        'message': 'hello',
        'verdict': 'stop',
    }


def test_errors_are_in_their_own_log_too(tmp_path: Path) -> None:
    writer = LogWriter(tmp_path)
    writer.log(make_record('fine'), 0.0)
    writer.log(make_record('broken', ERROR), 0.0)
    writer.metric(make_record('p50'), 0.0)
    assert [entry['message'] for entry in entries(tmp_path / 'app.log')] == ['fine', 'broken']
    assert [entry['message'] for entry in entries(tmp_path / 'app_error.log')] == ['broken']
    assert [entry['message'] for entry in entries(tmp_path / 'metrics.log')] == ['p50']


def test_any_text_and_value_can_be_written(tmp_path: Path) -> None:
    writer = LogWriter(tmp_path)
    writer.log(make_record('grüß\n"dich" \udcff', value=math.nan, nested=[{'x': math.inf}]), 0.0)
    (entry,) = entries(tmp_path / 'app.log')
    assert entry['message'].startswith('grüß\n"dich"')
    assert entry['value'] is None
    assert entry['nested'] == [{'x': None}]


def test_files_rotate_and_old_ones_go(tmp_path: Path) -> None:
    file = RotatingFile(tmp_path / 'app.log', limit=100, backups=2)
    for index in range(10):
        file.write(f'{index:039d}\n'.encode())
    file.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ['app.log', 'app.log.1', 'app.log.2']
    kept = [(tmp_path / name).read_text().split() for name in ('app.log.2', 'app.log.1', 'app.log')]
    assert [[int(line) for line in lines] for lines in kept] == [[4, 5], [6, 7], [8, 9]]


def test_backups_can_be_compressed(tmp_path: Path) -> None:
    file = RotatingFile(tmp_path / 'app.log', limit=10, backups=2, compress=True)
    for text in (b'first....\n', b'second...\n', b'third....\n'):
        file.write(text)
    file.close()
    assert gzip.decompress((tmp_path / 'app.log.2.gz').read_bytes()) == b'first....\n'
    assert gzip.decompress((tmp_path / 'app.log.1.gz').read_bytes()) == b'second...\n'


def test_without_backups_the_file_begins_anew(tmp_path: Path) -> None:
    file = RotatingFile(tmp_path / 'app.log', limit=10, backups=0)
    file.write(b'first....\n')
    file.write(b'second...\n')
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b'second...\n']


def test_a_line_longer_than_a_file_is_written(tmp_path: Path) -> None:
    file = RotatingFile(tmp_path / 'app.log', limit=10, backups=1)
    file.write(b'x' * 50 + b'\n')
    assert (tmp_path / 'app.log').read_bytes() == b'x' * 50 + b'\n'


def test_it_goes_on_behind_half_a_line(tmp_path: Path) -> None:
    (tmp_path / 'app.log').write_bytes(b'{"message": "kil')
    file = RotatingFile(tmp_path / 'app.log', limit=1000, backups=1)
    file.write(b'{}\n')
    assert (tmp_path / 'app.log').read_bytes() == b'{"message": "kil\n{}\n'


def test_little_space_drops_the_unimportant_first_and_says_so(tmp_path: Path) -> None:
    disk = Disk(free=30 * MEBIBYTE)
    writer = LogWriter(tmp_path, reserve=50 * MEBIBYTE, free_space=disk)
    writer.log(make_record('chatter', DEBUG), 0.0)
    writer.log(make_record('news', INFO), 0.1)
    assert '30 MiB left: records below INFO are dropped' in writer.fault
    disk.free = 10 * MEBIBYTE
    writer.log(make_record('more news', INFO), 2.0)
    writer.log(make_record('warning', WARN), 2.1)
    writer.log(replace(make_record('decision', INFO), vital=True), 2.2)
    assert writer.dropped == 2
    assert '10 MiB left: records below WARN are dropped' in writer.fault
    disk.free = 500 * MEBIBYTE
    writer.log(make_record('better', INFO), 4.0)
    assert writer.fault == ''
    assert [entry['message'] for entry in entries(tmp_path / 'app.log')] == [
        'news',
        'warning',
        'decision',
        '2 records were lost for want of disk space',
        'better',
    ]


def test_a_disk_that_is_full_when_files_rotate_costs_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = LogWriter(tmp_path, limit=200, backups=4, compress=True, free_space=Disk())
    for index in range(3):
        writer.log(make_record(f'before {index}' + 'x' * 100), 0.0)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {'app.log.1.gz', 'app.log.2.gz'} <= set(before)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, 'copyfileobj', _no_space)
        for second in range(1, 10):
            writer.log(make_record('lost' + 'x' * 100), 1.1 * second)
    assert 'No space left on device' in writer.fault
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    writer.log(make_record('after'), 20.0)
    assert writer.fault == ''
    assert gzip.decompress((tmp_path / 'app.log.4.gz').read_bytes()).count(b'before 0') == 1


def test_a_full_disk_loses_no_half_line_and_recovers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = LogWriter(tmp_path, free_space=Disk())
    writer.log(make_record('before'), 0.0)
    with monkeypatch.context() as patch:
        patch.setattr(RotatingFile, 'write', _no_space)
        writer.log(make_record('lost'), 1.0)
        assert 'No space left on device' in writer.fault
        writer.log(make_record('lost too'), 1.5)
        writer.log(make_record('lost again'), 2.5)
    writer.log(make_record('too early'), 3.0)
    writer.log(make_record('after'), 4.0)
    assert writer.fault == ''
    assert writer.dropped == 4
    assert [entry['message'] for entry in entries(tmp_path / 'app.log')] == [
        'before',
        '4 records were lost for want of disk space',
        'after',
    ]


def _no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, 'No space left on device')


def test_a_write_cut_short_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = RotatingFile(tmp_path / 'app.log', limit=1000, backups=1)
    file.write(b'whole\n')
    raw = file._file

    class Short:
        closed = False

        def write(self, line: bytes) -> int:
            return raw.write(line[:3])

        def __getattr__(self, name: str) -> object:
            return getattr(raw, name)

    monkeypatch.setattr(file, '_file', Short())
    with pytest.raises(OSError, match='No space left'):
        file.write(b'second\n')
    assert (tmp_path / 'app.log').read_bytes() == b'whole\n'


def test_a_folder_that_was_removed_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / 'logs'
    writer = LogWriter(folder, free_space=Disk())
    writer.log(make_record('before'), 0.0)
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    writer.log(make_record('lost'), 1.1)
    assert 'is gone' in writer.fault
    writer.log(make_record('after'), 2.2)
    assert writer.fault == ''
    assert [entry['message'] for entry in entries(folder / 'app.log')][-1] == 'after'


def test_an_impossible_folder_is_a_fault_until_it_is_mended(tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('')
    folder = tmp_path / 'file' / 'logs'
    writer = LogWriter(folder)
    start = f"the log folder '{folder}' cannot be written to: Not a directory; records are dropped"
    assert writer.fault.startswith(start)
    writer.log(make_record('lost'), 0.0)
    assert (writer.dropped, bool(writer.fault)) == (1, True)
    (tmp_path / 'file').unlink()
    writer.log(make_record('after'), 2.0)
    assert writer.fault == ''
    assert [entry['message'] for entry in entries(folder / 'app.log')] == [
        '1 records were lost for want of disk space',
        'after',
    ]


def test_the_folder_is_where_ros_has_its_logs() -> None:
    assert default_folder({'ROS_LOG_DIR': '/data/log'}) == Path('/data/log/assist')
    assert default_folder({'ROS_HOME': '/data'}) == Path('/data/log/assist')
    assert default_folder({}) == Path('~/.ros/log/assist').expanduser()
