# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Calls that hang are left behind, and those that fail leave nothing."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
from assist_audio.timed_calls import TimedCalls
from assist_common.testing import wait_until


def test_results_and_errors_are_passed_on() -> None:
    calls = TimedCalls('test')
    assert calls.call(1.0, lambda: 7) == 7
    with pytest.raises(KeyError):
        calls.call(1.0, lambda: {}['nothing'])
    assert calls.left_behind == 0


def test_what_hangs_is_left_behind_and_counted_until_it_ends() -> None:
    calls, end = TimedCalls('test'), threading.Event()
    with pytest.raises(TimeoutError, match='longer than 0.05 s'):
        calls.call(0.05, lambda: end.wait(10.0))
    assert calls.left_behind == 1
    end.set()
    wait_until(lambda: calls.left_behind == 0, 'its end')


class Large:
    def fail(self) -> None:
        raise MemoryError('no room')


def test_an_error_holds_nothing_once_it_is_handled() -> None:
    calls, large = TimedCalls('test'), Large()
    known = weakref.ref(large)
    gc.disable()
    try:
        with pytest.raises(MemoryError) as raised:
            calls.call(1.0, large.fail)
        del raised, large
        wait_until(lambda: known() is None, 'it to be gone', timeout=1.0)
    finally:
        gc.enable()
