# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from assist_common import qos
from assist_common.component import Component
from assist_common.testing import Graph
from assist_monitor import polling
from assist_monitor.polling import PolledSubscription
from std_msgs.msg import Int32

HOUR = 3600 * 10**9


class ListeningNode(Component):
    def on_setup(self) -> None:
        self.taken: list[tuple[int, float]] = []
        self.numbers = PolledSubscription(self, Int32, 'numbers', self.take, qos.RELIABLE)

    def take(self, message: Int32, age: float) -> None:
        if message.data < 0:
            raise ValueError('a negative number')
        self.taken.append((message.data, age))


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph('/robot') as graph:
        yield graph


@pytest.fixture
def node(graph: Graph) -> ListeningNode:
    node: ListeningNode = graph.start(ListeningNode, name='listening_node')
    seen = graph.listen(Int32, 'numbers')
    publisher = graph.publisher(Int32, 'numbers')
    for number in (1, -1, 2):
        publisher.publish(Int32(data=number))
    seen.wait(3)
    return node


def deliver(graph: Graph, node: ListeningNode) -> list[float]:
    """Wait until all has come, though other listeners may have it sooner; return the ages."""
    deadline = time.monotonic() + 10.0
    while len(node.taken) < 2 and time.monotonic() < deadline:
        graph.on_executor(node, node.numbers.deliver)
    assert [number for number, _ in node.taken] == [1, 2]
    assert node.errors == 1
    return [age for _, age in node.taken]


def test_what_waits_is_delivered_with_its_age(graph: Graph, node: ListeningNode) -> None:
    begin = time.monotonic()
    time.sleep(0.2)
    ages = deliver(graph, node)
    assert all(0.0 <= age < time.monotonic() - begin + 10.0 for age in ages)
    assert ages[0] >= ages[1]
    assert ages[0] >= 0.1


@pytest.mark.parametrize('jump', [HOUR, -HOUR])
def test_a_clock_that_is_set_makes_no_message_older_than_the_last_look(
    graph: Graph, node: ListeningNode, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    clock = SimpleNamespace(time_ns=lambda: time.time_ns() + jump)
    monkeypatch.setattr(polling, 'time', clock)
    ages = deliver(graph, node)
    assert all(0.0 <= age < 60.0 for age in ages)
    assert jump > 0 or ages == [0.0, 0.0]


def test_what_is_discarded_is_never_delivered(graph: Graph, node: ListeningNode) -> None:
    time.sleep(0.2)
    graph.on_executor(node, node.numbers.discard)
    graph.on_executor(node, node.numbers.deliver)
    assert node.taken == []
