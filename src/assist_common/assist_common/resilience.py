# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""When a device, model or peer fails: wait longer each time, stop asking, use another."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import TypeVar

import pybreaker
import tenacity

T = TypeVar('T')


class Backoff:
    """The delays between attempts: they grow by a factor up to a maximum, with random jitter.

    Jitter keeps nodes that lost the same peer from knocking at the same moment.
    """

    def __init__(
        self,
        first: float = 0.5,
        *,
        factor: float = 2.0,
        maximum: float = 30.0,
        jitter: float = 0.1,
        random_source: random.Random | None = None,
    ) -> None:
        if first <= 0 or factor < 1 or maximum < first or not 0 <= jitter < 1:
            raise ValueError('Backoff needs 0 < first <= maximum, factor >= 1 and 0 <= jitter < 1')
        self._first = first
        self._factor = factor
        self._maximum = maximum
        self._jitter = jitter
        self._random = random_source or random.Random()
        self.attempts = 0

    def next(self) -> float:
        """Return the seconds to wait before the next attempt, and count it."""
        delay = min(self._maximum, self._first * self._factor ** min(self.attempts, 63))
        self.attempts += 1
        return delay * (1 + self._random.uniform(-self._jitter, self._jitter))

    def reset(self) -> None:
        """Start again from the first delay: it worked."""
        self.attempts = 0


def retry(
    function: Callable[[], T],
    *,
    attempts: int = 3,
    first: float = 0.5,
    maximum: float = 30.0,
    on: tuple[type[BaseException], ...] = (Exception,),
    sleep: Callable[[float], None] = time.sleep,
    before_retry: Callable[[int, BaseException], None] | None = None,
) -> T:
    """Call a function until it works, with exponential backoff and jitter between attempts.

    Args:
        attempts: how often it is called at most.
        first: upper bound of the first wait, s; it doubles each time up to `maximum`.
        on: the errors that are worth another attempt.
        sleep: waits for so many seconds; an event's `wait` makes it interruptible.
        before_retry: told the number of the failed attempt, from 1, and its error.

    Raises:
        The error of the last attempt.
    """

    def report(state: tenacity.RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if before_retry and error:
            before_retry(state.attempt_number, error)

    retrying = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(attempts),
        wait=tenacity.wait_random_exponential(multiplier=first, max=maximum),
        retry=tenacity.retry_if_exception_type(on),
        sleep=sleep,
        before_sleep=report,
        reraise=True,
    )
    return retrying(function)


class BreakerOpenError(Exception):
    """The breaker is open: the call was not made."""


class CircuitBreaker:
    """Stop calling what keeps failing, and try once again after a while.

    closed: calls go through; after `failures` of them in a row it opens.
    open: calls are refused at once; after `recovery` seconds it becomes half-open.
    half-open: one call goes through and closes or opens it.
    """

    def __init__(
        self,
        name: str,
        *,
        failures: int = 3,
        recovery: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=failures,
            reset_timeout=recovery,
            name=name,
            state_storage=_SteadyStorage(clock),
            throw_new_error_on_trip=False,
        )

    @property
    def state(self) -> str:
        """Return 'closed', 'open' or 'half-open'."""
        return str(self._breaker.current_state)

    @property
    def failures(self) -> int:
        """Return the number of failures in a row."""
        return int(self._breaker.fail_counter)

    def call(self, function: Callable[[], T]) -> T:
        """Call the function unless the breaker is open.

        Raises:
            BreakerOpenError: it was not called. Else the error of the function.
        """
        try:
            return self._breaker.call(function)
        except pybreaker.CircuitBreakerError as error:
            raise BreakerOpenError(f'{self.name}: not tried, it failed too often') from error

    def reset(self) -> None:
        """Close the breaker."""
        self._breaker.close()


class _SteadyStorage(pybreaker.CircuitMemoryStorage):
    """Keeps the moment of opening on a steady clock.

    pybreaker compares it with the date, which jumps when the clock is set; so the date is made
    anew from the steady age each time it asks.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(pybreaker.STATE_CLOSED)
        self._clock = clock
        self._opened: float | None = None

    @property
    def opened_at(self) -> datetime | None:
        if self._opened is None:
            return None
        return datetime.now(timezone.utc) - timedelta(seconds=self._clock() - self._opened)

    @opened_at.setter
    def opened_at(self, moment: datetime) -> None:
        self._opened = self._clock()


def first_success(
    choices: Sequence[tuple[str, Callable[[], T]]],
    *,
    on_failure: Callable[[str, Exception], None] | None = None,
) -> tuple[str, T]:
    """Return the name and result of the first choice that works.

    Args:
        choices: name and function, the preferred one first.
        on_failure: told the name and error of each choice that failed.

    Raises:
        The error of the last choice when none works.
    """
    if not choices:
        raise ValueError('first_success needs at least one choice')
    for position, (name, function) in enumerate(choices, start=1):
        try:
            return name, function()
        except Exception as error:
            if on_failure:
                on_failure(name, error)
            if position == len(choices):
                raise
    raise AssertionError('unreachable')
