# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The nodes in a running graph."""

from __future__ import annotations

import array
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from assist_audio.audio_node import AudioNode
from assist_audio.speaker_node import SpeakerNode
from assist_audio.stt_node import SttNode
from assist_common import qos
from assist_common.testing import Collector, Graph, wait_until
from assist_msgs.msg import (
    Scene,
    SceneObject,
    SpeechSegment,
    Transcript,
    Utterance,
    Vocabulary,
    VoiceActivity,
)
from assist_msgs.srv import TranscribeFile
from audio_common_msgs.msg import AudioDataStamped, AudioInfo
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.parameter import Parameter
from sounds import dialogue, plain, silence, spoken, write_wav
from std_msgs.msg import Bool, String
from std_srvs.srv import Trigger


def file_parameters(*paths: Path, **more: Any) -> dict[str, Any]:
    return {
        'source': 'file',
        'files': [str(path) for path in paths],
        'file_pause': 0.9,
        **more,
    }


def texts(messages: list[Transcript]) -> list[str]:
    return [plain(message.text) for message in messages]


def status(diagnostics: Collector, name: str, level: bytes) -> DiagnosticStatus:
    """Return the first status of a task at a level."""

    def matching(messages: list[DiagnosticArray]) -> list[DiagnosticStatus]:
        return [
            one
            for message in messages
            for one in message.status
            if one.name.endswith(name) and one.level == level
        ]

    return matching(diagnostics.wait_for(lambda messages: bool(matching(messages))))[0]


def segment(samples: np.ndarray, **changes: Any) -> SpeechSegment:
    """Return a whole segment in one chunk."""
    message = SpeechSegment(
        id=1,
        chunk=0,
        state=SpeechSegment.FINAL,
        sample_rate=16000,
        samples=array.array('h', samples.tobytes()),
    )
    message.header.stamp.sec = 1000
    for name, value in changes.items():
        setattr(message, name, value)
    return message


def test_a_spoken_command_in_a_file_becomes_a_transcript(graph: Graph, tmp_path: Path) -> None:
    finals = graph.listen(Transcript, 'transcript')
    partials = graph.listen(Transcript, 'transcript/partial')
    chunks = graph.listen(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))
    activities = graph.listen(VoiceActivity, 'voice_activity')
    sound = graph.listen(AudioDataStamped, 'audio', qos.input_profile(500, 'best_effort'))
    info = graph.listen(AudioInfo, 'audio_info', qos.LATCHED)
    stt = graph.start(SttNode)
    path = write_wav(tmp_path / 'speech.wav', spoken('go to the kitchen'))
    graph.start(AudioNode, file_parameters(path))
    (final,) = finals.wait()
    assert texts([final]) == ['go to the kitchen']
    assert final.final
    assert final.language == 'en'
    assert final.confidence > 0.6
    assert 1.0 < final.duration < 2.5
    first, *_, last = chunks.wait_for(lambda all: all and all[-1].state == SpeechSegment.FINAL)
    assert first.header == last.header == final.header
    assert final.header.frame_id == 'microphone'
    assert final.segment_id == first.id == 1
    assert [chunk.chunk for chunk in chunks.messages] == list(range(len(chunks.messages)))
    assert partials.messages
    assert not any(message.final for message in partials.messages)
    active = activities.wait_for(lambda all: len(all) > 2 and not all[-1].active)
    assert any(message.active for message in active)
    assert not active[0].active
    assert info.wait()[0].sample_rate == 16000
    stamps = [one.header.stamp.sec * 10**9 + one.header.stamp.nanosec for one in sound.messages]
    assert set(np.diff(stamps)) == {30_000_000}
    assert {len(one.audio.data) for one in sound.messages} == {960}
    stages = {stage.name for stage in stt.latency.summary()}
    assert {'stt', 'voice_to_transcript', 'end_to_transcript'} <= stages


