# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A real sound server: words are played into its microphone, and read as chunks of speech.

PulseAudio with null sinks stands for the hardware; PortAudio reaches it through ALSA.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from assist_common import qos
from assist_common.testing import Collector, Graph, wait_until
from assist_msgs.msg import SpeechSegment, Transcript, Utterance
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from sounds import plain, spoken, write_wav
from std_msgs.msg import Bool

ALSA = """
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
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
        self._process.terminate()
        self._process.wait(10.0)

    def speak(self, path: Path) -> None:
        command = ['paplay', '--device=microphone', str(path)]
        subprocess.run(command, env=self.environment, check=True, timeout=30)

    def _control(self, *words: str) -> int:
        command = ['pactl', *words]
        return subprocess.run(command, env=self.environment, capture_output=True).returncode


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SoundServer]:
    # A socket's path may not be longer than 107 characters.
    folder = Path(subprocess.check_output(['mktemp', '-d'], text=True).strip())
    running = SoundServer(folder)
    yield running
    running.stop()
    shutil.rmtree(folder)


class Processes:
    """Nodes as processes in the graph of the test."""

    def __init__(self, graph: Graph, server: SoundServer) -> None:
        self._environment = {**server.environment, 'ROS_DOMAIN_ID': str(graph.domain_id)}
        self._running: list[subprocess.Popen] = []

    def start(self, name: str, *parameters: str) -> None:
        options = [word for one in ('autostart:=true', *parameters) for word in ('-p', one)]
        command = [sys.executable, '-m', f'assist_audio.{name}', '--ros-args', *options]
        self._running.append(subprocess.Popen(command, env=self._environment))

    def stop(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            assert process.wait(15.0) == 0


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph() as running:
        yield running


@pytest.fixture
def processes(graph: Graph, server: SoundServer) -> Iterator[Processes]:
    started = Processes(graph, server)
    yield started
    started.stop()


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


def test_words_spoken_into_a_microphone_are_heard_before_and_after_it_was_away(
    graph: Graph, server: SoundServer, processes: Processes, tmp_path: Path
) -> None:
    finals = graph.listen(Transcript, 'transcript')
    diagnostics = graph.listen(DiagnosticArray, '/diagnostics')
    processes.start('stt_node')
    processes.start('audio_node')
    has(diagnostics, 'stt_node: recognition', DiagnosticStatus.OK)
    has(diagnostics, 'audio stream', DiagnosticStatus.OK)
    server.speak(write_wav(tmp_path / 'kitchen.wav', spoken('go to the kitchen')))
    # How well tiny.en hears a synthetic voice is not what is tested here.
    assert [plain(one.text).split()[-1] for one in finals.wait()] == ['kitchen']
    server.stop()
    has(diagnostics, 'audio stream', DiagnosticStatus.ERROR)
    server.start()
    has(diagnostics, 'audio stream', DiagnosticStatus.OK)
    server.speak(write_wav(tmp_path / 'bus.wav', spoken('where is the bus')))
    assert len(finals.wait(2)) == 2


def test_what_the_robot_says_is_played_on_the_loudspeaker(
    graph: Graph, server: SoundServer, processes: Processes
) -> None:
    """The microphone listens to the loudspeaker here, without half duplex."""
    speaking = graph.listen(Bool, 'speaking', qos.LATCHED)
    chunks = graph.listen(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))
    diagnostics = graph.listen(DiagnosticArray, '/diagnostics')
    subprocess.run(
        ['pactl', 'set-default-source', 'loudspeaker.monitor'], env=server.environment, check=True
    )
    processes.start('audio_node', 'half_duplex:=false')
    processes.start('speaker_node', 'output:=device')
    has(diagnostics, 'audio stream', DiagnosticStatus.OK)
    sender = graph.publisher(Utterance, 'say')
    sender.publish(Utterance(text='I see a bus on the left.'))
    assert [one.data for one in speaking.wait(3)] == [False, True, False]
    assert chunks.wait_for(lambda all: all and all[-1].state == SpeechSegment.FINAL)
