# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Sound, files and messages that are wrong: no node dies of them, and none becomes a transcript.

Formats, rates and channels that are right but unusual are in test_sources, sound that is clipped,
shifted or damaged model folders in test_transcriber, a device that vanishes in test_unplugging.
"""

from __future__ import annotations

import array
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from assist_audio import commands
from assist_audio.audio_node import AudioNode
from assist_audio.stt_node import SttNode
from assist_common import qos
from assist_common.testing import Graph, wait_until
from assist_msgs.msg import Scene, SceneObject, SpeechSegment, Transcript, Vocabulary
from assist_msgs.srv import TranscribeFile
from audio_common_msgs.msg import AudioDataStamped
from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from sounds import dialogue, encode, plain, silence, spoken, write_wav

FULL = 2**31 - 1
SPEECH = qos.input_profile(100, 'reliable')
SOUND = qos.input_profile(500, 'reliable')


def wav(kind: int = 1, channels: int = 1, rate: int = 16000, bits: int = 16, data: bytes = b'',
        declared: int | None = None) -> bytes:  # fmt: skip
    """Return a WAV file whose header says what it is told to."""
    size = len(data) if declared is None else declared
    frame = channels * bits // 8
    form = struct.pack(
        '<HHIIHH', kind, channels, rate, rate * frame % 2**32, frame % 2**16, bits
    )
    return b'RIFF' + struct.pack('<I', (36 + size) % 2**32) + b'WAVEfmt ' + struct.pack(
        '<I', 16
    ) + form + b'data' + struct.pack('<I', size) + data


def bad_files(folder: Path) -> dict[str, Path]:
    """Write files that hold no speech that can be understood."""
    flac = encode(folder / 'whole.flac', spoken('stop'), 'flac').read_bytes()
    random = np.random.default_rng(1).bytes(20000)
    contents = {
        'empty.wav': b'',
        'header.wav': b'RIFF',
        'text.wav': b'This is not sound.\n' * 100,
        'zeros.wav': bytes(10000),
        'no samples.wav': wav(),
        'random.mp3': random,
        'random.flac': random,
        'head only.flac': flac[:60],
        'damaged.flac': flac[:200] + random[:500],
        'endless.wav': wav(data=bytes(3200), declared=2**32 - 1),
        'slow.wav': wav(rate=1, data=bytes(3200)),
        'no rate.wav': wav(rate=0, data=bytes(3200)),
        'fast.wav': wav(rate=2**31 - 1, data=bytes(3200)),
        'no channel.wav': wav(channels=0, data=bytes(3200)),
        'many channels.wav': wav(channels=65535, data=bytes(3200)),
        'eight bytes.wav': wav(bits=64, data=bytes(3200)),
        'not a number.wav': wav(3, bits=32, data=np.full(48000, np.nan, '<f4').tobytes()),
        'infinite.wav': wav(3, bits=32, data=np.full(48000, np.inf, '<f4').tobytes()),
        'constant.wav': wav(data=np.full(48000, 32767, '<i2').tobytes()),
        'clipped noise.wav': wav(data=clipped_noise(3.0).astype('<i2').tobytes()),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in contents}


def clipped_noise(seconds: float) -> np.ndarray:
    signs = np.random.default_rng(2).choice([-32768, 32767], round(seconds * 16000))
    return signs.astype(np.int16)


def test_no_file_yields_words_or_harms_the_node(graph: Graph, tmp_path: Path) -> None:
    node = graph.start(SttNode)
    for name, path in bad_files(tmp_path).items():
        request = TranscribeFile.Request(path=str(path))
        response = graph.call(TranscribeFile, 'stt_node/transcribe', request)
        assert response.message, name
        assert response.transcripts == [], name
        if not response.success:
            assert name in response.message
    good = encode(tmp_path / 'good.flac', spoken('come here'), 'flac')
    request = TranscribeFile.Request(path=str(good))
    response = graph.call(TranscribeFile, 'stt_node/transcribe', request)
    assert [plain(one.text) for one in response.transcripts] == ['come here']
    assert node.errors == 0


def test_no_file_stops_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(path) for path in bad_files(tmp_path).values()]
    for command in (commands.transcribe, commands.vad):
        assert command([*paths, '--json']) == 1
        output = capsys.readouterr()
        records = [json.loads(line) for line in output.out.splitlines()]
        assert all(record.get('text', '') == '' for record in records)
        refused = output.err.splitlines()
        assert len(records) + len(refused) == len(paths), output.err


@pytest.mark.parametrize(('name', 'codec'), [('wav', 'pcm_s16le'), ('mp3', 'libmp3lame')])
def test_of_a_file_that_is_cut_off_what_is_left_is_heard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, codec: str
) -> None:
    samples = dialogue('go to the kitchen', 'come here', pause=0.8)
    path = encode(tmp_path / f'speech.{name}', samples, codec)
    first = (0.8 + len(spoken('go to the kitchen')) / 16000 + 0.8) / (len(samples) / 16000)
    content = path.read_bytes()
    path.write_bytes(content[: round(first * len(content)) - 777])
    assert commands.transcribe([str(path), '--json']) == 0
    record = json.loads(capsys.readouterr().out)
    assert plain(record['text']) == 'go to the kitchen'
    assert record['audio_seconds'] < 0.8 * len(samples) / 16000


@pytest.mark.parametrize(
    ('gain', 'offset'), [(8, 0), (1, 6000), (8, -3000)], ids=['clipped', 'shifted', 'both']
)
def test_clipped_and_shifted_speech_is_heard_and_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], gain: int, offset: int
) -> None:
    samples = dialogue('go to the kitchen').astype(np.int32) * gain + offset
    path = write_wav(tmp_path / 'loud.wav', np.clip(samples, -32768, 32767).astype(np.int16))
    assert commands.transcribe([str(path), '--json']) == 0
    assert plain(json.loads(capsys.readouterr().out)['text']) == 'go to the kitchen'


def sound(values: np.ndarray, **stamp: int) -> AudioDataStamped:
    """Return floats as a message."""
    message = AudioDataStamped()
    message.header.stamp = Time(**stamp)
    message.audio.data = array.array('B', values.astype('<f4').tobytes())
    return message


def test_sound_that_is_absurd_yields_nothing_and_the_next_is_understood(graph: Graph) -> None:
    finals = graph.listen(Transcript, 'transcript')
    partials = graph.listen(Transcript, 'transcript/partial')
    stt = graph.start(SttNode)
    node = graph.start(
        AudioNode,
        {
            'source': 'topic',
            'input_format': 'F32LE',
            'input_reliability': 'reliable',
            'input_depth': 500,
        },
    )
    sender = graph.publisher(AudioDataStamped, 'audio_in', SOUND)
    noise = clipped_noise(3.0) / 32768
    refused = [
        sound(np.zeros(2_000_000)),  # 8 MB
        AudioDataStamped(),
    ]
    refused[1].audio.data = array.array('B', bytes(7))
    useless = [
        AudioDataStamped(),
        sound(np.full(16000, np.nan)),
        sound(np.full(16000, np.inf)),
        sound(np.full(16000, -3e38)),
        sound(np.full(16000, 1.0)),
        sound(noise, sec=-FULL),
        sound(1000 * noise, sec=FULL, nanosec=2**32 - 1),
        sound(silence(1.0)),
    ]
    for message in (*refused, *useless):
        sender.publish(message)
    speech = np.concatenate((spoken('come here'), silence(1.5))) / 32768
    for number, start in enumerate(range(0, len(speech), 1600)):
        sender.publish(sound(speech[start : start + 1600], sec=(-1) ** number * FULL))
    assert [plain(one.text) for one in finals.wait(timeout=30.0)] == ['come here']
    assert all(plain(one.text) in {'come here', 'come'} for one in partials.messages)
    assert node.rejected == len(refused)
    assert node.errors == stt.errors == 0


@pytest.mark.parametrize(('rate', 'pace'), [(48000, '3.0'), (8000, '0.5')])
def test_sound_at_another_rate_than_was_set_is_a_warning(
    graph: Graph, rate: int, pace: str
) -> None:
    diagnostics = graph.listen(DiagnosticArray, '/diagnostics')
    node = graph.start(AudioNode, {'source': 'topic', 'input_rate': 16000})
    sender = graph.publisher(AudioDataStamped, 'audio_in')
    block = AudioDataStamped()
    block.audio.data = array.array('B', bytes(2 * rate // 10))  # 0.1 s
    timer = graph.probe.create_timer(0.1, lambda: sender.publish(block))
    diagnostics.wait_for(
        lambda all: any(
            one.level == DiagnosticStatus.WARN
            and f'{pace} times its pace; see input_rate' in one.message
            for message in all
            for one in message.status
        )
    )
    graph.probe.destroy_timer(timer)
    assert node.errors == 0


def chunk(samples: np.ndarray, **changes: object) -> SpeechSegment:
    message = SpeechSegment(
        id=7, sample_rate=16000, samples=array.array('h', samples.tobytes())
    )
    message.header.stamp.sec = 1000
    for name, value in changes.items():
        setattr(message, name, value)
    return message


def test_chunks_in_a_wrong_order_are_not_joined(graph: Graph) -> None:
    finals = graph.listen(Transcript, 'transcript')
    node = graph.start(SttNode, {'partial_period': 0.0})
    speech = graph.publisher(SpeechSegment, 'speech', SPEECH)
    stop, here = spoken('stop'), spoken('come here')
    final = SpeechSegment.FINAL
    for message in (
        chunk(stop),
        chunk(stop, chunk=2, state=final),  # 1 is missing
        chunk(stop),
        chunk(stop),  # begins again
        chunk(stop, chunk=2**32 - 1, state=final),
        chunk(stop, id=8),
        chunk(stop, id=9, chunk=1, state=final),  # of another segment
        chunk(stop, id=2**32 - 1, tail=float('inf'), state=final),
        chunk(stop, id=2**32 - 1, tail=-1.0, state=final),
        chunk(stop, sample_rate=0, state=final),
        chunk(here, id=2**32 - 1, state=final),
    ):
        speech.publish(message)
    assert [plain(one.text) for one in finals.wait()] == ['come here']
    wait_until(lambda: node.rejected + node.errors >= 6, 'the wrong ones to be counted')


def test_absurd_names_and_sentences_do_not_reach_recognition(graph: Graph) -> None:
    finals = graph.listen(Transcript, 'transcript')
    node = graph.start(SttNode)
    vocabulary = graph.publisher(Vocabulary, 'vocabulary', qos.LATCHED)
    scenes = graph.publisher(Scene, 'scene')
    absurd = ['', ' ', '{', '\x01\x02 \u202e.', '<|endoftext|>.', 'word ' * 20000 + '.']
    scenes.publish(Scene(objects=[SceneObject(label=label) for label in absurd]))
    sentences = [*absurd, 'Come here.', 'Find the {object}.']
    vocabulary.publish(Vocabulary(sentences=sentences, objects=[*absurd, 'cup']))
    wait_until(lambda: node.prompt.text == 'Come here. Find the cup.', 'what is left')
    speech = graph.publisher(SpeechSegment, 'speech', SPEECH)
    speech.publish(chunk(spoken('come here'), state=SpeechSegment.FINAL))
    assert [plain(one.text) for one in finals.wait()] == ['come here']
    assert node.errors == 0
