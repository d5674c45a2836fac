# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Who supervises the supervisor: whether it hangs, so that the launch can start it anew."""

from __future__ import annotations

from dataclasses import dataclass

from assist_monitor.hangs import EXCUSE, OWN_GAP
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
        self._looked: float | None = None
        self._excused_until = 0.0

    def heard(self, beat: Beat, now: float) -> None:
        """Take a heartbeat of any node."""
        if (beat.node, beat.host) == (self._node, self._host):
            self._beat = beat, now

    def hang(self, now: float) -> Hang | None:
        """Return the process if it hangs, and forget it: it is told once.

        To be called at least once a second: it is not blamed for a longer time between two calls,
        in which the one who watches stood still as well.
        """
        self._forgive_own_absence(now)
        if self._beat is None:
            return None
        beat, heard = self._beat
        name = short_name(beat.node)
        if now - heard > self._timeout:
            text = f'{name} has been silent for {now - heard:.1f} s'
        elif heard >= self._excused_until and _stands_still(beat):
            age = beat.executor_age
            text = f'{name} does not react: its executor has stood still for {age:.1f} s'
        else:
            return None
        self._beat = None
        return Hang(name, beat.pid, text)

    def _forgive_own_absence(self, now: float) -> None:
        gap = 0.0 if self._looked is None else now - self._looked
        self._looked = now
        if gap < OWN_GAP:
            return
        self._excused_until = now + EXCUSE
        if self._beat is not None:
            beat, heard = self._beat
            self._beat = beat, min(now, heard + gap)


def _stands_still(beat: Beat) -> bool:
    return not beat.in_transition and beat.executor_age > EXECUTOR_TIMEOUT
