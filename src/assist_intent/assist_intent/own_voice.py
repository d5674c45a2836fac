# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Tell the stop of a person from a stop that the robot itself has said."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from assist_intent.normaliser import LONGEST_TEXT, Normaliser, Words
from assist_intent.stop_detector import StopDetector
from assist_intent.types import Heard

ECHO = 0.5
"""Seconds by which an echo, and what is known of its time, may lie beside the sentence."""
LONGEST_SEGMENT = 20.0
"""Seconds after which a stretch of speech that the robot talks over has certainly ended."""
SENTENCES = 20
"""Sentences that are remembered."""
SECONDS_A_WORD = 1.0
"""More than a voice needs: a speaker that died in its sentence must not be believed for long."""


@dataclass
class _Sentence:
    words: Words
    begun: float
    ended: float


class OwnVoice:
    """What the robot says, and when. Times are seconds on the steady clock."""

    def __init__(self, normaliser: Normaliser, stop: StopDetector) -> None:
        self._normaliser = normaliser
        self._stop = stop
        self._said: deque[_Sentence] = deque(maxlen=SENTENCES)

    def says(self, text: str, now: float) -> None:
        """Take in that the robot begins to say a text, or, when it is empty, has ended."""
        if self._said:
            self._said[-1].ended = min(self._said[-1].ended, now)
        if words := self._normaliser.words(text):
            longest = (len(words) + 1) * SECONDS_A_WORD
            self._said.append(_Sentence(words, now, now + longest))

    def explains(self, heard: Heard, now: float) -> bool:
        """Return whether every stop that was heard is one that the robot said at that time.

        A stop word is the robot's when its sentence has a word that begins so, such as stopping,
        with the same word before or after it, or likewise at its very beginning or end. All else
        is a person's: a stop too many is better than one too few.
        """
        if len(heard.text) > LONGEST_TEXT:
            return False
        words = self._normaliser.words(heard.text)
        stops = [index for index, word in enumerate(words) if self._stop.is_stop(word)]
        begun = max(heard.begun, now - LONGEST_SEGMENT)
        sentences = [
            item.words
            for item in list(self._said)
            if item.begun - ECHO <= now and item.ended + ECHO >= begun
        ]
        return bool(stops) and all(
            any(_is_like(words, index, sentence) for sentence in sentences) for index in stops
        )


def _is_like(words: Words, index: int, sentence: Words) -> bool:
    return any(
        said.startswith(words[index])
        and (
            _before(words, index) == _before(sentence, place)
            or _after(words, index) == _after(sentence, place)
        )
        for place, said in enumerate(sentence)
    )


def _before(words: Words, index: int) -> str:
    return words[index - 1] if index else ''


def _after(words: Words, index: int) -> str:
    return words[index + 1] if index + 1 < len(words) else ''
