# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A made world for the supervision: nodes with processes and a launch that respawns them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from assist_monitor.actions import Action, Change, End, Note, Query, State, Transition
from assist_monitor.health import Beat
from assist_monitor.supervision import Limits, Supervision

STEP = 0.1
HOST = 'robot'
STARTS = {
    Transition.CONFIGURE: State.UNCONFIGURED,
    Transition.CLEANUP: State.INACTIVE,
    Transition.ACTIVATE: State.INACTIVE,
    Transition.DEACTIVATE: State.ACTIVE,
}
_pids = itertools.count(1000)


@dataclass
class FakeNode:
    """One node; what it does wrong can be set at any time."""

    name: str
    configure_seconds: float = 1.0
    activate_seconds: float = 0.2
    respawn: float | None = 1.0
    local: bool = True
    beats: bool = True
    running: bool = True
    stopped: bool = False
    fails: set[Transition] = field(default_factory=set)
    deaf: set[Transition] = field(default_factory=set)
    answers: bool = True
    lies: set[Transition] = field(default_factory=set)
    executor_age: float = 0.0
    worker_age: float = 0.0
    ignores_sigterm: bool = False
    state: State = State.UNCONFIGURED
    pid: int = field(default_factory=lambda: next(_pids))
    busy_with: Transition | None = None
    busy_since: float = 0.0
    busy_until: float = 0.0
    died_at: float = 0.0
    starts: int = 1

    def kill(self, now: float) -> None:
        self.running = False
        self.stopped = False
        self.busy_with = None
        self.died_at = now


class World:
    """Runs a supervision against fake nodes, in steps of a tenth of a second."""

    def __init__(self, *nodes: FakeNode, limits: Limits | None = None, **options: object) -> None:
        self.now = 100.0
        self.nodes = {node.name: node for node in nodes}
        self.limits = limits or Limits()
        self.options = options
        self.actions: list[tuple[float, Action]] = []
        self.supervise()

    def supervise(self) -> None:
        """Start the supervisor, or start it anew."""
        self.supervision = Supervision(list(self.nodes), self.limits, self.now, **self.options)

    def run(self, seconds: float) -> None:
        """Let time pass."""
        for _ in range(round(seconds / STEP)):
            self.now = round(self.now + STEP, 3)
            for node in self.nodes.values():
                self._live(node)
            for action in self.supervision.tick(self.now):
                self.actions.append((self.now, action))
                self._do(action)

    def states(self) -> dict[str, str]:
        return {status.name: status.state for status in self.supervision.statuses(self.now)}

    def status(self, name: str):  # noqa: ANN201
        return next(s for s in self.supervision.statuses(self.now) if s.name == name)

    def notes(self) -> list[str]:
        return [action.text for _, action in self.actions if isinstance(action, Note)]

    def changes(self, name: str) -> list[Transition]:
        return [
            action.transition
            for _, action in self.actions
            if isinstance(action, Change) and action.node == name
        ]

    def kills(self, name: str) -> list[End]:
        return [a for _, a in self.actions if isinstance(a, End) and a.node == name]

    def _live(self, node: FakeNode) -> None:
        if not node.running:
            self._respawn(node)
        if not node.running or node.stopped:
            return
        if node.busy_with is not None and self.now >= node.busy_until:
            transition, node.busy_with = node.busy_with, None
            success = transition not in node.fails and node.state == STARTS[transition]
            if success and transition not in node.lies:
                node.state = transition.goal
            self.supervision.answered(node.name, transition, success, self.now)
        if node.beats and round(self.now / STEP) % 5 == 0:
            beat = Beat(
                node.name,
                node.pid,
                HOST,
                int(node.state),
                node.busy_with is not None,
                node.executor_age if node.busy_with is None else self.now - node.busy_since,
                node.worker_age,
            )
            self.supervision.heard(beat, self.now, local=node.local)

    def _respawn(self, node: FakeNode) -> None:
        if self.supervision.local_pids().get(node.name) == node.pid:
            self.supervision.process_gone(node.name, self.now)
        if node.respawn is not None and self.now - node.died_at >= node.respawn:
            node.running = True
            node.pid = next(_pids)
            node.state = State.UNCONFIGURED
            node.answers = True
            node.starts += 1
            node.executor_age = node.worker_age = 0.0

    def _do(self, action: Action) -> None:
        if isinstance(action, Note):
            return
        node = self.nodes[action.node]
        if isinstance(action, End):
            assert action.pid == node.pid
            if node.running and (action.force or not (node.ignores_sigterm or node.stopped)):
                node.kill(self.now)
        elif isinstance(action, Query):
            if node.running and not node.stopped and node.answers:
                self.supervision.state_answered(node.name, int(node.state), self.now)
        elif node.running and not node.stopped and action.transition not in node.deaf:
            node.busy_with = action.transition
            node.busy_since = self.now
            slow = action.transition == Transition.CONFIGURE
            node.busy_until = self.now + (node.configure_seconds if slow else node.activate_seconds)
