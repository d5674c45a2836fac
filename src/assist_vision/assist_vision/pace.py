# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Which of the images that come are looked at: as many as wanted, fewer while nobody looks."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class PaceOptions:
    """Images a second, at most.

    Attributes:
        rate: Hz; 0: as many as the detector can do.
        idle_rate: Hz while nobody looks or speaks; 0: as always.
        idle_after: s after the last sign of a dialogue.
    """

    rate: float = 0.0
    idle_rate: float = 1.0
    idle_after: float = 30.0


class Pace:
    """Accepts images evenly; time is an argument in seconds on a steady clock."""

    def __init__(self, options: PaceOptions) -> None:
        self.options = options
        self.left_out = 0
        self.idle = False
        self._woken = -math.inf
        self._due = -math.inf
        self._period = 0.0

    def wake(self, now: float) -> None:
        """Go to the full rate: somebody speaks, or will want to know what is seen."""
        self._woken = now

    def accepts(self, now: float, watched: bool) -> bool:
        """Tell whether to look at an image that has come now; count it if not.

        Args:
            watched: somebody takes what is published, or an act is under way.
        """
        options = self.options
        quiet = now - self._woken > options.idle_after
        self.idle = quiet and not watched and options.idle_rate > 0
        self._set_period(self._rate())
        if now < self._due:
            self.left_out += 1
            return False
        # From the moment it was due, so that jitter does not lower the rate.
        late = now - self._due
        self._due = (self._due if late < self._period else now) + self._period
        return True

    def _rate(self) -> float:
        options = self.options
        if not self.idle:
            return options.rate
        return min(options.rate, options.idle_rate) if options.rate else options.idle_rate

    def _set_period(self, rate: float) -> None:
        period = 1 / rate if rate else 0.0
        if period < self._period:  # nobody waits out the longer one
            self._due += period - self._period
        self._period = period
