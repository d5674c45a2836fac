# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Whether the heartbeat of safety still beats, and whether what was halted ends."""

from __future__ import annotations

from assist_intent.types import NEVER


class SafetyWatch:
    """Safety holds from a heartbeat until it stays away, or until somebody reports it lost.

    Args:
        timeout: s without a heartbeat.
    """

    def __init__(self, timeout: float) -> None:
        self.reason = 'the safety state has not been heard yet'
        self._timeout = timeout
        self._seen = NEVER

    def beat(self, now: float, stopped: bool, reason: str) -> None:
        """Take in a heartbeat."""
        self._seen = now
        self.reason = f'stopped: {reason}' if stopped else ''

    def lose(self, reason: str) -> None:
        """Take in that the middleware reports it lost, until the next heartbeat."""
        self._seen = NEVER
        self.reason = reason

    def safe(self, now: float) -> bool:
        """Return whether safety holds; `reason` says why not."""
        if now - self._seen > self._timeout:
            if not self.reason:
                self.reason = 'the safety state stays away'
            return False
        return not self.reason


HALT_PERIOD = 0.2
"""Seconds after which motion that should have ended is halted again."""
END_TIME = 1.0
"""Seconds that handlers have to end when they are halted."""


class HaltWatch:
    """Notices handlers that go on though they were halted."""

    def __init__(self) -> None:
        self.overdue = False
        """Whether they had more time than any should need."""
        self._since: float | None = None
        self._halted = NEVER

    def look(self, halting: bool, now: float) -> bool:
        """Take in whether a halted handler still runs; return whether to halt the motion again."""
        if not halting:
            self._since, self.overdue = None, False
            return False
        if self._since is None:
            self._since = self._halted = now
        self.overdue = now - self._since > END_TIME
        again = now - self._halted >= HALT_PERIOD
        if again:
            self._halted = now
        return again
