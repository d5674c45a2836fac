# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A real sound server: words are played into its microphone, and read as chunks of speech."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
from assist_audio.audio import level_of
from assist_common import qos
from assist_common.conversions import to_seconds
from assist_common.testing import Graph, wait_until
from assist_msgs.msg import SpeechSegment, Transcript, Utterance
from audio_common_msgs.msg import AudioDataStamped
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from sound_system import Processes, SoundServer, has
from sounds import plain, spoken, write_wav
from std_msgs.msg import Bool

LOUD = -50.0  # dB
MARGIN = 0.25  # s: for a machine with other work


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


def test_speaking_is_true_exactly_while_sound_is_heard(
    graph: Graph, server: SoundServer, processes: Processes
) -> None:
    """The microphone listens to the loudspeaker, and tells when it is loud."""
    changes: list[tuple[float, bool]] = []
    loud: list[float] = []

    def now() -> float:
        return graph.probe.get_clock().now().nanoseconds / 1e9

    def on_sound(message: AudioDataStamped) -> None:
        if level_of(np.frombuffer(bytes(message.audio.data), '<i2')) > LOUD:
            loud.append(to_seconds(message.header.stamp))

    graph.probe.create_subscription(
        Bool, 'speaking', lambda message: changes.append((now(), message.data)), qos.LATCHED
    )
    graph.probe.create_subscription(
        AudioDataStamped, 'audio', on_sound, qos.input_profile(500, 'best_effort')
    )
    diagnostics = graph.listen(DiagnosticArray, '/diagnostics')
    subprocess.run(
        ['pactl', 'set-default-source', 'loudspeaker.monitor'], env=server.environment, check=True
    )
    processes.start('audio_node')
    processes.start('speaker_node', 'output:=device')
    has(diagnostics, 'audio stream', DiagnosticStatus.OK)
    sender = graph.publisher(Utterance, 'say')
    for text in ('I see a bus on the left.', 'Stopping.'):
        changes.clear()
        loud.clear()
        sender.publish(Utterance(text=text))
        wait_until(lambda: [one for _, one in changes][-2:] == [True, False], 'it to be said')
        wait_until(lambda: now() > changes[-1][0] + 1.0, 'what may come too late')
        (begun, _), (ended, _) = changes[-2:]
        assert abs(loud[0] - begun) < MARGIN
        assert abs(ended - loud[-1]) < MARGIN


def test_a_sound_server_that_hangs_in_a_sentence_does_not_leave_the_robot_speaking(
    graph: Graph, server: SoundServer, processes: Processes
) -> None:
    speaking = graph.listen(Bool, 'speaking', qos.LATCHED)
    diagnostics = graph.listen(DiagnosticArray, '/diagnostics')
    processes.start('speaker_node', 'output:=device')
    has(diagnostics, ': speech', DiagnosticStatus.OK)
    sender = graph.publisher(Utterance, 'say')
    sender.publish(Utterance(text='I see a bus on the left and a person in front of the door.'))
    speaking.wait_for(lambda all: all and all[-1].data)
    server.freeze(True)
    speaking.wait_for(lambda all: not all[-1].data)
    has(diagnostics, ': speech', DiagnosticStatus.ERROR)
    server.freeze(False)

    def is_said() -> bool:
        speaking.clear()
        sender.publish(Utterance(text='Stopping.'))
        try:
            return [one.data for one in speaking.wait(2, timeout=3.0)] == [True, False]
        except AssertionError:
            return False  # the sentence before still hangs

    wait_until(is_said, 'the next sentence', timeout=30.0)
