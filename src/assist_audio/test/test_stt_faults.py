# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""stt_node with a model that hangs or fails."""

from __future__ import annotations

import array
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from assist_audio import stt_node
from assist_audio.audio import Samples
from assist_audio.stt_node import SttNode
from assist_audio.transcription import Decoding, Transcription
from assist_common import qos
from assist_common.testing import Graph, wait_until
from assist_msgs.msg import SpeechSegment, Transcript
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from std_srvs.srv import Trigger

PATIENCE = 2.5  # s: how long the supervisor lets an executor be silent


class FakeTranscriber:
    """Tells the value of the first sample; 98 makes it fail, 99 hang until the test ends."""

    languages = ('en',)
    ended = threading.Event()

    def __init__(self, *_: object) -> None:
        pass

    def warm_up(self, decoding: Decoding) -> None:
        pass

    def unload(self) -> None:
        pass

    def transcribe(self, samples: Samples, decoding: Decoding) -> Transcription:
        if samples[0] == 99:
            self.ended.wait(30.0)
        if samples[0] == 98:
            raise RuntimeError('broken')
        return Transcription(f'number {samples[0]}', 'en', 0.9, 0.0, 1.0, 10.0)


@pytest.fixture(autouse=True)
def _fake_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    FakeTranscriber.ended = threading.Event()
    monkeypatch.setattr(stt_node, 'Transcriber', FakeTranscriber)
    yield
    FakeTranscriber.ended.set()


def segment(number: int, value: int) -> SpeechSegment:
    """Return a whole segment that the fake hears as a number."""
    message = SpeechSegment(
        id=number,
        state=SpeechSegment.FINAL,
        sample_rate=16000,
        samples=array.array('h', np.full(16000, value, np.int16).tobytes()),
    )
    message.header.stamp.sec = 1000 + number
    return message


def test_memory_that_cannot_be_released_holds_up_nothing(graph: Graph) -> None:
    node = graph.start(SttNode)
    speech = graph.publisher(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))
    speech.publish(segment(1, 99))
    wait_until(node.lock.locked, 'the decode that hangs')
    answers: list[Trigger.Response] = []
    caller = threading.Thread(
        target=lambda: answers.append(
            graph.call(Trigger, 'stt_node/release_memory', Trigger.Request())
        )
    )
    caller.start()
    longest = 0.0
    while not answers:
        begin = time.monotonic()
        graph.on_executor(node, lambda: None)
        longest = max(longest, time.monotonic() - begin)
        time.sleep(0.05)
    caller.join()
    assert longest < PATIENCE
    assert not answers[0].success
    assert node.errors == 0
    assert answers[0].message == 'Recognition is busy; try again when nobody speaks.'
    FakeTranscriber.ended.set()
    wait_until(lambda: not node.lock.locked(), 'the end of the decode')


def test_a_decode_that_hangs_takes_no_later_speech_with_it(graph: Graph) -> None:
    finals = graph.listen(Transcript, 'transcript')
    node = graph.start(SttNode, {'time_limit': 1.0})
    speech = graph.publisher(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))
    for number, value in enumerate((99, 2, 3), start=1):
        speech.publish(segment(number, value))
    assert [one.text for one in finals.wait(2)] == ['number 2', 'number 3']
    assert node.transcriber.failures == 2


def test_recognition_that_rests_is_an_error(graph: Graph) -> None:
    diagnostics = graph.listen(DiagnosticArray, '/diagnostics')
    graph.start(SttNode)
    speech = graph.publisher(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))
    for number in range(1, 5):
        speech.publish(segment(number, 98))

    def rests(messages: list[DiagnosticArray]) -> bool:
        return any(
            one.name == 'stt_node: recognition'
            and one.level == DiagnosticStatus.ERROR
            and 'rests for' in one.message
            for message in messages
            for one in message.status
        )

    diagnostics.wait_for(rests)


@pytest.mark.parametrize(
    ('change', 'fault'),
    [
        ({'wake_phrase': ' .'}, 'holds no word'),
        ({'end_threshold': 0.6}, 'end threshold is above'),
        ({'language': 'de'}, "language 'de'"),
        ({'language': 'de', 'model': 'base.en'}, "language 'de'"),
    ],
)
def test_parameters_that_contradict_each_other_are_refused(
    graph: Graph, change: dict[str, str], fault: str
) -> None:
    node = graph.start(SttNode, state='inactive')
    result = graph.set_parameters(node, **change)
    assert not result.successful
    assert fault in result.reason
    node.check_parameters(replace(node.parameters, language='de', model='base'))
    other = graph.start(SttNode, change, state='unconfigured', name='other')
    assert not graph.try_transition(other, 'configure')
    assert fault in other.fault


@pytest.mark.parametrize('end', [SpeechSegment.FINAL, SpeechSegment.DISCARDED])
def test_free_memory_is_given_back_once_a_segment_ends(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, end: int
) -> None:
    trims: list[float] = []
    monkeypatch.setattr(stt_node.memory, 'trim', lambda: trims.append(time.monotonic()))
    graph.start(SttNode)
    speech = graph.publisher(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))
    partials = graph.listen(Transcript, 'transcript/partial')
    growing = segment(1, 7)
    growing.state = SpeechSegment.GROWING
    speech.publish(growing)
    partials.wait()
    assert not trims
    last = segment(1, 7)
    last.state = end
    last.samples = array.array('h')
    last.chunk = 1
    speech.publish(last)
    wait_until(lambda: trims, 'the memory given back')
