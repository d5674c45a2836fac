# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The louder one of two voices, for a stop that is said while the robot speaks."""

from __future__ import annotations

import numpy as np

from assist_audio.audio import FRAME_SAMPLES, FRAME_SECONDS, Samples, samples_in

SECONDS = 2.0
"""How much of the latest sound is looked at."""

_DROP = 8.0  # dB: what is so much quieter than the loudest moment is another voice
_MARGIN = round(0.15 / FRAME_SECONDS)  # frames kept around what is loud: s, t and p are quiet


def foreground(samples: Samples) -> Samples:
    """Return the latest sound with silence for all that is much quieter than its loudest moment.

    Whisper follows a sentence through a louder word of somebody else and leaves that out; it
    hears the word when the sentence around it is gone. One voice alone stays nearly as it is.
    """
    latest = samples[-samples_in(SECONDS) :]
    count = len(latest) // FRAME_SAMPLES
    if not count:
        return latest
    frames = latest[len(latest) - count * FRAME_SAMPLES :].reshape(count, FRAME_SAMPLES)
    power = np.mean(frames.astype(np.float32) ** 2, axis=1)
    is_loud = power >= power.max() * 10 ** (-_DROP / 10)
    kept = np.convolve(is_loud, np.ones(2 * _MARGIN + 1))[_MARGIN : _MARGIN + count] > 0
    return np.where(kept[:, None], frames, 0).astype(np.int16).reshape(-1)
