# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The executor beside an intent node in a process of its own, which is stopped and killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from assist_common import qos
from assist_common.testing import Graph, wait_until
from assist_intent import audit
from assist_intent.executor_node import ExecutorNode
from assist_intent.intent_node import IntentNode
from assist_msgs.msg import Decision, Utterance
from conftest import check_halts, seconds_to_halt
from std_msgs.msg import Bool, String

NODE = 'import sys; from assist_intent.{name} import main; sys.exit(main())'


def start_node(graph: Graph, name: str, **parameters: object) -> subprocess.Popen[bytes]:
    """Return the process of a node that activates itself."""
    arguments = ['--ros-args', '-p', 'autostart:=true']
    for key, value in parameters.items():
        arguments += ['-p', f'{key}:={value}']
    environment = {**os.environ, 'ROS_DOMAIN_ID': str(graph.domain_id)}
    code = NODE.format(name=name)
    return subprocess.Popen([sys.executable, '-c', code, *arguments], env=environment)


def start_intent_node(graph: Graph, folder: Path) -> subprocess.Popen[bytes]:
    """Return the process of an intent node."""
    return start_node(graph, 'intent_node', audit_folder=folder)


class Pair:
    """A graph with an executor here and an intent node in another process."""

    def __init__(self, graph: Graph, folder: Path) -> None:
        self.graph = graph
        self.folder = folder
        self.decisions = graph.listen(Decision, 'decision')
        self.executor_node = graph.start(ExecutorNode, {'travel_time': 60.0})
        self.process = start_intent_node(graph, folder)
        self.texts = graph.publisher(String, 'text_command')
        self.wait()

    def wait(self) -> None:
        """Wait for the heartbeat of safety."""
        wait_until(lambda: self.executor_node.watch.safe(self.executor_node.steady()), 'safety')

    def restart(self) -> None:
        """Begin a new intent node in place of the one before."""
        self.process.kill()
        self.process.wait(10.0)
        self.process = start_intent_node(self.graph, self.folder)
        self.wait()

    def say(self, text: str) -> Decision:
        """Type a command and return the decision that came of it."""
        before = len(self.decisions.messages)
        self.texts.publish(String(data=text))
        return self.decisions.wait(before + 1)[-1]

    def start_going(self) -> None:
        """Have the robot on its way; it does not see, so the action has to be repeated."""
        wait_until(
            lambda: (
                self.say('go to the kitchen').verdict == Decision.CONFIRM
                and self.say('yes, go to the kitchen').verdict == Decision.EXECUTE
                and wait_for_task(self.executor_node)
            ),
            'the way to the kitchen to begin',
        )


def wait_for_task(node: ExecutorNode) -> bool:
    """Return whether a task begins soon: the action server may not be discovered yet."""
    try:
        return bool(wait_until(lambda: node.tasks, 'a task', timeout=1.0))
    except AssertionError:
        return False


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Return a running pair; the process ends with it."""
    with Graph() as graph:
        made = Pair(graph, tmp_path)
        yield made
        made.process.kill()
        made.process.wait(10.0)


@pytest.mark.parametrize('number', [signal.SIGSTOP, signal.SIGKILL])
def test_the_executor_halts_by_itself(pair: Pair, number: signal.Signals) -> None:
    def trial() -> float:
        pair.start_going()
        pair.process.send_signal(number)
        seconds = seconds_to_halt(pair.executor_node)
        assert not pair.executor_node.watch.safe(pair.executor_node.steady())
        pair.restart()
        return seconds

    check_halts(trial)


def test_a_stop_outlives_the_process(pair: Pair) -> None:
    assert pair.say('stop').verdict == Decision.STOP
    wait_until(lambda: any(entry['stopped'] for entry in audit.entries(pair.folder)), 'the log')
    pair.process.kill()
    pair.process.wait(10.0)
    stops = pair.graph.listen(Bool, 'stop', qos.LATCHED)
    pair.process = start_intent_node(pair.graph, pair.folder)
    stops.wait_for(lambda messages: messages and messages[-1].data)
    assert pair.say('go to the kitchen').verdict == Decision.REFUSE


def test_an_executor_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with Graph() as graph:
        says = graph.listen(Utterance, 'say')
        node = graph.start(IntentNode, {'audit_folder': str(tmp_path)})
        process = start_node(graph, 'executor_node')
        try:
            wait_until(lambda: node.execute._client.server_is_ready(), 'the executor')
            process.send_signal(signal.SIGSTOP)
            graph.publisher(String, 'text_command').publish(String(data='what do you see'))
            wait_until(lambda: node.dialogue.busy, 'the act to begin')
            wait_until(lambda: not node.dialogue.busy, 'it to be given up', timeout=8.0)
            says.wait_for(lambda messages: 'I gave up' in messages[-1].text)
        finally:
            process.kill()
            process.wait(10.0)


def test_an_executor_that_begins_anew_has_lost_its_act(tmp_path: Path) -> None:
    with Graph() as graph:
        decisions = graph.listen(Decision, 'decision')
        says = graph.listen(Utterance, 'say')
        node = graph.start(IntentNode, {'audit_folder': str(tmp_path)})
        process = start_node(graph, 'executor_node', travel_time=60.0)
        try:
            wait_until(lambda: node.execute._client.server_is_ready(), 'the executor')
            texts = graph.publisher(String, 'text_command')

            def going() -> bool:
                for text in ('go to the kitchen', 'yes, go to the kitchen'):
                    before = len(decisions.messages)
                    texts.publish(String(data=text))
                    decisions.wait(before + 1)
                try:
                    return bool(wait_until(
                        lambda: any(node.execute._goals.values()), 'a goal', timeout=1.0
                    ))  # fmt: skip
                except AssertionError:
                    return False

            wait_until(going, 'the way to the kitchen to begin')
            process.kill()
            process.wait(10.0)
            process = start_node(graph, 'executor_node')
            lost = 'I lost the part of me that was to go to the kitchen.'
            # Long before the time-out of the act, 180 s.
            wait_until(lambda: any(m.text == lost for m in says.messages), 'the loss', timeout=30.0)
            assert not node.dialogue.executing
        finally:
            process.kill()
            process.wait(10.0)