def test_files_are_spoken_one_after_the_other_while_the_robot_listens(
    graph: Graph, tmp_path: Path
) -> None:
    finals = graph.listen(Transcript, 'transcript')
    graph.start(SttNode, {'partial_period': 0.0})
    speaking = graph.probe.create_publisher(Bool, 'speaking', qos.LATCHED)
    paths = [write_wav(tmp_path / f'{text}.wav', spoken(text)) for text in ('stop', 'come here')]
    node = graph.start(AudioNode, file_parameters(*paths))
    wait_until(lambda: finals.messages, 'the first transcript')
    speaking.publish(Bool(data=True))
    wait_until(lambda: node.gate.speaking, 'the node to know that the robot speaks')
    assert node.source.played == 1
    frames = node.capture.frames
    wait_until(lambda: node.capture.frames > frames + 60, 'two seconds of frames')
    assert node.source.played == 1
    assert len(finals.messages) == 1
    speaking.publish(Bool(data=False))
    assert texts(finals.wait(2)) == ['stop', 'come here']
    wait_until(lambda: node.source.finished, 'the end of the files')


@pytest.mark.parametrize('barge_in', [True, False])
def test_what_is_said_while_the_robot_speaks_is_no_transcript(
    graph: Graph, tmp_path: Path, barge_in: bool
) -> None:
    finals = graph.listen(Transcript, 'transcript')
    partials = graph.listen(Transcript, 'transcript/partial')
    graph.start(SttNode)
    path = write_wav(tmp_path / 'stop.wav', spoken('stop'))
    # The silence before the file is long enough to tell the active node.
    node = graph.start(
        AudioNode, file_parameters(path, file_waits=False, barge_in=barge_in, file_pause=4.0)
    )
    speaking = graph.publisher(Bool, 'speaking', qos.LATCHED)
    speaking.publish(Bool(data=True))
    wait_until(lambda: node.gate.speaking, 'the node to know that the robot speaks')
    wait_until(lambda: node.source.finished, 'the end of the file')
    if barge_in:
        heard = partials.wait_for(lambda all: any(message.final for message in all))
        assert texts(heard)[-1] == 'stop'
        assert all(message.stop_only for message in heard)
    else:
        assert not partials.messages
    assert not finals.messages


def test_push_to_talk_hears_what_is_said_while_the_button_is_held(
    graph: Graph, tmp_path: Path
) -> None:
    chunks = graph.listen(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))
    path = write_wav(tmp_path / 'speech.wav', dialogue(*['go to the kitchen'] * 3, pause=0.1))
    node = graph.start(
        AudioNode, file_parameters(path, file_loop=True, file_pause=0.0, listen='push_to_talk')
    )
    button = graph.publisher(Bool, 'push_to_talk')
    wait_until(lambda: node.capture.frames > 60, 'two seconds of speech')
    assert not chunks.messages
    button.publish(Bool(data=True))
    chunks.wait(4)
    button.publish(Bool(data=False))
    ended = chunks.wait_for(lambda all: all[-1].state == SpeechSegment.FINAL)
    assert all(message.id == ended[-1].id for message in ended[-2:])
    frames = node.capture.frames
    wait_until(lambda: node.capture.frames > frames + 60, 'two more seconds of speech')
    assert len(chunks.messages) == len(ended)
    button.publish(Bool(data=True))
    chunks.wait(len(ended) + 1)
    graph.probe.destroy_publisher(button)
    wait_until(lambda: not node.button.pressed, 'the button that vanished to be released')


def test_a_speaker_that_vanishes_does_not_leave_the_robot_deaf(
    graph: Graph, tmp_path: Path
) -> None:
    path = write_wav(tmp_path / 'silence.wav', silence(1.0))
    node = graph.start(AudioNode, file_parameters(path, file_loop=True))
    speaking = graph.probe.create_publisher(Bool, 'speaking', qos.LATCHED)
    speaking.publish(Bool(data=True))
    wait_until(lambda: node.gate.speaking, 'the gate to close')
    graph.probe.destroy_publisher(speaking)
    wait_until(lambda: not node.gate.speaking, 'the gate to open')


def test_sound_from_a_topic_is_heard(graph: Graph) -> None:
    chunks = graph.listen(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))
    graph.start(
        AudioNode,
        {'source': 'topic', 'input_reliability': 'reliable', 'input_depth': 500},
    )
    profile = qos.input_profile(500, 'reliable')
    sender = graph.publisher(AudioDataStamped, 'audio_in', profile)
    sender.publish(AudioDataStamped())  # empty
    broken = AudioDataStamped()
    broken.audio.data = [1, 2, 3]
    sender.publish(broken)
    samples = dialogue('stop')
    for start in range(0, len(samples), 4800):
        message = AudioDataStamped()
        block = samples[start : start + 4800].astype('<i2').tobytes()
        message.audio.data = array.array('B', block)
        sender.publish(message)
    assert chunks.wait_for(lambda all: all and all[-1].state == SpeechSegment.FINAL)


