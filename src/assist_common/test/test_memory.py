# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Memory in a process of its own."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

THREADS = """
import ctypes, threading
from assist_common import memory
{setting}
together = threading.Barrier(6)
def work():
    data = bytes(50_000)
    together.wait()
threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
ctypes.CDLL('libc.so.6').malloc_stats()
"""


@pytest.mark.parametrize(('setting', 'one'), [('memory.share_heap()', True), ('', False)])
def test_threads_share_a_heap_when_they_are_told_to(setting: str, one: bool) -> None:
    program = THREADS.format(setting=setting)
    result = subprocess.run(
        [sys.executable, '-c', program], capture_output=True, text=True, check=True
    )
    assert (result.stderr.count('Arena ') == 1) is one, result.stderr


IMAGES = """
import resource
from assist_common import memory
{setting}
for _ in range(100):
    image = bytearray(b'x' * 1_500_000)
    del image
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""
IMAGE_PAGES = 1_500_000 / resource.getpagesize()


@pytest.mark.parametrize(('setting', 'kept'), [('memory.keep_blocks()', True), ('', False)])
def test_blocks_that_are_freed_are_kept_when_told_to(setting: str, kept: bool) -> None:
    program = IMAGES.format(setting=setting)
    result = subprocess.run(
        [sys.executable, '-c', program], capture_output=True, text=True, check=True
    )
    faults = [int(line) for line in result.stdout.split()]
    assert (faults[-1] - faults[49] < IMAGE_PAGES) is kept, faults


def test_blocks_that_are_kept_can_be_given_back() -> None:
    program = """
from assist_common import memory
memory.keep_blocks()
blocks = [bytearray(b'x' * 1_000_000) for _ in range(25)]
held = memory.resident()
del blocks
kept = memory.resident()
memory.trim()
print(held - kept, kept - memory.resident())
"""
    result = subprocess.run(
        [sys.executable, '-c', program], capture_output=True, text=True, check=True
    )
    freed, trimmed = map(int, result.stdout.split())
    assert freed < 5e6
    assert trimmed > 20e6


LATE = """
import inspect, sys
from assist_common import memory
memory.load_late('big')
import big, big as another
inspect.getmodule(inspect.currentframe())
assert 'big.part' not in sys.modules
assert big.VALUE == 5
assert another.Thing is sys.modules['big'].Thing
from big import part
import big.part
memory.load_late('no_such_module')
memory.load_late('big')
assert sys.modules['big'].VALUE == 5
"""


def test_a_module_is_loaded_when_it_is_first_used(tmp_path: Path) -> None:
    folder = tmp_path / 'big'
    folder.mkdir()
    (folder / '__init__.py').write_text(
        'from . import part\nVALUE = 5\nclass Thing:\n    pass\n'
    )
    (folder / 'part.py').write_text('')
    path = os.pathsep.join([str(tmp_path), os.environ.get('PYTHONPATH', '')])
    subprocess.run(
        [sys.executable, '-c', LATE], check=True, timeout=60, env={**os.environ, 'PYTHONPATH': path}
    )
