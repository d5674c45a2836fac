# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A component as a process: signals and exit codes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from assist_common.testing import Graph, claim_domain
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState

PROGRAM = """
import signal, sys, threading, time
from pathlib import Path
from assist_common.component import Component
from assist_common.main import run

def take_signal():
    time.sleep(0.5)  # until the main thread waits
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
    time.sleep(5.0)

class SampleNode(Component):
    def on_start(self):
        if 'modules' in sys.argv:
            print(*sys.modules, flush=True)
        print('started', flush=True)
        if 'elsewhere' in sys.argv:
            threading.Thread(target=take_signal).start()
    def on_stop(self):
        print('stopped', flush=True)
    def on_teardown(self):
        if 'stuck' in sys.argv:
            time.sleep(60)
        print('torn down', flush=True)

code = run(SampleNode)
if 'threads' in sys.argv:
    tasks = Path('/proc/self/task').iterdir()
    print(*sorted((task / 'comm').read_text().strip() for task in tasks), flush=True)
sys.exit(code)
"""


@contextmanager
def start(
    tmp_path: Path, *arguments: str, autostart: bool = True, domain: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    program = tmp_path / 'sample.py'
    program.write_text(PROGRAM)
    domain = claim_domain() if domain is None else domain
    environment = {**os.environ, 'ROS_DOMAIN_ID': str(domain), 'ROS_LOG_DIR': str(tmp_path)}
    parameters = ['-p', f'autostart:={str(autostart).lower()}', '-r', '__node:=sample']
    process = subprocess.Popen(
        [sys.executable, str(program), *arguments, '--ros-args', *parameters],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_a_signal_shuts_down_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with start(tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == 'started\n'
        time.sleep(0.2)
        process.send_signal(number)
        output, _ = process.communicate(timeout=20)
        assert output == 'stopped\ntorn down\n'
        assert process.returncode == 0


def test_the_middleware_ends_before_the_interpreter(tmp_path: Path) -> None:
    with start(tmp_path, 'threads') as process:
        assert process.stdout is not None
        assert process.stdout.readline() == 'started\n'
        process.terminate()
        threads = process.communicate(timeout=20)[0].splitlines()[-1].split()
        assert threads
        receiving = [name for name in threads if name.startswith(('dds.udp', 'dds.ev'))]
        assert not receiving


def test_a_signal_that_another_thread_takes_shuts_down_too(tmp_path: Path) -> None:
    with start(tmp_path, 'elsewhere') as process:
        output, _ = process.communicate(timeout=20)
        assert output == 'started\nstopped\ntorn down\n'
        assert process.returncode == 0


def activate(graph: Graph) -> None:
    for number in (Transition.TRANSITION_CONFIGURE, Transition.TRANSITION_ACTIVATE):
        assert change(graph, number)


def change(graph: Graph, number: int) -> bool:
    request = ChangeState.Request(transition=Transition(id=number))
    return bool(graph.call(ChangeState, 'sample/change_state', request).success)


def test_a_node_that_another_activated_waits_for_it_on_sigint(tmp_path: Path) -> None:
    with (
        Graph() as graph,
        start(tmp_path, autostart=False, domain=graph.domain_id) as process,
    ):
        activate(graph)
        process.send_signal(signal.SIGINT)
        assert change(graph, Transition.TRANSITION_DEACTIVATE)
        output, _ = process.communicate(timeout=20)
        assert output == 'started\nstopped\ntorn down\n'
        assert process.returncode == 0


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_a_node_that_nobody_deactivates_ends_by_itself(
    tmp_path: Path, number: signal.Signals
) -> None:
    with (
        Graph() as graph,
        start(tmp_path, autostart=False, domain=graph.domain_id) as process,
    ):
        activate(graph)
        process.send_signal(number)
        output, _ = process.communicate(timeout=20)
        assert output == 'started\nstopped\ntorn down\n'
        assert process.returncode == 0


def test_a_node_leaves_out_the_generator_of_message_code(tmp_path: Path) -> None:
    with start(tmp_path, 'modules') as process:
        assert process.stdout is not None
        modules = process.stdout.readline().split()
        assert 'rosidl_generator_py' in modules
        assert 'lark' not in modules


def test_many_signals_at_once_shut_down_once(tmp_path: Path) -> None:
    with start(tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == 'started\n'
        for _ in range(500):
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
        assert output == 'stopped\ntorn down\n'


def test_a_node_that_cannot_shut_down_ends_all_the_same(tmp_path: Path) -> None:
    with start(tmp_path, 'stuck') as process:
        assert process.stdout is not None
        assert process.stdout.readline() == 'started\n'
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
        assert 'Could not shut down in order' in output
        assert process.returncode == 1


@pytest.mark.parametrize(
    'arguments',
    [
        ('-r', '__ns:=my-robot'),
        ('-r', '__node:=9 lives'),
        ('--params-file', '/absent.yaml'),
        ('-p', 'nonsense'),
    ],
)
def test_wrong_ros_arguments_end_with_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with start(tmp_path, '--ros-args', *arguments) as process:
        output, _ = process.communicate(timeout=20)
        assert process.returncode == 1
        assert 'sample_node did not start: ' in output
        assert 'Traceback' not in output
        assert arguments[1].rsplit(':=', 1)[-1] in output