def test_a_topic_on_which_nothing_comes_is_stale(graph: Graph) -> None:
    diagnostics = graph.listen(DiagnosticArray, '/diagnostics')
    graph.start(AudioNode, {'source': 'topic', 'stale_after': 0.2})
    stale = status(diagnostics, 'audio stream', DiagnosticStatus.STALE)
    assert stale.hardware_id == '/audio_in'


def test_a_microphone_that_is_missing_is_an_error_and_the_node_lives(graph: Graph) -> None:
    diagnostics = graph.listen(DiagnosticArray, '/diagnostics')
    node = graph.start(AudioNode, {'device': 'no such microphone'})
    error = status(diagnostics, 'audio stream', DiagnosticStatus.ERROR)
    assert 'sound' in error.message
    assert node.is_active


@pytest.mark.parametrize(
    ('parameters', 'fault'),
    [
        ({'source': 'file'}, 'No audio file is given'),
        ({'source': 'file', 'file': '/none.wav'}, 'There is no audio file /none.wav'),
        ({'source': 'file', 'file': __file__}, 'is not an audio file|holds no sound'),
        ({'source': 'radio'}, "'source' is 'radio'"),
        ({'source': 'topic', 'pause': 0.9}, 'pause is longer than the hang-over'),
    ],
)
def test_what_cannot_work_is_said_in_one_sentence(
    graph: Graph, parameters: dict[str, Any], fault: str
) -> None:
    node = graph.start(AudioNode, parameters, state='unconfigured')
    assert not graph.try_transition(node, 'configure')
    pytest.raises(AssertionError, graph.transition, node, 'configure').match(fault)


@pytest.mark.parametrize(
    ('change', 'fault'),
    [
        ({'pause': 0.9}, 'pause is longer'),
        ({'end_threshold': 0.6}, 'end threshold is above'),
        ({'maximum_segment': 2.5}, 'window for a cut'),
    ],
)
def test_times_that_contradict_each_other_are_refused(
    graph: Graph, change: dict[str, float], fault: str
) -> None:
    node = graph.start(AudioNode, {'source': 'topic'}, state='inactive')
    before = node.parameters
    result = graph.set_parameters(node, **change)
    assert not result.successful
    assert fault in result.reason
    assert node.parameters == before


def test_thresholds_change_while_it_runs(graph: Graph, tmp_path: Path) -> None:
    path = write_wav(tmp_path / 'silence.wav', silence(1.0))
    node = graph.start(AudioNode, file_parameters(path, file_loop=True))
    change = [Parameter('hang_over', value=1.0)]
    (result,) = graph.on_executor(node, lambda: node.set_parameters(change))
    assert result.successful
    (result,) = graph.on_executor(
        node, lambda: node.set_parameters([Parameter('start_threshold', value=2.0)])
    )
    assert not result.successful


def test_with_a_wake_phrase_only_what_begins_with_it_is_a_transcript(graph: Graph) -> None:
    finals = graph.listen(Transcript, 'transcript')
    partials = graph.listen(Transcript, 'transcript/partial')
    node = graph.start(SttNode, {'wake_phrase': 'hey robot', 'wake_seconds': 0.0})
    speech = graph.publisher(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))
    sentences = ('stop', 'go to the kitchen', 'hey robot, come here')
    for number, text in enumerate(sentences):
        speech.publish(segment(spoken(text), id=number + 1))
    heard = partials.wait(2)
    assert texts(heard) == ['stop', 'go to the kitchen']
    assert all(message.stop_only and message.final for message in heard)
    assert texts(finals.wait()) == ['come here']
    change = [Parameter('wake_phrase', value='')]
    graph.on_executor(node, lambda: node.set_parameters(change))
    speech.publish(segment(spoken('go to the kitchen'), id=9))
    assert texts(finals.wait(2)) == ['come here', 'go to the kitchen']


