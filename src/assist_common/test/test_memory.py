# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Memory in a process of its own."""

from __future__ import annotations

import os
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
