# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The louder voice is kept, the quieter one goes."""

from __future__ import annotations

import numpy as np
from assist_audio.foreground import SECONDS, foreground
from sounds import noise, silence, spoken


def test_a_louder_word_stands_alone() -> None:
    sound = noise(1.98, level=0.01)
    sound[16000:20800] += noise(0.3, level=0.1)
    result = foreground(sound)
    loud = np.flatnonzero(result)
    assert (result[16000:20800] == sound[16000:20800]).all()
    assert 16000 - 3000 < loud[0] < loud[-1] < 20800 + 3000


def test_one_voice_keeps_its_words() -> None:
    sound = spoken('I see a bus on the left')
    result = foreground(sound)
    kept = np.sum(result.astype(float) ** 2) / np.sum(sound[-len(result) :].astype(float) ** 2)
    assert kept > 0.95


def test_only_the_latest_sound_is_looked_at() -> None:
    assert len(foreground(noise(5.0))) <= SECONDS * 16000
    assert not foreground(silence(1.0)).any()
    assert len(foreground(silence(0.0))) == 0
