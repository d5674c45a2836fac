# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Give freed memory back to the system."""

from __future__ import annotations

import ctypes

import psutil

_M_ARENA_MAX = -8  # mallopt(3), malloc.h of glibc


def trim() -> None:
    """Return free heap pages to the system where the C library can; glibc keeps them otherwise."""
    try:
        libc = ctypes.CDLL('libc.so.6')
        libc.malloc_trim(0)
    except (OSError, AttributeError):
        return


def share_heap() -> None:
    """Let all threads that start from now on take their memory from one heap, with glibc.

    A heap for each thread keeps what that thread has freed: hundreds of MB when threads take turns
    with large blocks.
    """
    try:
        ctypes.CDLL('libc.so.6').mallopt(_M_ARENA_MAX, 1)
    except (OSError, AttributeError):
        return


def resident() -> int:
    """Return the bytes of this process that are in memory."""
    return int(psutil.Process().memory_info().rss)
