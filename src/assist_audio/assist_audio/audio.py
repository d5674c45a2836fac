# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Sound as every engine here takes it: 16 kHz, mono, signed 16 bit, in frames of 30 ms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.int16]
Waveform: TypeAlias = NDArray[np.float32]

SAMPLE_RATE = 16_000
"""Hz: what Whisper, Silero and WebRTC all take."""

FRAME_SAMPLES = 480
"""30 ms: the longest frame that WebRTC judges."""

FRAME_SECONDS = FRAME_SAMPLES / SAMPLE_RATE
SECOND = 1_000_000_000
"""One second in nanoseconds, the unit of every stamp."""

SILENCE_LEVEL = -96.0
"""dB relative to full scale: below the least step of 16 bit."""


@dataclass(frozen=True)
class Frame:
    """30 ms of sound; the stamp is the time of its first sample, ns."""

    samples: Samples
    stamp: int


def seconds_of(samples: int) -> float:
    """Return how long so many samples last."""
    return samples / SAMPLE_RATE


def samples_in(seconds: float) -> int:
    """Return how many samples last so long."""
    return round(seconds * SAMPLE_RATE)


def nanoseconds(seconds: float) -> int:
    """Return seconds in the unit of stamps."""
    return round(seconds * SECOND)


def to_waveform(samples: Samples) -> Waveform:
    """Return 16 bit samples as floats from -1 to 1."""
    return samples.astype(np.float32) / 32768.0


def to_samples(waveform: Waveform) -> Samples:
    """Return floats as 16 bit samples; what is beyond full scale is clipped."""
    return np.clip(np.rint(waveform * 32768.0), -32768, 32767).astype(np.int16)


def mix_down(block: NDArray[np.generic]) -> Waveform:
    """Return the mean of the channels as floats from -1 to 1; what is not a number is silence.

    Args:
        block: (samples,) or (samples, channels), of an integer or float type. Unsigned 8 bit is
            centred at 128, as in WAV files.
    """
    if block.dtype == np.uint8:
        scaled = (block.astype(np.float32) - 128.0) / 128.0
    elif np.issubdtype(block.dtype, np.integer):
        scaled = block.astype(np.float32) / -float(np.iinfo(block.dtype.name).min)
    else:
        scaled = np.nan_to_num(block.astype(np.float32), nan=0.0, posinf=1.0, neginf=-1.0)
        scaled = np.clip(scaled, -1.0, 1.0)
    return scaled if scaled.ndim == 1 else scaled.mean(axis=1, dtype=np.float32)


def level_of(samples: Samples) -> float:
    """Return the root mean square without its constant part, dB relative to full scale."""
    if not samples.size:
        return SILENCE_LEVEL
    power = float(np.var(to_waveform(samples)))
    return max(SILENCE_LEVEL, 10.0 * float(np.log10(power))) if power > 0.0 else SILENCE_LEVEL
