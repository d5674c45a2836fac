# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""End this process although a library hangs and holds the interpreter.

Fast DDS 3.2 deadlocks now and then when it is taken down while peers leave, too: its receiving
thread waits for its event thread and that for a lock of the first (Fast-DDS issue 6502). Whoever
destroys a publisher then waits for ever, without giving the interpreter to anybody. So the kernel
calls C functions when the time is over; no line of Python is needed for that.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_SIGEV_THREAD = 2  # sigevent(7): call a function on a new thread
_WORDING_SECONDS = 0.1


class _Event(ctypes.Structure):
    """struct sigevent of Linux, 64 bytes with its padding."""

    _fields_ = (
        ('value', ctypes.c_void_p),
        ('signal', ctypes.c_int),
        ('notify', ctypes.c_int),
        ('function', ctypes.c_void_p),
        ('attributes', ctypes.c_void_p),
        ('padding', ctypes.c_char * 32),
    )


class _Spec(ctypes.Structure):
    """struct itimerspec: period and first time, each in s and ns."""

    _fields_ = (
        ('period_seconds', ctypes.c_long),
        ('period_nanoseconds', ctypes.c_long),
        ('seconds', ctypes.c_long),
        ('nanoseconds', ctypes.c_long),
    )


@contextmanager
def exit_after(seconds: float, words: str) -> Iterator[None]:
    """End the process with exit code 0 when what is done within takes longer.

    Where the C library lacks what that needs (Linux has it, glibc from 2.34 on), nothing ends it.

    Args:
        seconds: until then.
        words: written to standard error just before.
    """
    text = ctypes.create_string_buffer(words.replace('%', '%%').encode())
    try:
        libc = ctypes.CDLL(None)
        timers = [
            _call_after(libc, seconds, libc.warnx, ctypes.addressof(text)),
            _call_after(libc, seconds + _WORDING_SECONDS, libc._exit, 0),
        ]
    except (OSError, AttributeError):
        yield
        return
    try:
        yield
    finally:
        for timer in timers:
            libc.timer_delete(timer)


def _call_after(libc: Any, seconds: float, function: Any, value: int) -> ctypes.c_void_p:
    """Have the kernel call a C function with one argument after a time; return its timer."""
    event = _Event(value=value, notify=_SIGEV_THREAD)
    event.function = ctypes.cast(function, ctypes.c_void_p).value
    timer = ctypes.c_void_p()
    whole = int(seconds)
    spec = _Spec(seconds=whole, nanoseconds=int((seconds - whole) * 1e9))
    if libc.timer_create(time.CLOCK_MONOTONIC, ctypes.byref(event), ctypes.byref(timer)) or (
        libc.timer_settime(timer, 0, ctypes.byref(spec), None)
    ):
        raise OSError('no timer')
    return timer
