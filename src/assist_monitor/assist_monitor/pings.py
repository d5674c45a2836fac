# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Learn whether the active nodes still get what is sent to them.

A heartbeat shows that a node can send. One whose receiving side is broken beats on, and does
nothing of what it is told, a stop included. (Seen with Fast DDS: who sends by shared memory may go
on writing into that of the node's predecessor.) So one node after the other is asked for its state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assist_monitor.actions import Query, State
from assist_monitor.member import Member

PERIOD = 3.0
"""Seconds between two questions, each to another node."""

PATIENCE = 3.0
"""Seconds after which a question counts as lost."""

DEAF = 2
"""Requests lost one after the other, these or others, from which a node gets none."""

FAULT = 'gets no requests'
"""The rest of a sentence that begins with the name of such a node."""


class Pings:
    """Asks in turn; time is an argument in seconds on a steady clock."""

    def __init__(self, now: float) -> None:
        self._asked_at = now
        self._turn = 0

    def tick(self, members: Sequence[Member], now: float) -> Iterator[Query]:
        """Give the questions that are due."""
        for member in members:
            if not is_asked(member):
                member.pinged = None
            elif member.pinged is not None and now - member.pinged > PATIENCE:
                member.unanswered += 1
                member.pinged = now
                yield Query(member.name)
        if members and now - self._asked_at >= PERIOD:
            self._asked_at = now
            self._turn += 1
            member = members[self._turn % len(members)]
            if is_asked(member) and member.pinged is None:
                member.pinged = now
                yield Query(member.name)


def is_asked(member: Member) -> bool:
    """Return whether a node that gets the question answers it at once."""
    busy = member.pending is not None or member.in_transition or member.ending_since is not None
    return member.state == State.ACTIVE and bool(member.pid) and not (member.gone or busy)


def answered(member: Member) -> None:
    """Take an answer."""
    member.pinged = None
    member.unanswered = 0


def is_deaf(member: Member) -> bool:
    """Return whether a node that was active gets no questions."""
    return member.unanswered >= DEAF