def test_the_prompt_follows_grammar_and_camera(graph: Graph) -> None:
    vocabulary = graph.probe.create_publisher(Vocabulary, 'vocabulary', qos.LATCHED)
    vocabulary.publish(Vocabulary(sentences=['Stop.', 'Find the {object}.'], objects=['cup']))
    node = graph.start(SttNode)
    wait_until(lambda: node.prompt.text == 'Stop. Find the cup.', 'the vocabulary')
    scenes = graph.publisher(Scene, 'scene')
    scenes.publish(Scene(objects=[SceneObject(label='knife')]))
    wait_until(lambda: node.prompt.text == 'Stop. Find the knife.', 'scene')
    finals = graph.listen(Transcript, 'transcript')
    speech = graph.publisher(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))
    speech.publish(segment(spoken('find the knife')))
    assert texts(finals.wait()) == ['find the knife']


def test_speech_that_is_absurd_yields_nothing_and_the_next_is_understood(graph: Graph) -> None:
    finals = graph.listen(Transcript, 'transcript')
    node = graph.start(SttNode)
    speech = graph.publisher(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))
    wrong = [
        segment(spoken('stop'), sample_rate=44100),
        segment(spoken('stop'), state=77),
        segment(spoken('stop'), chunk=5),
        segment(spoken('stop'), tail=float('nan')),
        segment(np.ones(16000 * 61, np.int16)),
        segment(np.ones(16000 * 40, np.int16)),
    ]
    wrong.append(segment(spoken('stop')))
    wrong[-1].header.stamp.sec = -5
    wrong.append(segment(spoken('stop')))
    wrong[-1].header.stamp.nanosec = 4_000_000_000
    for message in wrong:
        speech.publish(message)
    speech.publish(segment(np.zeros(0, np.int16), id=2))
    speech.publish(segment(silence(1.0), id=3))
    speech.publish(segment(spoken('come here'), id=4))
    assert texts(finals.wait()) == ['come here']
    wait_until(lambda: node.rejected == len(wrong), 'all to be counted')
    assert node.errors == 0


@pytest.mark.parametrize(
    ('model', 'fault'),
    [
        ('no-such-model', "Model 'no-such-model' is neither"),
        ('/etc', 'has no config.json and no model.bin and no tokenizer.json'),
    ],
)
def test_a_model_that_is_missing_is_named(graph: Graph, model: str, fault: str) -> None:
    node = graph.start(SttNode, {'model': model}, state='unconfigured')
    pytest.raises(AssertionError, graph.transition, node, 'configure').match(fault)


def test_a_file_is_transcribed_on_request(graph: Graph, tmp_path: Path) -> None:
    graph.start(SttNode)
    path = write_wav(tmp_path / 'speech.wav', dialogue('find the bus', 'stop'))
    request = TranscribeFile.Request(path=str(path))
    response = graph.call(TranscribeFile, 'stt_node/transcribe', request)
    assert response.success, response.message
    assert texts(response.transcripts) == ['find the bus', 'stop']
    assert response.audio_seconds == pytest.approx(5.1, abs=0.5)
    assert response.decode_seconds > 0.0
    for wrong in ('', '/none.wav', str(tmp_path)):
        response = graph.call(
            TranscribeFile, 'stt_node/transcribe', TranscribeFile.Request(path=wrong)
        )
        assert not response.success
        assert response.message


def test_the_model_is_changed_while_it_runs(graph: Graph) -> None:
    finals = graph.listen(Transcript, 'transcript')
    node = graph.start(SttNode, {'partial_period': 0.0, 'compute_type': 'int8'})
    speech = graph.publisher(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))

    def choose(**values: str) -> None:
        changes = [Parameter(name, value=value) for name, value in values.items()]
        graph.on_executor(node, lambda: node.set_parameters(changes))

    choose(compute_type='int8_float32')
    wait_until(lambda: node.loaded.compute_type == 'int8_float32', 'the other model')
    assert node.hardware_id == 'tiny.en on cpu int8_float32'
    speech.publish(segment(spoken('come here')))
    assert texts(finals.wait()) == ['come here']
    choose(model='absent')
    wait_until(lambda: node.loader.done == 2, 'the refusal')
    assert node.loaded.model == 'tiny.en'
    speech.publish(segment(spoken('go to the kitchen'), id=2))
    assert texts(finals.wait(2)) == ['come here', 'go to the kitchen']
    graph.transition(node, 'deactivate')
    choose(model='tiny.en', compute_type='int8')
    graph.transition(node, 'activate')
    wait_until(lambda: node.loaded.compute_type == 'int8', 'the model that was chosen meanwhile')
    assert node.errors == 0


