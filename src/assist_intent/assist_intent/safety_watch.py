# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Whether the heartbeat of safety still beats."""

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
