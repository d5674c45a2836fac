# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The worker thread."""

from __future__ import annotations

import threading

from assist_common.reporter import MOST, Reporter
from assist_common.testing import wait_until
from assist_common.worker import Worker


def test_keeps_the_order_and_refuses_when_full() -> None:
    seen: list[int] = []
    go = threading.Event()

    def work(number: int) -> None:
        go.wait(10)
        seen.append(number)

    worker = Worker(work, capacity=2)
    worker.start()
    assert worker.put(0)
    wait_until(lambda: worker.pending == 0, 'the first item')
    assert worker.put(1)
    assert worker.put(2)
    assert not worker.put(3)
    assert worker.dropped == 1
    go.set()
    wait_until(lambda: worker.done == 3, 'all items')
    assert seen == [0, 1, 2]
    assert worker.stop()


def test_newest_only_replaces_what_waits() -> None:
    seen: list[int] = []
    go = threading.Event()

    def work(number: int) -> None:
        go.wait(10)
        seen.append(number)

    worker = Worker(work, newest_only=True)
    worker.start()
    worker.put(0)
    wait_until(lambda: worker.pending == 0, 'the first item')
    assert worker.put(1)
    assert not worker.put(2)
    assert not worker.put(3)
    go.set()
    wait_until(lambda: worker.done == 2, 'both items')
    assert seen == [0, 3]
    assert worker.dropped == 2
    worker.stop()


def test_an_error_goes_to_its_handler_and_work_goes_on() -> None:
    errors: list[Exception] = []
    worker = Worker(lambda number: 1 // number, on_error=errors.append)
    worker.start()
    worker.put(0)
    worker.put(1)
    wait_until(lambda: worker.done == 2, 'both items')
    assert [type(error) for error in errors] == [ZeroDivisionError]
    worker.stop()


def test_a_stuck_job_is_abandoned_and_a_new_thread_works_alone() -> None:
    seen: list[str] = []
    go = threading.Event()

    def work(item: str) -> None:
        if item == 'stuck':
            go.wait(10)
        seen.append(item)

    worker = Worker(work)
    worker.start()
    worker.put('stuck')
    wait_until(lambda: worker.busy_seconds > 0, 'the job')
    assert not worker.stop(timeout=0.05)
    worker.start()
    worker.put('next')
    wait_until(lambda: seen == ['next'], 'the next job')
    go.set()
    wait_until(lambda: seen == ['next', 'stuck'], 'the old job')
    worker.put('last')
    wait_until(lambda: seen[-1] == 'last', 'the last job')
    assert worker.stop()


def test_reporter_holds_back_and_counts() -> None:
    written: list[str] = []
    reporter = Reporter(interval=10.0)
    assert reporter.report('a', 'no camera', 0.0, written.append)
    assert not reporter.report('a', 'no camera', 5.0, written.append)
    assert reporter.report('b', 'no sound', 5.0, written.append)
    assert reporter.report('a', 'no camera', 10.0, written.append)
    assert written == [
        'no camera',
        'no sound',
        'no camera (1 more like this were not shown)',
    ]


def test_reporter_is_bounded_whatever_others_send() -> None:
    written: list[str] = []
    reporter = Reporter(interval=10.0)
    for number in range(10 * MOST):
        reporter.report(f'key {number}', f'text {number}', number / 1000, written.append)
    assert len(written) == len(reporter._entries) == MOST
    assert reporter.report('late', 'late', 20.0, written.append)
    assert written[-1] == f'late ({9 * MOST} others were not shown)'
    assert len(reporter._entries) == 1
