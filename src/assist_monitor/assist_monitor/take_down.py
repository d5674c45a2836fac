# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""In which order all nodes are deactivated at the end, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assist_monitor.actions import Note, Severity
from assist_monitor.member import Member

PATIENCE = 0.8
"""Seconds that a node may take to deactivate until the next one is asked to."""


class TakeDown:
    """Asks one node after the other, the last one first; who is late holds nobody up for long."""

    def __init__(self) -> None:
        self._asked: dict[str, float] = {}
        self._late: list[str] = []
        self._told = False

    def due(self, active: Sequence[Member], now: float) -> Iterator[Member]:
        """Yield who is to be deactivated now, of the active ones in the order of activation."""
        for member in reversed(active):
            if member.short not in self._asked:
                self._asked[member.short] = now
                yield member
            if now - self._asked[member.short] < PATIENCE:
                return

    def notes(self, active: Sequence[Member], now: float) -> Iterator[Note]:
        """Yield who is late, and once the end of it all."""
        for member in active:
            asked = self._asked.get(member.short, now)
            if now - asked >= PATIENCE and member.short not in self._late:
                self._late.append(member.short)
                yield Note(Severity.WARNING, f'{member.short} {_LATE}')
        if self._asked and not active and not self._told:
            self._told = True
            yield Note(Severity.INFO, self._summary(now))

    def _summary(self, now: float) -> str:
        seconds = now - min(self._asked.values())
        return f'{len(self._asked)} nodes were deactivated within {seconds:.1f} s.'


_LATE = f'is not deactivated {PATIENCE:g} s after it was asked to; the others go on without it.'
