# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What is known of one supervised node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from assist_common.resilience import Backoff, BreakerOpenError, CircuitBreaker

from assist_monitor.actions import State, Transition
from assist_monitor.health import STATES, short_name


@dataclass(frozen=True)
class Limits:
    """Times in seconds, and counts.

    Attributes:
        heartbeat_timeout: silence after which a node hangs, or is gone.
        executor_timeout: a node whose executor stood still for longer hangs.
        worker_timeout: a node with a worker that is at one job for longer hangs.
        configure_timeout: longest configure; it may load a large model, or export one.
        transition_timeout: longest other transition.
        stop_timeout: from SIGTERM to SIGKILL.
        respawn_timeout: a node that is gone for longer is not being started again.
        order_timeout: how long a node that is ready waits for those before it in the list.
        bringup_timeout: time after which the bring-up is summed up even if nodes are missing.
        self_start_timeout: how long a self-starting node is left alone.
        manual_hold: how long a node that somebody else deactivated is left alone; negative: for
            ever.
        stable_time: active for so long, a node counts as recovered.
        query_period: pause between two questions to a node without heartbeats.
        failures: failures in a row that open the breaker.
        recovery: rest before a node whose breaker is open is tried once more.
        first_delay, longest_delay: bounds of the growing pause between two attempts.
    """

    heartbeat_timeout: float = 2.0
    executor_timeout: float = 2.5
    worker_timeout: float = 180.0
    configure_timeout: float = 180.0
    transition_timeout: float = 10.0
    stop_timeout: float = 3.0
    respawn_timeout: float = 10.0
    order_timeout: float = 15.0
    bringup_timeout: float = 30.0
    self_start_timeout: float = 5.0
    manual_hold: float = 5.0
    stable_time: float = 5.0
    query_period: float = 1.0
    failures: int = 3
    recovery: float = 60.0
    first_delay: float = 0.5
    longest_delay: float = 10.0


@dataclass(frozen=True)
class MemberStatus:
    """How one node is, for people and for the mode.

    Attributes:
        state: unknown (not heard yet), missing, hung, stopping, unconfigured, inactive, active
            or finalized.
        breaker: closed, open or half-open.
        failures: in a row.
        problem: empty while it is active; else the rest of a sentence that begins with its name.
    """

    name: str
    state: str
    breaker: str
    failures: int
    problem: str


class Attempts:
    """Failures in a row of one node, and the moment of the next attempt."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._now = 0.0
        self._limits = limits
        self._breaker = CircuitBreaker(
            name, failures=limits.failures, recovery=limits.recovery, clock=lambda: self._now
        )
        self._backoff = Backoff(limits.first_delay, maximum=limits.longest_delay)
        self.failures = 0
        self.not_before = 0.0

    def failed(self, now: float) -> float:
        """Count a failure; return how long to wait."""
        self._now = now
        self.failures += 1
        try:
            self._breaker.call(_fail)
        except (_FailedError, BreakerOpenError):
            is_open = self._breaker.state == 'open'
        delay = self._limits.recovery if is_open else self._backoff.next()
        self.not_before = now + delay
        return delay

    def succeeded(self) -> None:
        """Forget the failures."""
        self.failures = 0
        self._breaker.reset()
        self._backoff.reset()

    def state(self, now: float) -> str:
        """Return closed, open or half-open."""
        if self._breaker.state == 'open' and now >= self.not_before:
            return 'half-open'
        return self._breaker.state


class _FailedError(Exception):
    """What the breaker is told."""


def _fail() -> NoReturn:
    raise _FailedError


class Member:
    """What is known of one node."""

    def __init__(self, name: str, limits: Limits, *, self_starting: bool, now: float) -> None:
        self.name = name
        self.short = short_name(name)
        self.self_starting = self_starting
        self.attempts = Attempts(name, limits)
        self.since = now
        """start of the present life: of supervision, then of each process"""
        self.pid = 0
        self.local = False
        self.state = State.UNKNOWN
        self.in_transition = False
        self.executor_age = 0.0
        self.worker_age = 0.0
        self.worker_excuse = 0.0
        """part of worker_age in which the whole graph stood still"""
        self.excused_until = 0.0
        self.heard: float | None = None
        self.lost_at: float | None = None
        self.queried: float | None = None
        self.pinged: float | None = None
        """when it was asked whether it still hears, until it answers"""
        self.unanswered = 0
        self.pending: Transition | None = None
        self.pending_since = 0.0
        self.settled_until = 0.0
        self.claimed: Transition | None = None
        self.ready_at: float | None = None
        self.active_since: float | None = None
        self.ever_active = False
        self.trouble_since: float | None = None
        self.manual_since: float | None = None
        self.ending_since: float | None = None
        self.force_sent: float | None = None
        self.hung = ''
        self.failed_activations = 0
        self.unheeded = 0
        """requests for a transition, one after the other, that it has not begun"""
        self.cleanup_due = False
        self.reported_missing = False
        self.reported_garbage = False

    @property
    def gone(self) -> bool:
        """Return whether it was there and is no longer."""
        return self.lost_at is not None

    @property
    def word(self) -> str:
        """Return how it is, in one word; see MemberStatus."""
        if self.gone:
            return 'missing'
        if self.heard is None:
            return 'unknown'
        if self.hung:
            return 'hung'
        return 'stopping' if self.ending_since is not None else STATES[self.state]

    def problem(self, now: float) -> str:
        """Return why it is not active, as the rest of a sentence; see MemberStatus."""
        word = self.word
        if word == 'active':
            return ''
        if word in ('unknown', 'missing'):
            text = 'is not running'
        elif word == 'hung':
            text = self.hung
        elif word == 'stopping':
            text = 'is being restarted'
        elif self.manual_since is not None:
            text = f'is {word}, by no doing of the supervisor'
        else:
            text = f'is {word}'
        if self.attempts.state(now) != 'closed':
            text += f' after {self.attempts.failures} failures in a row'
        return text

    def new_process(self, pid: int, local: bool, now: float) -> None:
        """Begin a new life."""
        self.pid, self.local = pid, local
        self.since = now
        self.lost_at = self.pending = self.active_since = self.manual_since = None
        self.ending_since = self.force_sent = self.ready_at = None
        self.hung = ''
        self.state = State.UNKNOWN
        self.in_transition = False
        self.executor_age = self.worker_age = self.worker_excuse = 0.0
        self.settled_until = 0.0
        self.claimed = None
        self.failed_activations = self.unheeded = self.unanswered = 0
        self.pinged = None
        self.cleanup_due = self.reported_missing = False

    def trouble(self, now: float) -> None:
        """Remember when it stopped working, for the word about its recovery."""
        self.active_since = None
        if self.trouble_since is None:
            self.trouble_since = now
