# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A microphone that goes away, delivers nothing, or is replaced behind the node's back."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from assist_common import qos
from assist_common.testing import Collector, Graph
from assist_msgs.msg import SpeechSegment, Transcript
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from sound_system import Processes, SoundServer, has
from sounds import plain, spoken, write_wav

SECOND = 10**9
STALE_SECONDS = 2.0
MARGIN = 0.5  # s: for a machine with other work
PRE_ROLL = SECOND // 2  # more than a segment begins before its speech


@dataclass
class Room:
    """A running audio_node, what it says, and what can happen to its microphone."""

    graph: Graph
    server: SoundServer
    folder: Path
    chunks: Collector
    diagnostics: Collector

    def voice(self, text: str) -> Path:
        return write_wav(self.folder / f'{text}.wav', spoken(text))

    def now(self) -> int:
        return int(self.graph.probe.get_clock().now().nanoseconds)

    def stream(self, *levels: bytes, count: int = 1) -> DiagnosticStatus:
        """Return the stream's status when it is at one of the levels in so many messages to come.

        The node stays active all the time.
        """
        self.diagnostics.clear()

        def found(messages: list[DiagnosticArray]) -> list[DiagnosticStatus]:
            own = [one for message in messages for one in message.status]
            lifecycle = [one for one in own if one.name == 'audio_node: lifecycle']
            assert all(one.message == 'active' for one in lifecycle)
            return [
                one
                for one in own
                if one.name.endswith('audio stream') and one.level in levels
            ]

        enough = self.diagnostics.wait_for(lambda all: len(found(all)) >= count, timeout=30.0)
        return found(enough)[-1]

    def interrupt(self, text: str) -> int:
        """Begin to say something, and return the number of the segment that has just begun."""
        begun = len(self.chunks.messages)
        self.server.start_to_speak(self.voice(text))
        return self.chunks.wait_for(lambda all: len(all) > begun + 1)[-1].id


def listen(
    graph: Graph, server: SoundServer, processes: Processes, folder: Path, *parameters: str
) -> Room:
    chunks = graph.listen(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))
    diagnostics = graph.listen(DiagnosticArray, '/diagnostics')
    processes.start('audio_node', *parameters)
    has(diagnostics, 'audio stream', DiagnosticStatus.OK)
    return Room(graph, server, folder, chunks, diagnostics)


def value(status: DiagnosticStatus, key: str) -> str:
    return next(one.value for one in status.values if one.key == key)


def nanoseconds(message: SpeechSegment) -> int:
    return message.header.stamp.sec * SECOND + message.header.stamp.nanosec


@pytest.mark.parametrize(
    ('parameters', 'has_other'),
    [((), False), ((), True), (('device:=bedside',), True)],
    ids=['the only source', 'default, a loudspeaker stays', 'named, a loudspeaker stays'],
)
def test_only_what_is_said_while_the_microphone_is_away_is_lost(
    graph: Graph,
    server: SoundServer,
    processes: Processes,
    tmp_path: Path,
    parameters: tuple[str, ...],
    has_other: bool,
) -> None:
    if not has_other:
        server.unplug('loudspeaker')
    finals = graph.listen(Transcript, 'transcript')
    processes.start('stt_node')
    has(graph.listen(DiagnosticArray, '/diagnostics'), 'recognition', DiagnosticStatus.OK)
    room = listen(graph, server, processes, tmp_path, *parameters)
    server.speak(room.voice('go to the kitchen'))
    (first,) = finals.wait(timeout=30.0)
    assert plain(first.text).split()[-1] == 'kitchen'

    cut = room.interrupt('find the red ball behind the open door of the bedroom')
    server.unplug()
    room.stream(DiagnosticStatus.STALE, DiagnosticStatus.ERROR)
    if has_other:
        # What the server gives instead is the sound of the loudspeaker.
        server.start_to_speak(room.voice('bring me a banana'), 'loudspeaker')
    away = room.stream(DiagnosticStatus.ERROR, count=3)
    assert 'microphone' in away.message or 'sound' in away.message
    server.plug_in()
    back = room.stream(DiagnosticStatus.OK, DiagnosticStatus.WARN)
    assert int(value(back, 'gaps')) >= 1
    replugged = room.now()

    server.speak(room.voice('where is the bus'))
    last = finals.wait_for(
        lambda all: plain(all[-1].text).endswith('bus'), timeout=30.0
    )
    assert plain(last[-1].text) == 'where is the bus'
    assert len(last) <= 3
    said = {'find', 'the', 'red', 'ball', 'behind'}
    assert all(set(plain(part.text).split()[:1]) <= said for part in last[1:-1])
    parts = [one for one in room.chunks.messages if one.id == cut]
    assert parts[-1].state in (SpeechSegment.FINAL, SpeechSegment.DISCARDED)
    later = [one for one in room.chunks.messages if one.id > cut]
    assert all(nanoseconds(one) > replugged - SECOND for one in later)


def test_a_microphone_that_delivers_nothing_is_stale_and_comes_back(
    graph: Graph, server: SoundServer, processes: Processes, tmp_path: Path
) -> None:
    room = listen(graph, server, processes, tmp_path)
    server.suspend(True)
    begin = time.monotonic()
    assert room.stream(DiagnosticStatus.STALE).message.startswith('Nothing has come')
    assert time.monotonic() - begin < STALE_SECONDS + MARGIN
    assert 'has delivered nothing' in room.stream(DiagnosticStatus.ERROR).message
    server.suspend(False)
    room.stream(DiagnosticStatus.OK)
    server.speak(room.voice('come here'))
    assert room.chunks.wait_for(lambda all: all and all[-1].state == SpeechSegment.FINAL)


@pytest.mark.parametrize('level', [DiagnosticStatus.STALE, DiagnosticStatus.ERROR])
def test_what_follows_when_a_sound_server_hung_has_its_time(
    graph: Graph, server: SoundServer, processes: Processes, tmp_path: Path, level: bytes
) -> None:
    room = listen(graph, server, processes, tmp_path)
    server.freeze(True)
    room.stream(level)
    server.freeze(False)
    room.stream(DiagnosticStatus.OK)
    before = room.now()
    server.speak(room.voice('come here'))
    chunks = room.chunks.wait_for(lambda all: all and all[-1].state == SpeechSegment.FINAL)
    assert before - PRE_ROLL < nanoseconds(chunks[-1]) < room.now()
