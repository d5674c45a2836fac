# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
import queue
import subprocess
import sys
from collections.abc import Iterator

import pytest
from assist_monitor.deaths import Deaths

PATIENCE = 20.0


@pytest.fixture
def told() -> queue.Queue[str]:
    return queue.Queue()


@pytest.fixture
def deaths(told: queue.Queue[str]) -> Iterator[Deaths]:
    watching = Deaths(lambda: told.put('died'))
    yield watching
    watching.close()


@pytest.fixture
def process() -> Iterator[subprocess.Popen]:
    with subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def open_files() -> int:
    return len(os.listdir('/proc/self/fd'))


def test_an_end_is_told_before_the_parent_has_seen_it(
    deaths: Deaths, told: queue.Queue[str], process: subprocess.Popen
) -> None:
    deaths.watch(process.pid)
    assert told.empty()
    process.kill()
    assert told.get(timeout=PATIENCE) == 'died'
    assert process.returncode is None


def test_one_that_has_ended_already_is_told(
    deaths: Deaths, told: queue.Queue[str], process: subprocess.Popen
) -> None:
    process.kill()
    process.wait()
    deaths.watch(process.pid)
    assert told.get(timeout=PATIENCE) == 'died'


def test_a_process_that_is_watched_twice_is_told_once(
    told: queue.Queue[str], process: subprocess.Popen
) -> None:
    watching = Deaths(lambda: told.put('died'))
    watching.watch(process.pid)
    watching.watch(process.pid)
    process.kill()
    told.get(timeout=PATIENCE)
    watching.close()
    assert told.empty()


def test_no_file_stays_open(process: subprocess.Popen, told: queue.Queue[str]) -> None:
    before = open_files()
    watching = Deaths(lambda: told.put('died'))
    watching.watch(process.pid)
    watching.watch(os.getpid())
    assert open_files() > before
    process.kill()
    told.get(timeout=PATIENCE)
    watching.close()
    assert open_files() == before


def test_without_such_descriptors_nothing_is_told(
    deaths: Deaths, process: subprocess.Popen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(pid: int) -> int:
        raise PermissionError

    before = open_files()
    monkeypatch.setattr(os, 'pidfd_open', refuse)
    deaths.watch(process.pid)
    assert open_files() == before


def test_a_python_without_such_descriptors_tells_nothing(
    deaths: Deaths, process: subprocess.Popen, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_files()
    monkeypatch.delattr(os, 'pidfd_open')
    deaths.watch(process.pid)
    assert open_files() == before
