# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a text that Whisper wrote was said: it also writes where nobody speaks."""

from __future__ import annotations

import re
import zlib

from assist_audio.transcription import Decoding, Hypothesis

# Whisper's own limits between a good and a failed decode (Radford et al. 2022, section 4.5).
_COMPRESSION_LIMIT = 2.4
_LOG_PROBABILITY_LIMIT = -1.0
_NO_SPEECH_LIMIT = 0.6

_WORDS_PER_SECOND = 7.0

# What Whisper writes where nobody speaks: captions of its training data.
_CAPTIONS = {
    'en': frozenset(
        (
            'you',
            'thank you',
            'thanks',
            'thank you for watching',
            'thank you so much for watching',
            'thanks for watching',
            'please subscribe',
            'bye',
            'bye bye',
            'the end',
            'music',
            'applause',
        )
    ),
    'de': frozenset(
        (
            'vielen dank',
            'danke',
            'danke schön',
            'vielen dank fürs zuschauen',
            'vielen dank für die aufmerksamkeit',
            'danke fürs zuschauen',
            "das war's für heute",
            'bis zum nächsten mal',
            'tschüss',
            'bis bald',
            'musik',
            'applaus',
        )
    ),
}

# What no person says to a robot, however certain Whisper is.
_CREDITS = {
    'en': re.compile(r'(sub)?titles? (by|provided)|captions? by|copyright'),
    'de': re.compile(r'untertitel|copyright|(swr|wdr|ndr|br|zdf|ard)( \d+)?$'),
}


def compression_ratio(text: str) -> float:
    """Return how much shorter the text gets by zlib: high for text that repeats itself."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def is_repetitive(text: str) -> bool:
    """Return whether the text ends with a phrase said twice."""
    words = words_of(text)
    return any(words[-2 * n : -n] == words[-n:] for n in range(1, len(words) // 2 + 1))


def is_echo(text: str, prompt: str) -> bool:
    """Return whether there is no word in a text but those of the prompt."""
    return set(words_of(text)) <= set(words_of(prompt))


def is_suspect(result: Hypothesis, duration: float, decoding: Decoding) -> bool:
    """Return whether a decode without the prompt and from the full window may be better."""
    doubtful = result.confidence < decoding.echo_confidence
    return (
        repeats(result, duration)
        or result.log_probability < _LOG_PROBABILITY_LIMIT
        or (doubtful and is_echo(result.text, decoding.prompt))
    )


def repeats(result: Hypothesis, duration: float) -> bool:
    """Return whether a text goes on and on, as it does when too little is encoded."""
    return (
        not result.complete or is_repetitive(result.text) or _is_implausible(result.text, duration)
    )


def _is_implausible(text: str, duration: float) -> bool:
    too_fast = len(words_of(text)) > 2 + _WORDS_PER_SECOND * duration
    return too_fast or compression_ratio(text) > _COMPRESSION_LIMIT


def reason_to_reject(result: Hypothesis, duration: float, decoding: Decoding) -> str:
    """Return why a text was not said; empty where it was.

    Args:
        duration: of the speech, s.
    """
    words = words_of(result.text)
    if not words:
        return 'no words'
    improbable = result.log_probability < _LOG_PROBABILITY_LIMIT
    if improbable and result.no_speech > _NO_SPEECH_LIMIT:
        return 'no speech'
    if not result.complete or _is_implausible(result.text, duration):
        return 'repetition'
    if result.confidence < decoding.confidence:
        return 'improbable'
    certain = result.confidence >= decoding.caption_confidence
    return 'caption' if is_caption(' '.join(words), result.sound.language, certain=certain) else ''


def is_caption(text: str, language: str, *, certain: bool = False) -> bool:
    """Return whether a text is one that Whisper writes where nobody speaks.

    Args:
        text: lower case, without punctuation.
        language: of the text, ISO 639-1. English ones come in every language.
        certain: what a person might say, such as thanks, is then none.
    """
    known = {'en', language} & _CAPTIONS.keys()
    if any(_CREDITS[one].match(text) for one in known):
        return True
    return not certain and any(text in _CAPTIONS[one] for one in known)


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return re.findall(r"[\w']+", text.lower())
