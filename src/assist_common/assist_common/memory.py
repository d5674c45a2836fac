# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Use little memory, and give back to the system what is freed."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from types import ModuleType
from typing import Any

import psutil

MEBIBYTE = 1024**2

# mallopt(3), malloc.h of glibc
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8

_LARGEST_BLOCK = 32 * MEBIBYTE
"""The most that glibc takes for the size of a block on the heap."""


def load_late(name: str) -> None:
    """Have a module loaded when it is first used, not when it is imported.

    For a process whose libraries import what it does not need. To be called before they do.
    """
    spec = importlib.util.find_spec(name) if name not in sys.modules else None
    if spec is not None:
        late = _LateModule(name)
        late.__spec__ = spec
        # Who looks for the module of a function asks all of them: each line of rclpy's log does.
        late.__file__ = spec.origin
        sys.modules[name] = late


class _LateModule(ModuleType):
    """Stands for a module until something of it is wanted.

    The standard library's LazyLoader would load it at the next import statement.
    """

    def __getattr__(self, attribute: str) -> Any:
        # A second thread that comes here meanwhile waits for the import of the first.
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        module = importlib.import_module(self.__name__)
        vars(self).update(vars(module))
        return getattr(module, attribute)


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
    with large blocks; `trim` does not give back the end of such a heap. To be called before any
    library starts a thread, rclpy among them.
    """
    _set(_M_ARENA_MAX, 1)


def keep_blocks() -> None:
    """Keep freed blocks of up to 32 MB for the next one of their size, with glibc.

    For a node that takes and frees images all the time: the system would clear every page of each
    of them, and glibc moves them from place to place as it learns their size. `trim` still gives
    back what is free.
    """
    _set(_M_MMAP_THRESHOLD, _LARGEST_BLOCK)
    _set(_M_TRIM_THRESHOLD, _LARGEST_BLOCK)


def _set(option: int, value: int) -> None:
    try:
        ctypes.CDLL('libc.so.6').mallopt(option, value)
    except (OSError, AttributeError):
        return


def resident() -> int:
    """Return the bytes of this process that are in memory."""
    return int(psutil.Process().memory_info().rss)