def test_memory_is_released_and_speech_is_still_understood(graph: Graph) -> None:
    finals = graph.listen(Transcript, 'transcript')
    node = graph.start(SttNode)
    response = graph.call(Trigger, 'stt_node/release_memory', Trigger.Request())
    assert response.success
    assert 'MiB' in response.message
    speech = graph.publisher(SpeechSegment, 'speech', qos.input_profile(100, 'reliable'))
    speech.publish(segment(spoken('stop')))
    assert texts(finals.wait()) == ['stop']
    for step in ('deactivate', 'cleanup', 'configure', 'activate'):
        graph.transition(node, step)
    speech.publish(segment(spoken('come here'), id=2))
    assert texts(finals.wait(2)) == ['stop', 'come here']


def say(graph: Graph, text: str, priority: int = Utterance.NORMAL) -> Utterance:
    message = Utterance(text=text, priority=priority)
    message.header.stamp = graph.probe.get_clock().now().to_msg()
    return message


def test_speaking_is_true_while_the_robot_speaks(graph: Graph) -> None:
    speaking = graph.listen(Bool, 'speaking', qos.LATCHED)
    words = graph.listen(String, 'speaking/text', qos.LATCHED)
    node = graph.start(SpeakerNode, {'output': 'silent', 'speed': 400})
    sender = graph.publisher(Utterance, 'say')
    assert not speaking.wait()[0].data
    sender.publish(Utterance(text='  '))
    sender.publish(Utterance(text='no', priority=9))
    sender.publish(Utterance(text='no', expiry=-1.0))
    sender.publish(Utterance(text='much too late', priority=Utterance.NORMAL, expiry=1.0))
    sender.publish(say(graph, 'I see a bus.'))
    messages = speaking.wait(3)
    assert [message.data for message in messages] == [False, True, False]
    assert [message.data for message in words.wait(2)] == ['I see a bus.', '']
    assert node.spoken == 1
    assert node.rejected == 3
    assert node.queue.expired == 1


def test_urgent_interrupts(graph: Graph) -> None:
    speaking = graph.listen(Bool, 'speaking', qos.LATCHED)
    node = graph.start(SpeakerNode, {'output': 'silent', 'speed': 300})
    sender = graph.publisher(Utterance, 'say')
    sender.publish(say(graph, 'this is a very long sentence. ' * 20))
    sender.publish(say(graph, 'this is never said'))
    speaking.wait_for(lambda all: all and all[-1].data)
    sender.publish(say(graph, 'Stopped.', Utterance.URGENT))
    messages = speaking.wait(5)
    assert [message.data for message in messages] == [False, True, False, True, False]
    wait_until(lambda: node.spoken == 1, 'the urgent one to be said')


def test_a_speaker_that_is_deactivated_falls_silent(graph: Graph) -> None:
    speaking = graph.listen(Bool, 'speaking', qos.LATCHED)
    node = graph.start(SpeakerNode, {'output': 'silent'})
    sender = graph.publisher(Utterance, 'say')
    sender.publish(say(graph, 'this is a very long sentence. ' * 20))
    speaking.wait_for(lambda all: all and all[-1].data)
    graph.transition(node, 'deactivate')
    assert not speaking.wait_for(lambda all: all and not all[-1].data)[-1].data


def test_a_machine_without_a_loudspeaker_warns(graph: Graph) -> None:
    diagnostics = graph.listen(DiagnosticArray, '/diagnostics')
    graph.start(SpeakerNode, {'device': 'no such loudspeaker'})
    assert 'silent' in status(diagnostics, ': speech', DiagnosticStatus.WARN).message


def test_a_voice_that_is_missing_is_named(graph: Graph) -> None:
    node = graph.start(SpeakerNode, {'voice': 'xx-none'}, state='unconfigured')
    pytest.raises(AssertionError, graph.transition, node, 'configure').match("no voice 'xx-none'")
