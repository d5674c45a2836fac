# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from assist_monitor import log_reader, logs
from assist_monitor.log_reader import Filter, Follower
from assist_monitor.log_writer import ERROR, INFO, LogWriter, Record


def fill(folder: Path, count: int = 5, *, start: float | None = None, limit: int = 10**6) -> None:
    writer = LogWriter(folder, limit=limit, backups=10)
    begin = time.time() if start is None else start
    for index in range(count):
        node = 'assist.stt_node' if index % 2 else 'assist.audio_node'
        level = ERROR if index == 3 else INFO
        writer.log(Record(begin + index, level, node, f'message {index}'), 0.0)
    writer.close()


def shown(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    assert logs.main(['--directory', str(folder), '--no-follow', *options]) == 0
    return [line.rsplit(': ', 1)[1] for line in capsys.readouterr().out.splitlines()]


def test_shows_the_latest_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(tmp_path, 30)
    assert shown(tmp_path, capsys, '-n', '2') == ['message 28', 'message 29']
    assert len(shown(tmp_path, capsys)) == 20


def test_filters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(tmp_path)
    assert shown(tmp_path, capsys, '--level', 'warn') == ['message 3']
    assert shown(tmp_path, capsys, '--node', 'audio') == ['message 0', 'message 2', 'message 4']
    assert shown(tmp_path, capsys, '--grep', 'MESSAGE [12]') == ['message 1', 'message 2']
    assert shown(tmp_path, capsys, 'app_error') == ['message 3']


def test_since_goes_through_the_backups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(tmp_path, 30, start=time.time() - 100, limit=400)
    assert len(list(tmp_path.glob('app.log.*'))) > 3
    assert shown(tmp_path, capsys, '--since', '80s')[0] in ('message 20', 'message 21')


def test_backups_are_read_oldest_first(tmp_path: Path) -> None:
    fill(tmp_path, 20, limit=400)
    messages = [json.loads(line)['message'] for line in log_reader.read_all(tmp_path / 'app.log')]
    assert messages == [f'message {index}' for index in range(20 - len(messages), 20)]


@pytest.mark.parametrize('damage', [lambda whole: whole[:-20], lambda whole: b'no gzip'])
def test_a_damaged_backup_hides_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: Callable[[bytes], bytes]
) -> None:
    fill(tmp_path, 2)
    whole = gzip.compress((tmp_path / 'app.log').read_bytes() * 100)
    (tmp_path / 'app.log.1.gz').write_bytes(damage(whole))
    lines = shown(tmp_path, capsys, '-n', '1000')
    assert lines[-2:] == ['message 0', 'message 1']
    assert logs.main(['--directory', str(tmp_path), '--no-follow', '--level', 'error']) == 0
    assert 'app.log.1.gz is damaged' in capsys.readouterr().out


def test_json_is_passed_on_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(tmp_path, 1)
    assert logs.main(['--directory', str(tmp_path), '--no-follow', '--json']) == 0
    assert json.loads(capsys.readouterr().out)['message'] == 'message 0'


def test_damaged_lines_are_passed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(tmp_path, 2)
    with open(tmp_path / 'app.log', 'ab') as file:
        file.write(b'{"mess\xff\n[1, 2]\n\n')
    assert shown(tmp_path, capsys) == ['message 0', 'message 1']


def test_a_decision_shows_what_it_led_to() -> None:
    entry = {
        'time': '2026-01-02T03:04:05.678+01:00',
        'level': 'INFO',
        'node': 'n',
        'message': 'm',
        'verdict': 'refuse',
        'reply': 'no',
    }
    assert log_reader.to_text(entry) == (
        '2026-01-02 03:04:05.678 INFO  n: m  (verdict=refuse, reply=no)'
    )


def test_an_entry_without_a_time_is_older_than_anything() -> None:
    assert not Filter(since=1.0).admits({'level': 'INFO', 'message': 'm', 'time': 'yesterday'})


def test_no_log_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert logs.main(['--directory', str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        f'There is no log {tmp_path}/app.log. Start the graph, or give its folder with '
        '--directory.\n'
    )


@pytest.mark.parametrize(
    'options', [['--grep', '('], ['--since', 'noon'], ['-n', '-3'], ['--level', 'loud']]
)
def test_bad_options_are_refused(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        logs.main(options)
    assert error.value.code == 2
    assert options[1] in capsys.readouterr().err.replace('LOUD', 'loud')


def test_following_goes_past_a_rotation(tmp_path: Path) -> None:
    path = tmp_path / 'app.log'
    path.write_bytes(b'old\n')
    follower = Follower(path)
    with open(path, 'ab') as file:
        file.write(b'one\nhal')
    assert list(follower.poll()) == [b'one']
    with open(path, 'ab') as file:
        file.write(b'f\nlast\n')
    path.rename(tmp_path / 'app.log.1')
    path.write_bytes(b'new\n')
    assert list(follower.poll()) == [b'half', b'last', b'new']
    follower.close()


def test_following_waits_for_a_file(tmp_path: Path) -> None:
    follower = Follower(tmp_path / 'app.log')
    assert list(follower.poll()) == []
    (tmp_path / 'app.log').write_bytes(b'first\n')
    assert list(follower.poll()) == [b'first']
    follower.close()


def test_the_command_follows_until_it_is_interrupted(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    command = [sys.executable, '-m', 'assist_monitor.logs', '--directory', str(tmp_path)]
    # A test run in the background of a shell is told to ignore it, and hands that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().endswith('message 0\n')
            fill(tmp_path, 1)
            assert process.stdout.readline().endswith('message 0\n')
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()
