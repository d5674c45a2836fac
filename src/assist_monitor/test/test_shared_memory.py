# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What killed processes leave in shared memory is removed, and nothing else."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from assist_common.testing import claim_domain
from assist_monitor import shared_memory

ID = '0123456789abcdef'
NODE = """
import time, rclpy
rclpy.init()
node = rclpy.create_node('short_lived')
print('up', flush=True)
time.sleep(60)
"""


def leave(folder: Path, name: str = f'fastdds_{ID}', *, age: float = 3600.0) -> tuple[Path, Path]:
    segment, lock = folder / name, folder / f'{name}_el'
    segment.write_bytes(bytes(1000))
    lock.touch()
    made = time.time() - age
    os.utime(lock, (made, made))
    return segment, lock


def test_what_nobody_holds_is_removed(tmp_path: Path) -> None:
    left = leave(tmp_path)
    assert shared_memory.sweep(tmp_path) == 1000
    assert not any(path.exists() for path in left)


def test_what_a_process_holds_stays(tmp_path: Path) -> None:
    segment, lock = leave(tmp_path)
    with lock.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert shared_memory.sweep(tmp_path) == 0
    assert segment.exists() and lock.exists()


def test_what_may_just_be_made_stays(tmp_path: Path) -> None:
    left = leave(tmp_path, age=1.0)
    assert shared_memory.sweep(tmp_path) == 0
    assert all(path.exists() for path in left)


@pytest.mark.parametrize('name', ['fastdds_port7411', 'other_0123456789abcdef', 'fastdds_short'])
def test_the_files_of_others_stay(tmp_path: Path, name: str) -> None:
    left = leave(tmp_path, name)
    assert shared_memory.sweep(tmp_path) == 0
    assert all(path.exists() for path in left)


def test_a_machine_without_shared_memory_has_nothing_to_sweep(tmp_path: Path) -> None:
    assert shared_memory.sweep(tmp_path / 'absent') == 0


def test_a_killed_node_leaves_what_is_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {**os.environ, 'ROS_DOMAIN_ID': str(claim_domain())}
    with subprocess.Popen(
        [sys.executable, '-c', NODE], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == 'up\n'
        maps = {each.path for each in psutil.Process(process.pid).memory_maps()}
        own = [Path(path) for path in maps if Path(f'{path}_el').exists() and 'port' not in path]
        assert own, 'the middleware keeps its shared memory elsewhere: the sweep finds none of it'
        monkeypatch.setattr(shared_memory, 'YOUNG', 0.0)
        for path in own:
            assert shared_memory._remove(Path(f'{path}_el')) == 0
        process.send_signal(signal.SIGKILL)
    assert all(path.exists() for path in own)
    for path in own:
        assert shared_memory._remove(Path(f'{path}_el')) > 0
        assert not path.exists()
