# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Backoff, retry, breaker and fallback."""

from __future__ import annotations

import random

import pytest
from assist_common.resilience import (
    Backoff,
    BreakerOpenError,
    CircuitBreaker,
    first_success,
    retry,
)


def fail() -> None:
    raise OSError('no')


def test_backoff_grows_to_its_maximum_and_starts_again() -> None:
    backoff = Backoff(1.0, maximum=5.0, jitter=0.0)
    assert [backoff.next() for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    backoff.reset()
    assert backoff.next() == 1.0


def test_backoff_jitter_stays_in_its_bounds() -> None:
    backoff = Backoff(2.0, factor=1.0, maximum=2.0, jitter=0.25, random_source=random.Random(1))
    delays = [backoff.next() for _ in range(200)]
    assert all(1.5 <= delay <= 2.5 for delay in delays)
    assert len(set(delays)) > 100


def test_backoff_does_not_overflow() -> None:
    backoff = Backoff(1.0, maximum=30.0, jitter=0.0)
    for _ in range(5000):
        delay = backoff.next()
    assert delay == 30.0


def test_retry_returns_the_first_success() -> None:
    results = iter([OSError('a'), OSError('b'), 'fine'])
    waits: list[float] = []
    told: list[int] = []

    def attempt() -> str:
        result = next(results)
        if isinstance(result, Exception):
            raise result
        return result

    value = retry(
        attempt,
        attempts=3,
        first=1.0,
        sleep=waits.append,
        before_retry=lambda number, error: told.append(number),
    )
    assert value == 'fine'
    assert told == [1, 2]
    assert len(waits) == 2
    assert all(0 <= wait <= 2.0 for wait in waits)


def test_retry_raises_the_last_error_and_leaves_others_alone() -> None:
    with pytest.raises(OSError, match='no'):
        retry(fail, attempts=2, sleep=lambda seconds: None)
    with pytest.raises(OSError, match='no'):
        retry(fail, attempts=2, on=(ValueError,), sleep=lambda seconds: pytest.fail('waited'))


def test_breaker_opens_recovers_and_closes() -> None:
    now = [0.0]
    breaker = CircuitBreaker('camera', failures=3, recovery=60.0, clock=lambda: now[0])
    for _ in range(3):
        with pytest.raises(OSError):
            breaker.call(fail)
    assert breaker.state == 'open'
    now[0] = 59.0
    with pytest.raises(BreakerOpenError):
        breaker.call(lambda: pytest.fail('called'))
    now[0] = 61.0
    with pytest.raises(OSError):
        breaker.call(fail)
    assert breaker.state == 'open'
    now[0] = 122.0
    assert breaker.call(lambda: 'fine') == 'fine'
    assert breaker.state == 'closed'


def test_breaker_forgets_failures_after_a_success() -> None:
    breaker = CircuitBreaker('x', failures=2)
    for _ in range(5):
        with pytest.raises(OSError):
            breaker.call(fail)
        breaker.call(lambda: None)
    assert breaker.state == 'closed'


def test_first_success_prefers_the_first_that_works() -> None:
    told: list[str] = []
    choices = [('gpu', fail), ('cpu', lambda: 7), ('none', lambda: pytest.fail('called'))]
    assert first_success(choices, on_failure=lambda name, error: told.append(name)) == ('cpu', 7)
    assert told == ['gpu']
    with pytest.raises(OSError):
        first_success([('only', fail)])
