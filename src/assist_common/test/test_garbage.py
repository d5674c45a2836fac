# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Collections in a process of its own: they are settings of a whole interpreter."""

from __future__ import annotations

import subprocess
import sys

import pytest

PRELUDE = """
import gc, sys, weakref
from assist_common import garbage

class Knot:
    def __init__(self):
        self.itself = self

def knot():
    return weakref.ref(Knot())
"""

OLD_THINGS_ARE_LEFT_ALONE = """
known = knot()
gc.freeze()
garbage.settle()
gc.collect()
assert known() is not None
"""

NEW_THINGS_ARE_COLLECTED = """
garbage.settle()
known = knot()
garbage.sweep()
assert known() is None
"""

EVERYTHING_CAN_BE_COLLECTED = """
known = knot()
gc.freeze()
garbage.settle()
garbage.collect()
assert known() is None
assert gc.get_freeze_count() > 0
"""

WHO_HAS_NOT_SETTLED_STAYS_SO = """
garbage.collect()
assert gc.get_freeze_count() == 0
"""

# A tuple made of a generator is made too long and then cut: it is freed at another length.
FREED_TUPLES_ARE_GIVEN_BACK = """
garbage.settle()
before = sys.getallocatedblocks()
for turn in range(30_000):
    tuple(number for number in range(turn % 10))
garbage.sweep()
assert sys.getallocatedblocks() - before < 500
"""


@pytest.mark.parametrize(
    'program',
    [
        pytest.param(OLD_THINGS_ARE_LEFT_ALONE, id='old things are left alone'),
        pytest.param(NEW_THINGS_ARE_COLLECTED, id='new things are collected'),
        pytest.param(FREED_TUPLES_ARE_GIVEN_BACK, id='freed tuples are given back'),
        pytest.param(EVERYTHING_CAN_BE_COLLECTED, id='everything can be collected'),
        pytest.param(WHO_HAS_NOT_SETTLED_STAYS_SO, id='who has not settled stays so'),
    ],
)
def test_collections(program: str) -> None:
    result = subprocess.run(
        [sys.executable, '-c', PRELUDE + program], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
