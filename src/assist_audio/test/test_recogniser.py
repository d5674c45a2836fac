# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Chunks become segments, and these are decoded at the right moments."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from assist_audio.assembler import Assembler
from assist_audio.audio import Samples
from assist_audio.recogniser import Recogniser
from assist_audio.segmenter import Chunk, ChunkState
from assist_audio.transcription import Transcription
from assist_common.errors import InputError

GROWING, FINAL = ChunkState.GROWING, ChunkState.FINAL
DISCARDED, PAUSED = ChunkState.DISCARDED, ChunkState.PAUSED


def chunk(index: int, state: ChunkState, samples: int = 4800, segment: int = 1) -> Chunk:
    return Chunk(segment, index, state, 1000 * segment, np.full(samples, index, np.int16), 0.1)


class Decoder:
    """Says how many samples it was given, and keeps that."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.thorough: list[bool] = []

    def __call__(self, samples: Samples, thorough: bool) -> Transcription:
        self.lengths.append(len(samples))
        self.thorough.append(thorough)
        return Transcription(str(len(samples)), 'en', 0.9, 0.0, 1.0, 10.0)


@pytest.fixture
def decoder() -> Decoder:
    return Decoder()


def test_chunks_are_joined() -> None:
    assembler = Assembler(10.0)
    assembler.add(chunk(0, GROWING))
    speech = assembler.add(chunk(1, FINAL))
    assert speech is not None
    assert speech.samples.tolist() == [0] * 4800 + [1] * 4800
    assert speech.duration == pytest.approx(0.5)


def test_a_missing_chunk_is_told_once_and_the_next_segment_is_whole() -> None:
    assembler = Assembler(10.0)
    assembler.add(chunk(0, GROWING))
    with pytest.raises(InputError, match='Chunk 1 of speech segment 1 is missing'):
        assembler.add(chunk(2, GROWING))
    assert assembler.add(chunk(3, FINAL)) is None
    assert assembler.add(chunk(0, FINAL, segment=2)) is not None


def test_a_segment_that_began_before_we_listened_is_told_once() -> None:
    assembler = Assembler(10.0)
    with pytest.raises(InputError, match='Chunk 0 of speech segment 1'):
        assembler.add(chunk(4, GROWING))
    assert assembler.add(chunk(5, FINAL)) is None


def test_a_segment_that_never_ends_does_not_eat_the_memory() -> None:
    assembler = Assembler(1.0)
    with pytest.raises(InputError, match='longer than 1 s'):
        for index in range(10):
            assembler.add(chunk(index, GROWING))
    assert assembler.add(chunk(9, FINAL)) is None


def test_the_end_is_decoded_once(decoder: Decoder) -> None:
    recogniser = Recogniser(decoder, partial_period=0.0)
    assert recogniser.take(chunk(0, GROWING), 0.0) is None
    result = recogniser.take(chunk(1, FINAL), 0.3)
    assert result is not None
    assert result.final
    assert decoder.lengths == [9600]


def test_a_pause_is_decoded_ahead_and_used_at_the_end(decoder: Decoder) -> None:
    recogniser = Recogniser(decoder, partial_period=0.0)
    recogniser.take(chunk(0, GROWING), 0.0)
    recogniser.take(chunk(1, PAUSED), 0.3)
    result = recogniser.take(chunk(2, FINAL, samples=0), 0.6)
    assert result is not None
    assert result.transcription.text == '9600'
    assert decoder.lengths == [9600]


def test_speech_that_goes_on_after_a_pause_is_decoded_anew(decoder: Decoder) -> None:
    recogniser = Recogniser(decoder, partial_period=0.0)
    recogniser.take(chunk(0, PAUSED), 0.0)
    recogniser.take(chunk(1, GROWING), 0.3)
    result = recogniser.take(chunk(2, FINAL, samples=0), 0.6)
    assert result is not None
    assert result.transcription.text == '9600'
    assert decoder.lengths == [4800, 9600]


def test_another_segment_of_the_same_length_is_decoded_anew(decoder: Decoder) -> None:
    recogniser = Recogniser(decoder, partial_period=0.0)
    recogniser.take(chunk(0, PAUSED), 0.0)
    recogniser.take(chunk(0, FINAL, segment=2), 0.3)
    assert decoder.lengths == [4800, 4800]


def test_partial_results_keep_their_period(decoder: Decoder) -> None:
    recogniser = Recogniser(decoder, partial_period=0.5)
    results = [recogniser.take(chunk(i, GROWING), 0.1 * i) for i in range(12)]
    assert [i for i, result in enumerate(results) if result] == [0, 5, 10]
    assert not any(result.final for result in results if result)


def test_only_ends_are_decoded_while_more_waits(decoder: Decoder) -> None:
    recogniser = Recogniser(decoder, partial_period=0.5)
    assert recogniser.take(chunk(0, GROWING), 0.0, backlog=3) is None
    assert recogniser.take(chunk(1, PAUSED), 0.0, backlog=2) is None
    assert recogniser.take(chunk(2, FINAL), 0.0, backlog=1) is not None
    assert len(decoder.lengths) == 1


def test_what_was_no_speech_is_forgotten(decoder: Decoder) -> None:
    recogniser = Recogniser(decoder, partial_period=0.0)
    recogniser.take(chunk(0, GROWING), 0.0)
    assert recogniser.take(chunk(1, DISCARDED, samples=0), 0.3) is None
    assert decoder.lengths == []


def test_while_the_robot_speaks_partial_results_are_of_the_latest_sound(decoder: Decoder) -> None:
    recogniser = Recogniser(decoder, partial_period=0.5)
    for index in range(12):
        part = replace(chunk(index, GROWING), over_speech=True)
        result = recogniser.take(part, 0.3 * index)
        assert result is None or result.stop_only
    assert max(decoder.lengths) == 2 * 16000 // 480 * 480
    last = replace(chunk(12, FINAL, samples=0), over_speech=True)
    assert recogniser.take(last, 3.6) is not None
    assert decoder.lengths[-1] == 12 * 4800


def test_only_what_may_be_whole_is_decoded_thoroughly(decoder: Decoder) -> None:
    recogniser = Recogniser(decoder, partial_period=0.5)
    recogniser.take(chunk(0, GROWING), 0.0)
    recogniser.take(chunk(1, PAUSED), 0.3)
    recogniser.take(chunk(2, FINAL), 0.6)
    assert decoder.thorough == [False, True, True]


def test_over_the_robots_own_voice_nothing_is_decoded_thoroughly(decoder: Decoder) -> None:
    recogniser = Recogniser(decoder, partial_period=0.5)
    for state in (GROWING, PAUSED, FINAL):
        part = replace(chunk(len(decoder.thorough), state), over_speech=True)
        recogniser.take(part, float(len(decoder.thorough)))
    assert decoder.thorough == [False, False, False]


def test_a_result_of_growing_speech_is_never_the_last(decoder: Decoder) -> None:
    recogniser = Recogniser(decoder, partial_period=0.5)
    recogniser.take(chunk(0, GROWING), 0.0)
    recogniser.take(chunk(1, FINAL, samples=0), 0.3)
    assert decoder.thorough == [False, True]
