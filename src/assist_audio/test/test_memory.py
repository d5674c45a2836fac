# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What stt_node gives back, measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

_MEBIBYTE = 2**20
_MODEL = 30 * _MEBIBYTE  # of the 75 MB that tiny.en has, at the least

_SCRIPT = """
import sys
from assist_common import memory
memory.share_heap()
from assist_audio.stt_node import SttNode
from assist_common.testing import Graph
from std_srvs.srv import Trigger

with Graph() as graph:
    node = graph.start(SttNode)
    before = memory.resident()
    if sys.argv[1] == 'cleanup':
        graph.transition(node, 'deactivate')
        graph.transition(node, 'cleanup')
    else:
        assert graph.call(Trigger, 'stt_node/release_memory', Trigger.Request()).success
    print(before - memory.resident())
"""


@pytest.mark.parametrize('how', ['cleanup', 'release_memory'])
def test_memory_is_given_back(how: str) -> None:
    finished = subprocess.run(
        [sys.executable, '-c', _SCRIPT, how], check=True, capture_output=True, text=True, timeout=90
    )
    assert int(finished.stdout.splitlines()[-1]) > _MODEL


_HEAPS = """
import ctypes, sys
from assist_audio import stt_main

sys.argv = ['stt_node', '--help']
stt_main.main()
assert 'rclpy' in sys.modules
ctypes.CDLL('libc.so.6').malloc_stats()
"""


def test_all_threads_share_a_heap_from_the_first_on() -> None:
    finished = subprocess.run(
        [sys.executable, '-c', _HEAPS], check=True, capture_output=True, text=True, timeout=60
    )
    assert finished.stderr.count('Arena ') == 1, finished.stderr
