# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Give freed memory back to the system."""

from __future__ import annotations

import ctypes

import psutil


def trim() -> None:
    """Return free heap pages to the system where the C library can; glibc keeps them otherwise."""
    try:
        libc = ctypes.CDLL('libc.so.6')
        libc.malloc_trim(0)
    except (OSError, AttributeError):
        return


def resident() -> int:
    """Return the bytes of this process that are in memory."""
    return int(psutil.Process().memory_info().rss)
