# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""End a running graph with a signal, and tell how that went."""

from __future__ import annotations

import re
import signal
import time
from dataclasses import dataclass
from functools import partial
from typing import Any

from lifecycle_msgs.msg import State, TransitionEvent

from assist.nodes import NODES
from assist.observer import Observer
from assist.session import Session

ORDER = tuple(name for name in NODES if name != 'supervisor_node')
"""The nodes as they are to be deactivated: who speaks before who listens."""

HEARD_TIMEOUT = 10.0
"""Seconds that a node's events may take to find their listener."""

LATE = 1.0
"""Seconds after the end in which an event may still be on its way."""

_UNCLEAN = re.compile(r'\[(?:ERROR|FATAL)\].*?\[(\w+)-\d+\].*process has died')


@dataclass(frozen=True)
class Ending:
    """How a graph has ended.

    Attributes:
        seconds: from the signal to the end of the launch.
        order: the nodes in the order in which they were deactivated.
        unclean: nodes whose exit code was not 0.
        orphans: command lines of what was left running, and had to be killed.
    """

    seconds: float
    exit_code: int
    order: tuple[str, ...]
    unclean: tuple[str, ...]
    orphans: tuple[str, ...]

    @property
    def problem(self) -> str:
        """Return what was wrong with it, or an empty text."""
        if self.exit_code or self.unclean:
            return f'exit code {self.exit_code}, not clean: {", ".join(self.unclean)}'
        if self.orphans:
            return f'left running: {", ".join(self.orphans)}'
        return '' if self.order == ORDER else f'order: {", ".join(self.order)}'


class EndWatch:
    """Sees in which order the nodes of a graph are deactivated."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._deactivated: dict[str, int] = {}
        self._subscriptions = [
            observer.node.create_subscription(
                TransitionEvent, f'{name}/transition_event', partial(self._see, name), 10
            )
            for name in ORDER
        ]

    def end(self, session: Session, number: signal.Signals) -> Ending:
        """Send the signal to the launch, once all nodes are heard, and wait for its end."""
        self._observer.wait_for(
            lambda _: all(each.get_publisher_count() for each in self._subscriptions), HEARD_TIMEOUT
        )
        self._deactivated.clear()
        began = time.monotonic()
        exit_code = session.stop(number)
        seconds = time.monotonic() - began
        self._observer.wait_for(lambda _: len(self._deactivated) == len(ORDER), LATE)
        order = sorted(self._deactivated, key=self._deactivated.__getitem__)
        unclean = _UNCLEAN.findall(session.log_file.read_text())
        return Ending(seconds, exit_code, tuple(order), tuple(unclean), tuple(session.orphans))

    def _see(self, name: str, event: TransitionEvent, about: Any) -> None:
        ends = event.start_state.id in (
            State.PRIMARY_STATE_ACTIVE,
            State.TRANSITION_STATE_DEACTIVATING,
        )
        if ends:
            self._deactivated.setdefault(name, about['source_timestamp'])
