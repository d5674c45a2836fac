# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Speech is told from noise."""

from __future__ import annotations

import numpy as np
import pytest
from assist_audio.vad import KINDS, HybridDetector, SileroDetector, make_detector
from assist_common.errors import ConfigurationError, ModelError
from sounds import dialogue, frames_of, noise, silence, spoken


def share_of_speech(kind: str, samples: np.ndarray) -> float:
    detector = make_detector(kind)
    judged = [detector.probability(frame.samples) > 0.5 for frame in frames_of(samples)]
    return sum(judged) / len(judged)


@pytest.mark.parametrize('kind', KINDS)
def test_speech_is_speech(kind: str) -> None:
    assert share_of_speech(kind, spoken('go to the kitchen and bring me the cup')) > 0.6


@pytest.mark.parametrize('kind', KINDS)
def test_silence_is_no_speech(kind: str) -> None:
    assert share_of_speech(kind, silence(2.0)) == 0.0


@pytest.mark.parametrize('kind', ['hybrid', 'silero'])
@pytest.mark.parametrize('level', [0.003, 0.03, 0.3])
def test_noise_is_no_speech(kind: str, level: float) -> None:
    assert share_of_speech(kind, noise(3.0, level)) < 0.02


def test_hybrid_hears_the_first_syllable_like_silero() -> None:
    samples = dialogue('stop')
    silero, hybrid = make_detector('silero'), make_detector('hybrid')
    first = {}
    for number, frame in enumerate(frames_of(samples)):
        for name, detector in (('silero', silero), ('hybrid', hybrid)):
            if detector.probability(frame.samples) > 0.5:
                first.setdefault(name, number)
    assert first['hybrid'] <= first['silero'] + 3


@pytest.mark.parametrize('kind', KINDS)
def test_a_reset_detector_is_like_a_new_one(kind: str) -> None:
    frames = frames_of(spoken('find the bus'))
    detector = make_detector(kind)
    first = [detector.probability(frame.samples) for frame in frames]
    detector.reset()
    assert [detector.probability(frame.samples) for frame in frames] == pytest.approx(first)


class Opener:
    """Opens on any frame that is not silent."""

    name = 'opener'

    def probability(self, samples: np.ndarray) -> float:
        return float(samples.any())

    def reset(self) -> None:
        pass


class Judge(Opener):
    """Counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def probability(self, samples: np.ndarray) -> float:
        self.asked += 1
        return 0.9


def test_the_judge_of_the_hybrid_rests_while_nothing_opens() -> None:
    judge = Judge()
    detector = HybridDetector(Opener(), judge)
    quiet = np.zeros(480, np.int16)
    assert {detector.probability(quiet) for _ in range(100)} == {0.0}
    assert judge.asked == 0
    assert detector.probability(np.ones(480, np.int16)) == 0.9
    assert judge.asked == 11  # ten frames before, and this one
    for _ in range(100):
        last = detector.probability(quiet)
    assert last == 0.0
    assert judge.asked < 50


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ConfigurationError, match='hybrid, silero, webrtc'):
        make_detector('magic')


def test_a_damaged_network_is_a_model_error(tmp_path) -> None:
    path = tmp_path / 'silero.onnx'
    path.write_bytes(b'no network')
    with pytest.raises(ModelError, match='could not be loaded'):
        SileroDetector(str(path))
