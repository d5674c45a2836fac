# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""No goal runs that nobody knows of."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from assist_intent import execute_client
from assist_intent.execute_client import ExecuteClient
from assist_msgs.action import ExecuteCommand


class Future:
    """A future that the test completes."""

    def __init__(self) -> None:
        self.value: Any = None
        self._callbacks: list[Callable[[Any], None]] = []

    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        self._callbacks.append(callback)

    def complete(self, value: Any) -> None:
        self.value = value
        for callback in self._callbacks:
            callback(self)

    def cancelled(self) -> bool:
        return False

    def result(self) -> Any:
        return self.value


class Handle:
    """A goal at the server."""

    def __init__(self, accepted: bool = True) -> None:
        self.accepted = accepted
        self.cancels = 0
        self.outcome = Future()

    def cancel_goal_async(self) -> None:
        self.cancels += 1

    def get_result_async(self) -> Future:
        return self.outcome


class Server:
    """What stands for the action client; `answers` hold the futures of goals that were sent."""

    def __init__(self) -> None:
        self.ready = True
        self.answers: list[Future] = []

    def server_is_ready(self) -> bool:
        return self.ready

    def send_goal_async(self, goal: Any) -> Future:
        self.answers.append(Future())
        return self.answers[-1]


class Setup:
    """A client, its server, and what the client has told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server = Server()
        monkeypatch.setattr(execute_client, 'ActionClient', lambda *_: self.server)
        self.node = SimpleNamespace(
            is_active=True,
            report_error=lambda where, error: self.told.append(error),
            resolve_topic_name=lambda name: name,
            get_publishers_info_by_topic=lambda topic: [],
        )
        self.told: list[Any] = []
        self.client = ExecuteClient(
            self.node,  # type: ignore[arg-type]
            lambda request_id: self.told.append(('accepted', request_id)),
            lambda request_id, absent: self.told.append(('refused', request_id, absent)),
            lambda request_id, result: self.told.append(('ended', request_id)),
        )

    def send(self) -> Future:
        self.client.send('r1', ExecuteCommand.Goal())
        return self.server.answers[-1]


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch) -> Setup:
    """Return a client with its server."""
    return Setup(monkeypatch)


def test_a_goal_is_accepted_ended_and_forgotten(setup: Setup) -> None:
    handle = Handle()
    setup.send().complete(handle)
    handle.outcome.complete(SimpleNamespace(result=ExecuteCommand.Result()))
    setup.client.cancel(['r1'])
    assert setup.told == [('accepted', 'r1'), ('ended', 'r1')]
    assert handle.cancels == 0


def test_a_goal_that_was_cancelled_before_its_acceptance_is_cancelled_with_it(
    setup: Setup,
) -> None:
    answer, handle = setup.send(), Handle()
    setup.client.cancel(['r1'])
    answer.complete(handle)
    assert handle.cancels == 1


def test_a_goal_that_is_accepted_after_it_was_given_up_is_cancelled(setup: Setup) -> None:
    answer, handle = setup.send(), Handle()
    setup.server.ready = False
    setup.client.check()
    answer.complete(handle)
    assert setup.told == [('refused', 'r1', True)]
    assert handle.cancels == 1


def test_a_goal_that_is_accepted_after_the_end_of_the_node_is_cancelled(setup: Setup) -> None:
    answer, handle = setup.send(), Handle()
    setup.node.is_active = False
    answer.complete(handle)
    assert setup.told == []
    assert handle.cancels == 1


def test_a_goal_is_cancelled_also_while_its_acceptance_is_told(setup: Setup) -> None:
    handle = Handle()
    setup.client._accepted = lambda request_id: setup.client.cancel([request_id])
    setup.send().complete(handle)
    assert handle.cancels == 1


def test_a_server_that_answers_twice_or_rejects_is_told_once(setup: Setup) -> None:
    answer = setup.send()
    answer.complete(Handle(accepted=False))
    second = Handle()
    answer.complete(second)
    assert setup.told == [('refused', 'r1', False)]
    assert second.cancels == 1
