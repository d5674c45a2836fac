# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A real sound server and nodes as processes, for tests of what is heard and said.

PulseAudio with null sinks stands for the hardware; PortAudio reaches it through ALSA.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from ament_index_python.packages import get_package_prefix
from assist_common.testing import Collector, Graph, wait_until

ALSA = """
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.bedside {
  type pulse
  device "microphone.monitor"
  hint { show on description "A source of the server with a name of its own" }
}
"""


class SoundServer:
    """A PulseAudio of its own with a microphone and a loudspeaker."""

    def __init__(self, folder: Path) -> None:
        for program in ('pulseaudio', 'pactl', 'paplay'):
            assert shutil.which(program), f'{program} is missing: sudo apt install pulseaudio'
        socket = folder / 'native'
        (folder / 'asound.conf').write_text(ALSA)
        self.environment = {
            **os.environ,
            'HOME': str(folder),
            'XDG_RUNTIME_DIR': str(folder),
            'PULSE_RUNTIME_PATH': str(folder),
            'PULSE_SERVER': f'unix:{socket}',
            'ALSA_CONFIG_PATH': str(folder / 'asound.conf'),
        }
        modules = [
            f'module-native-protocol-unix socket={socket} auth-anonymous=1',
            'module-null-sink sink_name=loudspeaker',
            'module-null-sink sink_name=microphone rate=16000',
        ]
        self._command = ['pulseaudio', '-n', '--daemonize=no', '--exit-idle-time=-1']
        self._command += ['--disable-shm=yes', *(f'--load={module}' for module in modules)]
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: self._control('info') == 0, 'the sound server')
        self._control('set-default-source', 'microphone.monitor')
        self._control('set-default-sink', 'loudspeaker')

    def stop(self) -> None:
        self.freeze(False)
        self._process.terminate()
        self._process.wait(10.0)

    def speak(self, path: Path) -> None:
        command = ['paplay', '--device=microphone', str(path)]
        subprocess.run(command, env=self.environment, check=True, timeout=30)

    def start_to_speak(self, path: Path, sink: str = 'microphone') -> subprocess.Popen[bytes]:
        command = ['paplay', f'--device={sink}', str(path)]
        return subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)

    def unplug(self, sink: str = 'microphone') -> None:
        modules = self._query('list', 'short', 'modules').splitlines()
        (number,) = [line.split()[0] for line in modules if f'sink_name={sink}' in line]
        self._query('unload-module', number)

    def plug_in(self) -> None:
        self._query('load-module', 'module-null-sink', 'sink_name=microphone', 'rate=16000')
        self._query('set-default-source', 'microphone.monitor')

    def suspend(self, suspended: bool) -> None:
        """Let the microphone deliver nothing, or go on."""
        self._query('suspend-sink', 'microphone', str(int(suspended)))

    def freeze(self, frozen: bool) -> None:
        """Let the whole server hang, or go on."""
        self._process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def _query(self, *words: str) -> str:
        command = ['pactl', *words]
        return subprocess.check_output(command, env=self.environment, text=True)

    def _control(self, *words: str) -> int:
        command = ['pactl', *words]
        return subprocess.run(command, env=self.environment, capture_output=True).returncode


class Processes:
    """Nodes as processes in the graph of the test."""

    def __init__(self, graph: Graph, server: SoundServer) -> None:
        self._environment = {**server.environment, 'ROS_DOMAIN_ID': str(graph.domain_id)}
        self._running: list[subprocess.Popen] = []

    def start(self, name: str, *parameters: str) -> None:
        options = [word for one in ('autostart:=true', *parameters) for word in ('-p', one)]
        executable = Path(get_package_prefix('assist_audio'), 'lib', 'assist_audio', name)
        command = [executable, '--ros-args', *options]
        self._running.append(subprocess.Popen(command, env=self._environment))

    def stop(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            assert process.wait(15.0) == 0


def has(diagnostics: Collector, name: str, level: bytes) -> None:
    """Wait for a task to be at a level in the latest message."""
    diagnostics.clear()
    diagnostics.wait_for(
        lambda messages: any(
            one.name.endswith(name) and one.level == level
            for message in messages
            for one in message.status
            if one.message != 'Node starting up'
        ),
        timeout=30.0,
    )
