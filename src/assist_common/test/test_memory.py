# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Memory in a process of its own."""

from __future__ import annotations

import subprocess
import sys

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
