# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""When a change of health is worth a line in the log."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assist_monitor.thresholds import Level

QUIET = 300.0
"""Seconds in which a cause that comes and goes at the same level is told once."""


class HealthLog:
    """Tells each change of the level, and each new cause at the same level."""

    def __init__(self) -> None:
        self._level = Level.HEALTHY
        self._told: dict[str, float] = {}

    def update(self, level: Level, reasons: Iterable[str], now: float) -> tuple[bool, str]:
        """Return whether it got worse, and a line; an empty one when there is nothing to tell.

        Args:
            now: seconds on a steady clock.
        """
        reasons = list(reasons)
        before, self._level = self._level, level
        self._told = {key: told for key, told in self._told.items() if now - told < QUIET}
        new = [reason for reason in reasons if _cause(reason) not in self._told]
        self._told.update((_cause(reason), now) for reason in reasons)
        if level != before:
            return level > before, _line(f'Health is {level.name}', reasons)
        if new:
            return True, _line(f'Health is still {level.name}', new)
        return False, ''


def _cause(reason: str) -> str:
    """Return what a reason is about: `node: task`, or what was measured without its number."""
    is_of_node = re.match(r'[^ :]+: ', reason) is not None
    subject = ': '.join(reason.split(': ')[: 2 if is_of_node else 1])
    return re.sub(r'\d+(\.\d+)?', '#', subject)


def _line(start: str, reasons: Iterable[str]) -> str:
    return '; '.join([start, *(reason.rstrip('.') for reason in reasons)]) + '.'
