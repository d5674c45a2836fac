# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What recognition is told, and what it yields."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

LONGEST = 29.0
"""Seconds of speech that are taken at once."""

DEFAULT_PROMPT = (
    'Stop. Resume. Come here. Go to the kitchen. Bring me the cup. Find the bus. '
    'Where is the knife? What do you see?'
)
"""Sentences, because a list of words without full stops makes Whisper repeat itself.

No answer and no approval is among them: what is in the prompt is heard more easily.
"""


@dataclass(frozen=True)
class Decoding:
    """How speech is decoded.

    language: ISO 639-1, or empty to detect it. prompt: sentences that are likely to be said.
    window: least seconds that are encoded; 30 is all that Whisper can take. margin: seconds of
    silence that follow the speech at least. confidence: a text below it is no text. An echo of the
    prompt needs `echo_confidence`: in mere noise Whisper writes what it was led to expect. Of a
    text below `doubt` so many alternatives are looked for.
    """

    language: str = 'en'
    beam_size: int = 1
    prompt: str = ''
    word_times: bool = False
    window: float = 10.0
    margin: float = 4.0
    confidence: float = 0.3
    caption_confidence: float = 0.75
    echo_confidence: float = 0.55
    doubt: float = 0.85
    alternatives: int = 0


@dataclass(frozen=True)
class SpokenWord:
    """One word; times in seconds from the first sample."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True)
class Transcription:
    """What was said in some samples.

    The text is empty where nobody said anything; `rejected` then says why a text was dropped.
    confidence: geometric mean of the token probabilities. window: seconds that were encoded.
    """

    text: str
    language: str
    confidence: float
    no_speech_probability: float
    duration: float
    window: float
    words: tuple[SpokenWord, ...] = field(default=())
    rejected: str = ''
    alternatives: tuple[str, ...] = ()
    """Other readings of doubtful speech, the likeliest first."""


@dataclass(frozen=True)
class Sound:
    """What the encoder made of some sound, and what is known of that.

    encoded: of the encoder. prompt: that steers the decoder. window: seconds that were encoded.
    room: tokens that can have been said.
    """

    encoded: Any
    language: str
    prompt: str
    window: float
    room: int


@dataclass(frozen=True)
class Hypothesis:
    """What a decode yields, before it is judged.

    log_probability: mean of the tokens. complete: Whisper ended it by itself.
    """

    text: str
    tokens: list[int]
    log_probability: float
    no_speech: float
    complete: bool
    sound: Sound

    @property
    def confidence(self) -> float:
        """Return the geometric mean of the token probabilities."""
        return math.exp(min(0.0, self.log_probability))
