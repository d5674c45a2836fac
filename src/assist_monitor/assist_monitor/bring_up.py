# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What is said of the bring-up of all nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assist_monitor.actions import Note, Severity
from assist_monitor.member import Limits, Member


class BringUp:
    """Sums up once, when all nodes are active or time is up, and tells when all are back.

    Attributes:
        acted: a node was asked for a transition; else all were found active.
    """

    def __init__(self, limits: Limits, now: float, *, started: float) -> None:
        """Begin.

        Args:
            started: moment that the times are counted from.
        """
        self.acted = False
        self._limits = limits
        self._begun = now
        self._started = started
        self._summed_up = False
        self._complete = False

    @property
    def goes_on(self) -> bool:
        """Return whether it was not summed up yet."""
        return not self._summed_up

    def notes(self, members: Sequence[Member], now: float) -> Iterator[Note]:
        """Yield what is to be said now."""
        lacking = [member for member in members if member.word != 'active']
        if not lacking and not self._complete:
            text = self._completed(len(members), now)
            self._complete = self._summed_up = True
            yield Note(Severity.INFO, text)
        elif lacking:
            self._complete = False
            if not self._summed_up and now - self._begun > self._limits.bringup_timeout:
                self._summed_up = True
                problems = '; '.join(f'{member.short} {member.problem(now)}' for member in lacking)
                yield Note(
                    Severity.WARNING,
                    f'{len(members) - len(lacking)} of {len(members)} nodes active after '
                    f'{now - self._started:.1f} s: {problems}.',
                )

    def _completed(self, count: int, now: float) -> str:
        if self._summed_up:
            return f'All {count} nodes active again.'
        if not self.acted:
            return f'All {count} nodes active; they were found so.'
        return f'All {count} nodes active after {now - self._started:.1f} s.'
