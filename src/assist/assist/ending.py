# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""End a running graph with a signal, and tell how that went."""

from __future__ import annotations

import re
import signal
import threading
import time
from dataclasses import dataclass
from functools import partial
from typing import Any

from lifecycle_msgs.msg import State, TransitionEvent
from lifecycle_msgs.srv import GetState

from assist.nodes import NODES
from assist.observer import Observer
from assist.session import Session

ORDER = tuple(name for name in NODES if name != 'supervisor_node')
"""The nodes as they are to be deactivated: who speaks before who listens."""

KNOWN_TIMEOUT = 10.0
"""Seconds that the nodes may take to know who listens to their events."""

_ASKED_AGAIN_AFTER = 1.0

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
        for name in ORDER:
            observer.node.create_subscription(
                TransitionEvent, f'{name}/transition_event', partial(self._see, name), 10
            )
        self._clients: list[Any] = [
            observer.node.create_client(GetState, f'{name}/get_state') for name in ORDER
        ]

    def end(self, session: Session, number: signal.Signals) -> Ending:
        """Send the signal to the launch once all nodes know of this watch; wait for its end."""
        self._wait_until_known()
        self._deactivated.clear()
        began = time.monotonic()
        exit_code = session.stop(number)
        seconds = time.monotonic() - began
        self._observer.wait_for(lambda _: len(self._deactivated) == len(ORDER), LATE)
        order = sorted(self._deactivated, key=self._deactivated.__getitem__)
        unclean = _UNCLEAN.findall(session.log_file.read_text())
        return Ending(seconds, exit_code, tuple(order), tuple(unclean), tuple(session.orphans))

    def _wait_until_known(self) -> None:
        """Wait until every node would send its events here.

        To see its publisher tells nothing of that: each side finds the other in its own time. But
        who answers a request has learned of the client, and so of the subscription announced
        before it: announcements come in order (DDSI-RTPS 2.5, 8.5.4).
        """
        deadline = time.monotonic() + KNOWN_TIMEOUT
        for client in self._clients:
            while time.monotonic() < deadline and not _answers(client):
                pass

    def _see(self, name: str, event: TransitionEvent, about: Any) -> None:
        ends = event.start_state.id in (
            State.PRIMARY_STATE_ACTIVE,
            State.TRANSITION_STATE_DEACTIVATING,
        )
        if ends:
            self._deactivated.setdefault(name, about['source_timestamp'])


def _answers(client: Any) -> bool:
    """Return whether a request was answered; one that finds no way back is lost."""
    if not client.wait_for_service(_ASKED_AGAIN_AFTER):
        return False
    answered = threading.Event()
    future = client.call_async(GetState.Request())
    future.add_done_callback(lambda _: answered.set())
    return answered.wait(_ASKED_AGAIN_AFTER)
