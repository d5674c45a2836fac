# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The retry, the breaker, the fallback and the time-outs that every node relies on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from assist_common.errors import AssistError
from assist_common.resilience import (
    Backoff,
    BreakerOpenError,
    CircuitBreaker,
    first_success,
    retry,
)

from assist.preflight.subject import Subject

REMEDY = 'install assist_common, tenacity and pybreaker anew'
RECOVERY = 0.05
TIMEOUT = 0.05
LATEST = 2.0


def resilience(_: Subject) -> str:
    """Let something fail, and see that it is taken care of as it should be."""
    for name, works in (
        ('retry', _retries),
        ('backoff', _backs_off),
        ('circuit breaker', _breaks),
        ('fallback', _falls_back),
        ('time-out', _times_out),
    ):
        if not works():
            raise AssistError(f'the {name} does not work', REMEDY)
    return 'retry, backoff, circuit breaker, fallback and time-out work'


def _retries() -> bool:
    calls: list[int] = []

    def fails_twice() -> str:
        calls.append(len(calls))
        if len(calls) < 3:
            raise ConnectionError('not yet')
        return 'done'

    return retry(fails_twice, attempts=3, sleep=lambda seconds: None) == 'done' and len(calls) == 3


def _backs_off() -> bool:
    backoff = Backoff(1.0, maximum=4.0, jitter=0.0)
    return [backoff.next() for _ in range(4)] == [1.0, 2.0, 4.0, 4.0]


def _breaks() -> bool:
    breaker = CircuitBreaker('self-test', failures=2, recovery=RECOVERY)
    for _ in range(2):
        _swallow(lambda: breaker.call(_fail))
    refused = isinstance(_swallow(lambda: breaker.call(_succeed)), BreakerOpenError)
    time.sleep(2 * RECOVERY)
    return refused and breaker.call(_succeed) and breaker.state == 'closed'


def _falls_back() -> bool:
    return first_success([('broken', _fail), ('spare', _succeed)]) == ('spare', True)


def _times_out() -> bool:
    began = time.monotonic()
    told = threading.Event().wait(TIMEOUT)
    return not told and TIMEOUT * 0.9 <= time.monotonic() - began < LATEST


def _fail() -> bool:
    raise ConnectionError('self-test')


def _succeed() -> bool:
    return True


def _swallow(function: Callable[[], object]) -> Exception | None:
    try:
        function()
    except (ConnectionError, BreakerOpenError) as error:
        return error
    return None
