# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A process ends although a library holds the interpreter."""

from __future__ import annotations

import subprocess
import sys

HANGING = """
import ctypes
from assist_common.last_resort import exit_after

with exit_after({seconds}, 'sample: 100 % done, but it hangs'):
    ctypes.PyDLL(None).usleep({busy})  # PyDLL keeps the interpreter for itself
print('went on')
ctypes.PyDLL(None).usleep({later})
"""


def run(seconds: float, busy: float, later: float = 0.0) -> subprocess.CompletedProcess[str]:
    code = HANGING.format(seconds=seconds, busy=int(busy * 1e6), later=int(later * 1e6))
    command = [sys.executable, '-c', code]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_what_hangs_is_left() -> None:
    result = run(seconds=0.3, busy=50.0)
    assert (result.returncode, result.stdout) == (0, '')
    assert 'sample: 100 % done, but it hangs' in result.stderr


def test_what_ends_in_time_is_not() -> None:
    result = run(seconds=2.0, busy=0.0, later=4.0)
    assert (result.returncode, result.stdout, result.stderr) == (0, 'went on\n', '')
