# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Nodes as real processes on a ROS domain of their own, and a microphone that hears files."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import rclpy
from ament_index_python.packages import get_package_prefix
from assist.nodes import dds_profile
from assist_common.testing import claim_domain
from diagnostic_msgs.msg import DiagnosticArray
from lifecycle_msgs.msg import State, Transition
from lifecycle_msgs.srv import ChangeState, GetState
from rclpy.node import Node

TIMEOUT = 60.0
_DISCOVERY = 1.0
_ASOUNDRC = 'pcm.!default { type pulse }\nctl.!default { type pulse }\n'


class Probe(Node):
    """A node in this process that listens to others, and keeps what they say of themselves."""

    def __init__(self) -> None:
        super().__init__('benchmark')
        self.status: dict[str, dict[str, str]] = {}
        self.create_subscription(DiagnosticArray, '/diagnostics', self._read, 100)

    def wait_active(self, node: str) -> None:
        """Wait until a node is active."""
        client = self.create_client(GetState, f'{node}/get_state')
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            if client.service_is_ready():
                future = client.call_async(GetState.Request())
                self.spin_until(future.done, f'the state of {node}')
                if future.result().current_state.id == State.PRIMARY_STATE_ACTIVE:
                    return
            self.spin_for(0.1)
        raise TimeoutError(f'{node} did not become active; see its log above')

    def activate(self, node: str) -> None:
        """Configure a node, and activate it when it and this one know each other."""
        client = self.create_client(ChangeState, f'{node}/change_state')
        self.spin_until(client.service_is_ready, node)
        for transition in (Transition.TRANSITION_CONFIGURE, Transition.TRANSITION_ACTIVATE):
            request = ChangeState.Request(transition=Transition(id=transition))
            future = client.call_async(request)
            self.spin_until(future.done, f'a transition of {node}')
            if not future.result().success:
                raise RuntimeError(f'{node} refused transition {transition}; see its log above.')
            self.spin_for(_DISCOVERY)

    def spin_for(self, seconds: float) -> None:
        """Handle what comes for so many seconds."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            rclpy.spin_once(self, timeout_sec=left)

    def spin_until(
        self, condition: Callable[[], bool], what: str, timeout: float = TIMEOUT
    ) -> None:
        """Handle what comes until the condition holds."""
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f'waited {timeout:g} s for {what}')
            rclpy.spin_once(self, timeout_sec=0.1)

    def _read(self, message: DiagnosticArray) -> None:
        for status in message.status:
            self.status[status.name] = {pair.key: pair.value for pair in status.values}


@contextmanager
def graph() -> Iterator[Probe]:
    """Give a probe on a domain that nothing else uses."""
    os.environ['ROS_DOMAIN_ID'] = str(claim_domain())
    rclpy.init()
    probe = Probe()
    try:
        yield probe
    finally:
        probe.destroy_node()
        rclpy.shutdown()


@contextmanager
def started(package: str, name: str, **parameters: Any) -> Iterator[psutil.Process]:
    """Run a node as a process that configures and activates itself, and end it.

    Its environment is the one that the launch file gives it.
    """
    executable = Path(get_package_prefix(package), 'lib', package, name)
    values = {'autostart': True, **parameters}
    arguments = [part for key, value in values.items() for part in ('-p', f'{key}:={_yaml(value)}')]
    process = psutil.Popen(
        [str(executable), '--ros-args', *arguments],
        env={**os.environ, **dds_profile(os.environ, name)},
        stdout=sys.stderr,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        end(process)


def end(process: Any) -> None:
    """Interrupt a process, and kill it when that does not help."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(10)
    except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
        process.kill()
        process.wait()


@contextmanager
def microphone() -> Iterator[Callable[[Path], subprocess.Popen[bytes]]]:
    """Make PulseAudio's null sink the default microphone; gives a function that speaks a file."""
    program = shutil.which('pulseaudio')
    if not program or not shutil.which('paplay'):
        raise SystemExit(
            'PulseAudio is missing: sudo apt install pulseaudio pulseaudio-utils libasound2-plugins'
        )
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, '.asoundrc').write_text(_ASOUNDRC)
        socket = f'unix:{folder}/native'
        os.environ |= {'HOME': folder, 'PULSE_RUNTIME_PATH': folder, 'PULSE_SERVER': socket}
        modules = (
            f'module-native-protocol-unix auth-anonymous=1 socket={folder}/native',
            'module-null-sink sink_name=room rate=16000 channels=1',
        )
        server = subprocess.Popen(
            [program, '-n', '--daemonize=no', '--exit-idle-time=-1', '--log-level=error']
            + [part for module in modules for part in ('-L', module)],
            start_new_session=True,
        )
        try:
            _wait_for(Path(folder, 'native'))
            subprocess.run(['pactl', 'set-default-source', 'room.monitor'], check=True, timeout=10)
            yield lambda path: subprocess.Popen(['paplay', '--device=room', str(path)])
        finally:
            end(server)
            os.environ.clear()
            os.environ.update(before)


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + 10.0
    while not path.exists():
        if time.monotonic() > deadline:
            raise SystemExit('PulseAudio did not start; see its message above.')
        time.sleep(0.1)


def _yaml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return '[' + ', '.join(map(str, value)) + ']'
    return str(value)
