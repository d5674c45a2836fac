# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What the supervision asks its node to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum


class State(IntEnum):
    """Primary states, numbered as in lifecycle_msgs/State."""

    UNKNOWN = 0
    UNCONFIGURED = 1
    INACTIVE = 2
    ACTIVE = 3
    FINALIZED = 4


class Transition(IntEnum):
    """Transitions, numbered as in lifecycle_msgs/Transition."""

    CONFIGURE = 1
    CLEANUP = 2
    ACTIVATE = 3
    DEACTIVATE = 4

    @property
    def goal(self) -> State:
        """Return the state after it."""
        return _GOALS[self]


_GOALS = {
    Transition.CONFIGURE: State.INACTIVE,
    Transition.CLEANUP: State.UNCONFIGURED,
    Transition.ACTIVATE: State.ACTIVE,
    Transition.DEACTIVATE: State.INACTIVE,
}


class Severity(Enum):
    """How a note is logged."""

    INFO = 'info'
    WARNING = 'warning'
    ERROR = 'error'


@dataclass(frozen=True)
class Change:
    """Ask a node for a transition."""

    node: str
    transition: Transition


@dataclass(frozen=True)
class Query:
    """Ask a node for its state."""

    node: str


@dataclass(frozen=True)
class End:
    """End the process of a node on this machine: SIGTERM, or SIGKILL by force."""

    node: str
    pid: int
    force: bool


@dataclass(frozen=True)
class Note:
    """Tell people."""

    severity: Severity
    text: str


Action = Change | Query | End | Note
