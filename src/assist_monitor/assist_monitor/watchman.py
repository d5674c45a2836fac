# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Who supervises the supervisor: whether it hangs, so that the launch can start it anew."""

from __future__ import annotations

from dataclasses import dataclass

from assist_monitor.health import Beat, short_name

EXECUTOR_TIMEOUT = 2.5
"""Seconds that its executor may stand still."""


@dataclass(frozen=True)
class Hang:
    """A process that hangs; `text` is a sentence without its full stop."""

    node: str
    pid: int
    text: str


class Watchman:
    """Follows the heartbeats of one node on this machine."""

    def __init__(self, node: str, host: str, timeout: float) -> None:
        """Know nothing yet.

        Args:
            node: fully qualified name.
            timeout: seconds of silence after which it hangs, if its process still lives.
        """
        self._node = node
        self._host = host
        self._timeout = timeout
        self._beat: tuple[Beat, float] | None = None

    def heard(self, beat: Beat, now: float) -> None:
        """Take a heartbeat of any node."""
        if (beat.node, beat.host) == (self._node, self._host):
            self._beat = beat, now

    def hang(self, now: float) -> Hang | None:
        """Return the process if it hangs, and forget it: it is told once."""
        if self._beat is None:
            return None
        beat, heard = self._beat
        name = short_name(beat.node)
        if now - heard > self._timeout:
            text = f'{name} has been silent for {now - heard:.1f} s'
        elif not beat.in_transition and beat.executor_age > EXECUTOR_TIMEOUT:
            age = beat.executor_age
            text = f'{name} does not react: its executor has stood still for {age:.1f} s'
        else:
            return None
        self._beat = None
        return Hang(name, beat.pid, text)
