# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Resampling and framing: exact values at exact times."""

from __future__ import annotations

import numpy as np
import pytest
from assist_audio.audio import FRAME_SAMPLES, SAMPLE_RATE, SECOND, to_waveform
from assist_audio.resample import FrameCutter, Resampler

RATES = (8000, 11025, 16000, 22050, 44100, 48000, 96000)


def sine(rate: int, seconds: float = 1.0) -> np.ndarray:
    time = np.arange(round(rate * seconds)) / rate
    return (0.5 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)


@pytest.mark.parametrize('rate', RATES)
def test_a_sine_keeps_its_values_at_all_times(rate: int) -> None:
    resampler = Resampler(rate)
    blocks = [resampler.process(block) for block in np.array_split(sine(rate), 37)]
    output = np.concatenate([*blocks, resampler.flush()])
    assert len(output) == SAMPLE_RATE
    assert output[500:-500] == pytest.approx(sine(SAMPLE_RATE)[500:-500], abs=1e-4)


def test_what_lies_above_the_new_band_is_removed() -> None:
    time = np.arange(48000) / 48000
    output = Resampler(48000).process(np.sin(2 * np.pi * 10000 * time).astype(np.float32))
    assert np.abs(output[500:-500]).max() < 1e-3


@pytest.mark.parametrize('rate', RATES)
def test_the_size_of_blocks_does_not_matter(rate: int) -> None:
    signal = sine(rate, 0.3)
    whole = Resampler(rate).process(signal)
    pieces = Resampler(rate)
    parts = [pieces.process(signal[i : i + 7]) for i in range(0, len(signal), 7)]
    assert np.allclose(np.concatenate(parts), whole, atol=1e-6)


@pytest.mark.parametrize('rate', RATES)
def test_frames_are_stamped_with_the_time_of_their_first_sample(rate: int) -> None:
    """A click at a known time is found at that time, whatever the blocks."""
    signal = np.zeros(rate, np.float32)
    at = 0.51
    signal[round(at * rate)] = 1.0
    cutter = FrameCutter(rate)
    start = 1_700_000_000 * SECOND
    frames = []
    position = 0
    for block in np.array_split(signal, 29):
        frames += cutter.feed(block, start + position * SECOND // rate)
        position += len(block)
    frames += cutter.flush(start + SECOND)
    stamps = [frame.stamp for frame in frames]
    steps = np.diff(stamps)
    assert np.abs(steps - FRAME_SAMPLES * SECOND // SAMPLE_RATE).max() <= 2
    loudest = max(frames, key=lambda frame: np.abs(to_waveform(frame.samples)).max())
    offset = int(np.argmax(np.abs(loudest.samples.astype(np.int32))))
    found = (loudest.stamp - start) / SECOND + offset / SAMPLE_RATE
    assert found == pytest.approx(round(at * rate) / rate, abs=1 / SAMPLE_RATE)


def test_a_flush_fills_the_last_frame_with_silence() -> None:
    cutter = FrameCutter(16000)
    assert cutter.feed(np.ones(100, np.float32) * 0.5, 0) == []
    (frame,) = cutter.flush(100 * SECOND // 16000)
    assert frame.stamp == 0
    assert (frame.samples[:100] == 16384).all()
    assert not frame.samples[100:].any()
