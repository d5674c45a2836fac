# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Sample formats and levels."""

from __future__ import annotations

import numpy as np
import pytest
from assist_audio.audio import SILENCE_LEVEL, level_of, mix_down, to_samples, to_waveform


@pytest.mark.parametrize(
    ('block', 'expected'),
    [
        (np.array([0, 16384, -32768], np.int16), [0.0, 0.5, -1.0]),
        (np.array([128, 192, 0], np.uint8), [0.0, 0.5, -1.0]),
        (np.array([0, 2**30, -(2**31)], np.int32), [0.0, 0.5, -1.0]),
        (np.array([0.0, 0.5, -1.0], np.float64), [0.0, 0.5, -1.0]),
        (np.array([[0, 0], [32767, 1], [-32768, -32768]], np.int16), [0.0, 0.5, -1.0]),
    ],
)
def test_every_format_becomes_mono_from_minus_one_to_one(block, expected) -> None:
    assert mix_down(block) == pytest.approx(expected, abs=1e-4)


def test_what_is_no_number_is_silence_and_what_is_too_loud_is_clipped() -> None:
    block = np.array([np.nan, np.inf, -np.inf, 7.0, -7.0, 0.25], np.float32)
    assert mix_down(block).tolist() == [0.0, 1.0, -1.0, 1.0, -1.0, 0.25]


def test_samples_survive_the_way_to_floats_and_back() -> None:
    samples = np.arange(-32768, 32768, dtype=np.int32).astype(np.int16)
    assert np.array_equal(to_samples(to_waveform(samples)), samples)


def test_floats_beyond_full_scale_are_clipped() -> None:
    assert to_samples(np.array([2.0, -2.0], np.float32)).tolist() == [32767, -32768]


def test_the_level_of_a_full_scale_sine_is_minus_three_decibels() -> None:
    sine = to_samples(np.sin(np.arange(16000) * 2 * np.pi * 440 / 16000).astype(np.float32))
    assert level_of(sine) == pytest.approx(-3.01, abs=0.05)


def test_a_constant_offset_has_no_level() -> None:
    assert level_of(np.full(480, 9000, np.int16)) == SILENCE_LEVEL
    assert level_of(np.zeros(0, np.int16)) == SILENCE_LEVEL
