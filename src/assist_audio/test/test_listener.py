# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""From sound to segments, with the gate of half duplex."""

from __future__ import annotations

import numpy as np
import pytest
from assist_audio.audio import SECOND, Frame
from assist_audio.listener import Activity, ActivityReporter, HalfDuplexGate, Listener
from assist_audio.segmenter import ChunkState
from assist_audio.vad import make_detector
from sounds import dialogue, frames_of, noise, spoken


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


@pytest.mark.parametrize(('pattern', 'told'), [('0' * 70, 3), ('0001100', 3)])
def test_changes_and_one_a_second_are_told(pattern: str, told: int) -> None:
    reporter = ActivityReporter()
    activities = [Activity(0, mark == '1', 0.0, -60.0, -60.0) for mark in pattern]
    assert sum(reporter.is_due(activity) for activity in activities) == told
