# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The time of each image, also where a camera stamps badly."""

from __future__ import annotations

from dataclasses import dataclass

DISORDER = 1.0
"""Seconds by which an image may be older than the last one and still belong to it; it is late."""
FUTURE = 0.5
"""Seconds that a stamp may be ahead of the clock."""


@dataclass(frozen=True)
class _Instant:
    time: float
    """Of the image, s."""
    steady: float
    """When it came, s on the steady clock."""


class Timeline:
    """Gives images their time: that of the stamp where it can be true.

    A stamp of zero, from the future, or the same as the one before cannot; such an image gets the
    time of the last one and what has passed since that came. One bad stamp therefore changes
    nothing. Images that are late are skipped. When two in a row are older than the last by more
    than a second, time was set back: it goes on from there.
    """

    def __init__(self) -> None:
        self.late = 0
        """Images skipped since the start, because a newer one had come."""
        self.implausible = 0
        """Images whose stamp could not be true."""
        self._last: _Instant | None = None
        self._stamp = 0.0
        self._behind = False

    def take(self, stamp: float, now: float, steady: float) -> float | None:
        """Return the time of an image in s; None: skip it.

        Args:
            stamp: of the image, s.
            now: on the clock of the stamps, s.
            steady: on the steady clock, s.
        """
        repeated = stamp == self._stamp
        self._stamp = stamp
        last = self._last
        behind, self._behind = self._behind, False
        if stamp <= 0 or repeated or stamp > now + FUTURE:
            return self._pass(now, steady)
        if last is not None and stamp <= last.time:
            if stamp >= last.time - DISORDER:
                self.late += 1
                return None
            self._behind = True
            if not behind:
                return self._pass(now, steady)
        self._last = _Instant(stamp, steady)
        return stamp

    def reset(self) -> None:
        """Forget the past; the counts stay."""
        self._last = None
        self._stamp = 0.0
        self._behind = False

    def _pass(self, now: float, steady: float) -> float:
        self.implausible += 1
        last = self._last
        time = now if last is None else last.time + max(0.0, steady - last.steady)
        self._last = _Instant(time, steady)
        return time
