# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""From sound to segments, with the gate of half duplex."""

from __future__ import annotations

import numpy as np
import pytest
from assist_audio.audio import FRAME_SAMPLES, FRAME_SECONDS, SAMPLE_RATE, SECOND, Frame
from assist_audio.listener import Activity, ActivityReporter, HalfDuplexGate, Listener, TalkButton
from assist_audio.segmenter import Chunk, ChunkState, Segmentation
from assist_audio.vad import make_detector
from sounds import dialogue, frames_of, noise, silence, spoken


def ends(listener: Listener, samples: np.ndarray) -> list[int]:
    """Return the stamps of the segments that end."""
    chunks = [chunk for frame in frames_of(samples) for chunk in listener.hear(frame)[1]]
    return [chunk.stamp for chunk in chunks if chunk.state == ChunkState.FINAL]


def test_every_sentence_is_a_segment_that_starts_before_it() -> None:
    first = spoken('go to the kitchen')
    stamps = ends(
        Listener(make_detector('hybrid')), dialogue('go to the kitchen', 'stop', pause=1.0)
    )
    begins = (1.0, 2.0 + len(first) / 16000)
    assert len(stamps) == 2
    for stamp, begin in zip(stamps, begins, strict=True):
        assert begin - 0.45 < stamp / SECOND < begin + 0.1


def test_noise_is_no_segment() -> None:
    assert ends(Listener(make_detector('hybrid')), noise(10.0, 0.05)) == []


def test_nothing_is_heard_through_a_closed_gate() -> None:
    listener = Listener(make_detector('hybrid'))
    for frame in frames_of(dialogue('bring me the cup')):
        activity, chunks = listener.hear(frame, closed=True)
        assert chunks == []
        assert not activity.active


def test_a_gate_that_closes_ends_what_was_being_said() -> None:
    listener = Listener(make_detector('hybrid'))
    frames = frames_of(dialogue('bring me the cup from the kitchen', pause=0.5))
    chunks = []
    for number, frame in enumerate(frames):
        chunks += listener.hear(frame, closed=number >= 50)[1]
    assert chunks[-1].state == ChunkState.FINAL
    assert sum(len(chunk.samples) for chunk in chunks) <= 50 * 480


def over_speech(samples: np.ndarray, begin: float, end: float) -> list[Chunk]:
    """Return the last chunks of segments, when the robot speaks between two times, s."""
    listener = Listener(make_detector('hybrid'))
    chunks: list[Chunk] = []
    for frame in frames_of(samples):
        talks = begin <= frame.stamp / SECOND < end
        chunks += listener.hear(frame, over_speech=talks)[1]
    first: dict[int, bool] = {}
    for chunk in chunks:
        assert first.setdefault(chunk.segment, chunk.over_speech) == chunk.over_speech
    return [chunk for chunk in chunks if chunk.state == ChunkState.FINAL]


def test_what_the_robot_talks_over_is_marked_and_nothing_else() -> None:
    length = len(spoken('stop')) / 16000
    sound = dialogue('stop', 'stop', 'stop')
    chunks = over_speech(sound, 1.7 + length, 2.5 + 2 * length)
    assert [chunk.over_speech for chunk in chunks] == [False, True, False]


def test_what_begins_under_the_robots_voice_stays_marked_to_its_end() -> None:
    sound = dialogue('bring me the cup from the kitchen')
    (chunk,) = over_speech(sound, 0.0, 2.0)
    assert chunk.over_speech


def test_an_answer_right_after_the_robot_is_not_marked() -> None:
    echo = spoken('shall i go to the kitchen')
    sound = np.concatenate((silence(1.0), echo, silence(0.4), spoken('yes'), silence(1.0)))
    marks = [
        chunk.over_speech for chunk in over_speech(sound, 1.0, 1.3 + len(echo) / 16000)
    ]
    assert marks == [True, False]


