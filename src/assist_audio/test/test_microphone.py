# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A real sound server: words are played into its microphone, and read as chunks of speech."""

from __future__ import annotations

import subprocess
from pathlib import Path

from assist_common import qos
from assist_common.testing import Graph
from assist_msgs.msg import SpeechSegment, Transcript, Utterance
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from sound_system import Processes, SoundServer, has
from sounds import plain, spoken, write_wav
from std_msgs.msg import Bool


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
