# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A node that dies as it starts is started after longer and longer pauses."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from assist import paced_start
from assist.paced_start import EARLY, LONGEST, pause_before
from launch import LaunchDescription, LaunchService
from launch.actions import EmitEvent, ExecuteProcess, TimerAction
from launch.events import Shutdown

SLEEPER = [sys.executable, '-I', '-S', '-c', 'import time; print("up", flush=True); time.sleep(60)']


def prefix(record: Path) -> list[str]:
    return [sys.executable, '-I', '-S', paced_start.__file__, str(record)]


def test_a_first_start_and_one_after_a_long_life_have_no_pause() -> None:
    assert pause_before(None, 100.0) == 0.0
    assert pause_before((100.0, 32.0), 100.0 + EARLY + 0.1) == 0.0


def test_the_pauses_double_up_to_the_longest() -> None:
    now, last, pauses = 100.0, None, []
    for _ in range(9):
        pause = pause_before(last, now)
        pauses.append(pause)
        last = (now + pause, pause)
        now += pause + 1.5
    assert pauses == [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, LONGEST, LONGEST]


@pytest.mark.parametrize('content', ['', 'x y', '1', '1 2 3'])
def test_a_damaged_record_counts_as_none(tmp_path: Path, content: str) -> None:
    record = tmp_path / 'record'
    record.write_text(content)
    assert paced_start.read(str(record)) is None


def test_a_record_that_cannot_be_written_does_not_hinder_the_start(tmp_path: Path) -> None:
    command = [*prefix(tmp_path / 'no' / 'folder'), sys.executable, '-c', 'print("up")']
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (0, 'up\n')
    assert 'could not be noted' in done.stderr


def test_the_program_takes_its_place(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*prefix(tmp_path / 'record'), *SLEEPER], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == 'up\n'
    assert 'paced_start' not in Path(f'/proc/{process.pid}/cmdline').read_text()
    process.kill()
    process.wait(10)
    process.stdout.close()


def test_it_ends_cleanly_while_it_waits(tmp_path: Path) -> None:
    record = tmp_path / 'record'
    record.write_text(f'{time.monotonic()} 30.0')
    process = subprocess.Popen([*prefix(record), *SLEEPER], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert 'started again in 60 s' in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    process.stderr.close()


def test_launch_starts_no_storm(tmp_path: Path) -> None:
    starts = tmp_path / 'starts'
    dies = f'open({str(starts)!r}, "a").write("x")'
    seconds = 5.0
    service = LaunchService()
    service.include_launch_description(
        LaunchDescription(
            [
                ExecuteProcess(
                    cmd=[sys.executable, '-I', '-S', '-c', dies],
                    prefix=' '.join(prefix(tmp_path / 'record')),
                    respawn=True,
                    respawn_delay=0.1,
                ),
                TimerAction(period=seconds, actions=[EmitEvent(event=Shutdown())]),
            ]
        )
    )
    assert service.run() == 0
    # After 0, 1.1, 3.2 and 7.3 s; without the pauses thirty times and more.
    assert 2 <= len(starts.read_text()) <= 3
