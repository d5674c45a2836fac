# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Notice when the system clock is set, since stamps from before and after do not compare."""

from __future__ import annotations

from assist_intent.types import NEVER

JUMP = 0.25
"""Seconds between two looks that are no slewing any more."""
MEMORY = 30.0
"""Seconds after a jump in which a stamp may still be of before: the longest speech."""


class ClockWatch:
    """Compares the system clock with the steady one, look by look."""

    def __init__(self) -> None:
        self._offset: float | None = None
        self._jumped_at = NEVER

    def look(self, system: float, steady: float) -> bool:
        """Take both clocks, in seconds; return whether the system clock has just jumped."""
        offset = system - steady
        jumped = self._offset is not None and abs(offset - self._offset) > JUMP
        self._offset = offset
        if jumped:
            self._jumped_at = steady
        return jumped

    def trusted(self, steady: float) -> bool:
        """Return whether recent stamps and those of now can be compared."""
        return steady - self._jumped_at > MEMORY
