# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Segments from frames and probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from assist_audio.audio import FRAME_SAMPLES, Frame
from assist_audio.segmenter import Chunk, ChunkState, NoiseFloor, Segmentation, Segmenter
from assist_common.errors import ConfigurationError

STEP = 30_000_000
GROWING, FINAL = ChunkState.GROWING, ChunkState.FINAL
DISCARDED, PAUSED = ChunkState.DISCARDED, ChunkState.PAUSED


class Stream:
    """Pushes voiced and silent frames whose samples tell where they come from."""

    def __init__(self, settings: Segmentation | None = None) -> None:
        self.segmenter = Segmenter(settings)
        self.frames = 0
        self.chunks: list[Chunk] = []

    def push(self, count: int, probability: float, loud: bool = True, skip: int = 0) -> Stream:
        for _ in range(count):
            amplitude = 8000 if loud else 1
            samples = np.full(FRAME_SAMPLES, amplitude, np.int16)
            samples[::2] *= -1
            samples[0] = self.frames
            frame = Frame(samples, (self.frames + skip) * STEP)
            self.frames += 1
            self.chunks += self.segmenter.push(frame, probability)
        return self

    def voiced(self, count: int) -> Stream:
        return self.push(count, 0.9)

    def silent(self, count: int) -> Stream:
        return self.push(count, 0.0, loud=False)

    @property
    def states(self) -> list[ChunkState]:
        return [chunk.state for chunk in self.chunks]


def numbers(chunks: list[Chunk]) -> list[int]:
    """Return which frames the chunks hold."""
    samples = np.concatenate([chunk.samples for chunk in chunks])
    return samples[::FRAME_SAMPLES].tolist()


def test_speech_becomes_a_segment_with_pre_roll_and_a_short_tail() -> None:
    stream = Stream().silent(50).voiced(40).silent(30)
    assert stream.states[0] == GROWING
    assert stream.states[-2:] == [PAUSED, FINAL]
    assert numbers(stream.chunks) == list(range(40, 97))  # 10 before, 7 after
    assert {chunk.stamp for chunk in stream.chunks} == {40 * STEP}
    assert [chunk.index for chunk in stream.chunks] == list(range(len(stream.chunks)))
    assert {chunk.segment for chunk in stream.chunks} == {1}
    assert stream.chunks[-1].tail == pytest.approx(0.21)


def test_the_end_brings_nothing_new_after_a_pause() -> None:
    stream = Stream().silent(20).voiced(40).silent(30)
    assert stream.states.count(PAUSED) == 1
    assert len(stream.chunks[-1].samples) == 0


def test_speech_that_goes_on_after_a_pause_keeps_what_lay_between() -> None:
    stream = Stream().silent(20).voiced(20).silent(12).voiced(20).silent(30)
    states = stream.states
    assert states.count(PAUSED) == 2
    assert states[states.index(PAUSED) + 1] == GROWING
    assert {chunk.segment for chunk in stream.chunks} == {1}
    assert numbers(stream.chunks) == list(range(10, 79))


def test_it_grows_while_somebody_speaks() -> None:
    stream = Stream().silent(20).voiced(100)
    assert set(stream.states) == {GROWING}
    assert len(stream.chunks) == pytest.approx(10, abs=1)
    assert stream.segmenter.active


def test_a_single_voiced_frame_is_no_speech() -> None:
    stream = Stream().silent(20).voiced(1).silent(5).voiced(2).silent(50)
    assert stream.chunks == []
    assert not stream.segmenter.active


def test_speech_that_is_too_short_is_discarded() -> None:
    stream = Stream().silent(20).voiced(3).silent(50)
    assert stream.states[-1] == DISCARDED
    assert len(stream.chunks[-1].samples) == 0


def test_segments_follow_each_other() -> None:
    stream = Stream().silent(20).voiced(20).silent(40).voiced(20).silent(40)
    ends = [chunk for chunk in stream.chunks if chunk.state == FINAL]
    assert [chunk.segment for chunk in ends] == [1, 2]


def test_nothing_of_a_monologue_is_lost() -> None:
    settings = Segmentation(maximum=6.0, cut_window=2.0)
    stream = Stream(settings).silent(20).voiced(5000).silent(40)
    assert numbers(stream.chunks) == list(range(10, 20 + 5000 + 7))
    ends = [chunk.segment for chunk in stream.chunks if chunk.state == FINAL]
    assert ends == list(range(1, len(ends) + 1))
    assert len(ends) > 25
    starts = {chunk.segment: chunk.stamp for chunk in stream.chunks}
    assert len(starts) == len(ends)
    first = {chunk.segment: chunk for chunk in reversed(stream.chunks)}
    assert all(int(chunk.samples[0]) * STEP == chunk.stamp for chunk in first.values())


def test_a_long_segment_is_cut_where_it_is_quietest() -> None:
    settings = Segmentation(maximum=6.0, cut_window=2.0)
    stream = Stream(settings).voiced(160).push(5, 0.4, loud=False).voiced(100).silent(40)
    second = next(chunk for chunk in stream.chunks if chunk.segment == 2)
    assert 160 <= second.samples[0] <= 165


def test_a_long_segment_ends_at_its_next_pause() -> None:
    settings = Segmentation(maximum=6.0, cut_window=2.0)
    stream = Stream(settings).voiced(150).silent(8).voiced(30).silent(40)
    ends = [chunk for chunk in stream.chunks if chunk.state == FINAL]
    assert [chunk.segment for chunk in ends] == [1, 2]


def test_a_gap_ends_the_segment() -> None:
    stream = Stream().silent(20).voiced(30).push(30, 0.9, skip=40)
    ends = [chunk for chunk in stream.chunks if chunk.state == FINAL]
    assert [chunk.segment for chunk in ends] == [1]
    assert {chunk.segment for chunk in stream.chunks} == {1, 2}


def test_a_flush_ends_the_segment() -> None:
    stream = Stream().silent(20).voiced(30)
    chunks = stream.segmenter.flush()
    assert [chunk.state for chunk in chunks] == [FINAL]
    assert numbers(stream.chunks + chunks) == list(range(10, 50))
    assert stream.segmenter.flush() == []


def test_what_is_not_above_the_noise_does_not_start_speech() -> None:
    stream = Stream().push(700, 0.0, loud=True)
    assert stream.push(50, 0.9, loud=True).chunks == []


def test_the_noise_floor_falls_fast_and_rises_slowly() -> None:
    floor = NoiseFloor()
    for _ in range(20):
        floor.update(-70.0, speech=False)
    assert floor.level == pytest.approx(-70.0, abs=0.1)
    for _ in range(33):
        floor.update(-20.0, speech=False)
    assert floor.level == pytest.approx(-67.0, abs=0.2)
    level = floor.level
    floor.update(-20.0, speech=True)
    assert floor.level == level


@pytest.mark.parametrize(
    'wrong',
    [
        {'end_threshold': 0.6},
        {'pause': 0.9},
        {'cut_window': 15.0},
    ],
)
def test_settings_that_contradict_each_other_are_refused(wrong) -> None:
    with pytest.raises(ConfigurationError):
        Segmentation(**wrong)
