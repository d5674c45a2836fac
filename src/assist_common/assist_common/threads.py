# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""How many threads a library may compute with."""

from __future__ import annotations

import os
from collections.abc import Mapping

MOST = 6
"""Nodes share the cores: more threads of one node only wait for those of the others."""

OPENMP = 'OMP_NUM_THREADS'
"""Environment variable: the bound of OpenMP (torch, OpenBLAS), and of every node here."""

OPENCV = 'OPENCV_FOR_THREADS_NUM'
"""Environment variable: the same for OpenCV, which has threads of its own."""


def pool(chosen: int = 0, environment: Mapping[str, str] = os.environ) -> int:
    """Return the number of threads: as chosen, or for 0 one for each core up to the bound."""
    return chosen or min(_cores(), _bound(environment))


def bounds(environment: Mapping[str, str], most: int = MOST) -> dict[str, str]:
    """Return the variables that bound the threads of a process, without those that are set.

    Args:
        most: threads where OMP_NUM_THREADS is not set; there are no more than cores.
    """
    count = str(pool(0, {OPENMP: str(most), **environment}))
    return {name: count for name in (OPENMP, OPENCV) if name not in environment}


def _cores() -> int:
    if hasattr(os, 'sched_getaffinity'):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _bound(environment: Mapping[str, str]) -> int:
    # OpenMP takes a list, a number for each level of nesting.
    first = environment.get(OPENMP, '').partition(',')[0].strip()
    return int(first) if first.isdigit() and int(first) else MOST