def test_the_gate_stays_closed_for_a_moment_after_the_robot_spoke() -> None:
    gate = HalfDuplexGate()

    def is_closed(stamp: int) -> bool:
        return gate.is_closed(Frame(np.zeros(480, np.int16), stamp), tail=0.3)

    assert not is_closed(0)
    gate.set_speaking(True, 1 * SECOND)
    assert is_closed(1 * SECOND)
    gate.set_speaking(False, 2 * SECOND)
    assert is_closed(2 * SECOND + SECOND // 4)
    assert not is_closed(2 * SECOND + SECOND // 3)


def test_a_clock_that_is_set_back_leaves_neither_gate_nor_button_as_it_was() -> None:
    hour = 3600 * SECOND
    earlier = Frame(np.zeros(480, np.int16), hour)
    gate, button = HalfDuplexGate(), TalkButton()
    gate.set_speaking(True, 2 * hour - SECOND)
    gate.set_speaking(False, 2 * hour)
    assert not gate.is_closed(earlier, tail=0.3)
    button.press(True, 2 * hour - SECOND)
    button.press(False, 2 * hour)
    assert not button.is_open(earlier)


def test_a_button_is_open_until_its_release_in_the_time_of_the_sound() -> None:
    button = TalkButton()

    def is_open(stamp: int) -> bool:
        return button.is_open(Frame(np.zeros(480, np.int16), stamp))

    assert not is_open(SECOND)
    button.press(True, SECOND)
    assert is_open(SECOND)
    button.press(False, 3 * SECOND)
    button.press(False, 4 * SECOND)
    assert is_open(3 * SECOND - 1)
    assert not is_open(3 * SECOND)


@pytest.mark.parametrize(('pattern', 'told'), [('0' * 70, 3), ('0001100', 3)])
def test_changes_and_one_a_second_are_told(pattern: str, told: int) -> None:
    reporter = ActivityReporter()
    activities = [Activity(0, mark == '1', 0.0, -60.0, -60.0) for mark in pattern]
    assert sum(reporter.is_due(activity) for activity in activities) == told


SENTENCES = (
    'bring me the cup from the kitchen and then go to the bedroom',
    'where is the bus and what do you see behind the open door',
    'find the red ball',
    'please come here and wait for me until i say stop',
)


def monologue(seconds: float) -> np.ndarray:
    """Return sentences with pauses, most of them too short to end a segment."""
    pauses = np.random.default_rng(5).uniform(0.05, 0.5, 1000)
    parts = [silence(1.0)]
    for number, pause in enumerate(pauses):
        if sum(map(len, parts)) > seconds * SAMPLE_RATE:
            break
        parts += [spoken(SENTENCES[number % len(SENTENCES)]), silence(float(pause))]
    return np.concatenate((*parts, silence(1.0)))


def test_a_monologue_of_five_minutes_loses_nothing() -> None:
    sound = monologue(300.0)
    listener = Listener(make_detector('hybrid'))
    voiced: list[int] = []
    segments: dict[int, list[Chunk]] = {}
    for number, frame in enumerate(frames_of(sound)):
        activity, chunks = listener.hear(frame)
        if activity.probability >= Segmentation().start_threshold:
            voiced.append(number)
        for chunk in chunks:
            segments.setdefault(chunk.segment, []).append(chunk)
    heard = np.zeros(len(sound), bool)
    for parts in segments.values():
        samples = np.concatenate([part.samples for part in parts])
        start = parts[0].stamp * SAMPLE_RATE // SECOND
        assert parts[-1].state == ChunkState.FINAL
        assert len(samples) <= Segmentation().maximum * SAMPLE_RATE
        assert (sound[start : start + len(samples)] == samples).all()
        assert not heard[start : start + len(samples)].any()
        heard[start : start + len(samples)] = True
    assert len(voiced) * FRAME_SECONDS > 200.0
    frames = heard[: len(heard) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    assert frames[voiced].all()
