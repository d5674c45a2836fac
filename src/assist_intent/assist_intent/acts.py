# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What the executor has been given, until it has ended or is given up."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from assist_intent.policy import MINUTE, Policy
from assist_intent.types import Cancel, Effect, Request

ACCEPTANCE = 3.0
"""Seconds that an executor has to take or refuse a request."""
CANCELLATION = 5.0
"""Seconds that an executor has to end what was cancelled, before it is given up."""


@dataclass
class Act:
    """A request that the executor has."""

    request: Request
    deadline: float
    confirmation: str = ''
    accepted: bool = False
    cancelled: bool = False


class Acts:
    """All acts that are under way, in the order in which they were begun."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._acts: dict[str, Act] = {}
        self._starts: deque[tuple[str, float]] = deque(maxlen=1000)

    def __bool__(self) -> bool:
        return bool(self._acts)

    @property
    def latest(self) -> str:
        """Return the id of the latest request, or nothing."""
        return next(reversed(self._acts), '')

    def get(self, request_id: str) -> Act | None:
        """Return an act."""
        return self._acts.get(request_id)

    def wanted(self, *, only_moving: bool = False) -> list[Act]:
        """Return the acts that nobody has cancelled."""
        return [
            act
            for act in self._acts.values()
            if not act.cancelled and (self.moves(act.request) or not only_moving)
        ]

    def moving(self) -> Request | None:
        """Return the latest request that moves the robot, also one that is to end."""
        moving = [act.request for act in self._acts.values() if self.moves(act.request)]
        return moving[-1] if moving else None

    def moves(self, request: Request) -> bool:
        """Return whether doing it moves the robot."""
        rules = self._policy.intents.get(request.understanding.name)
        return rules is not None and rules.moves

    def begin(self, request: Request, confirmation: str, now: float) -> None:
        """Take in that a request goes to the executor."""
        while self._starts and now - self._starts[0][1] > MINUTE:
            self._starts.popleft()
        self._starts.append((request.understanding.name, now))
        self._acts[request.id] = Act(request, now + ACCEPTANCE, confirmation)

    def starts(self, now: float) -> tuple[tuple[str, float], ...]:
        """Return intents and ages of the starts of the last minute."""
        return tuple((name, now - at) for name, at in self._starts)

    def accepted(self, request_id: str, now: float) -> None:
        """Take in that the executor has begun."""
        act = self._acts.get(request_id)
        if act and not act.cancelled:
            act.accepted = True
            act.deadline = now + self._policy.intents[act.request.understanding.name].timeout

    def cancel(self, now: float, *, only_moving: bool = False) -> list[Effect]:
        """Tell the executor to end acts."""
        return self._cancel(self.wanted(only_moving=only_moving), now)

    def cancel_one(self, request_id: str, now: float) -> list[Effect]:
        """Tell the executor to end one act."""
        return self._cancel([act for act in self.wanted() if act.request.id == request_id], now)

    def cancel_intent(self, name: str, now: float) -> list[Effect]:
        """Tell the executor to end all acts of one intent."""
        acts = [act for act in self.wanted() if act.request.understanding.name == name]
        return self._cancel(acts, now)

    @staticmethod
    def _cancel(acts: list[Act], now: float) -> list[Effect]:
        for act in acts:
            act.cancelled = True
            act.deadline = now + CANCELLATION
        return [Cancel(tuple(act.request.id for act in acts))] if acts else []

    def end(self, request_id: str) -> Act | None:
        """Forget an act and return it."""
        return self._acts.pop(request_id, None)

    def overdue(self, now: float) -> list[Act]:
        """Return the acts whose time is up."""
        return [act for act in self._acts.values() if now > act.deadline]
