# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Tell what is said to the robot from what is said to others, by the phrase that it begins with."""

from __future__ import annotations

import re
from dataclasses import replace

from assist_common.errors import ConfigurationError
from assist_common.text import edit_distance

from assist_audio.recogniser import Recognised

_WORD = re.compile(r"[\w']+")
_LETTERS_AN_ERROR = 4  # of the phrase: one letter in so many may be misheard
_NO_MATCH = 1000


class WakePhrase:
    """A phrase that wakes for some seconds; an empty one means always awake."""

    def __init__(self, phrase: str, seconds: float) -> None:
        """Take a phrase.

        Raises:
            ConfigurationError: it holds no word.
        """
        self.seconds = seconds
        self._words = _words(phrase)
        self._awake_until = float('-inf')
        if phrase and not self._words:
            raise ConfigurationError(
                f"the wake phrase '{phrase}' holds no word", 'give words such as: hey robot'
            )

    def judge(self, result: Recognised, ended: float) -> Recognised:
        """Return a result without the phrase; `stop_only` where it is not said to the robot.

        Only a final result that the robot did not talk over wakes.

        Args:
            ended: when the speech ended, seconds on the steady clock.
        """
        if result.stop_only or not self._words:
            return result
        length = self._length_in(result.transcription.text)
        if length:
            if result.final:
                self._awake_until = ended + self.seconds
            return self._without_phrase(result, length)
        begun = ended - result.speech.duration
        return result if begun <= self._awake_until else replace(result, stop_only=True)

    def _without_phrase(self, result: Recognised, length: int) -> Recognised:
        spoken = result.transcription
        skipped = len(spoken.text[:length].split())
        return replace(
            result,
            transcription=replace(
                spoken,
                text=_rest(spoken.text, length),
                words=spoken.words[skipped:],
                alternatives=tuple(
                    _rest(text, self._length_in(text)) for text in spoken.alternatives
                ),
            ),
        )

    def _length_in(self, text: str) -> int:
        """Return how many characters of a text are the phrase that it begins with, or none."""
        found = list(_WORD.finditer(text))
        words = _words(text)
        nearby = range(max(1, len(self._words) - 1), len(self._words) + 2)
        counts = [count for count in nearby if count <= len(found)]
        errors = {count: self._errors(words[:count]) for count in counts}
        best = min(errors, key=lambda count: errors[count], default=0)
        return found[best - 1].end() if best and errors[best] < _NO_MATCH else 0

    def _errors(self, words: list[str]) -> int:
        """Return how many letters are wrong, `_NO_MATCH` when there are too many."""
        phrase = ''.join(self._words)
        allowed = len(phrase) // _LETTERS_AN_ERROR
        if len(words) != len(self._words):
            # A recogniser may write a word as two, or two as one.
            allowed = min(allowed, 1)
        elif any(map(_is_other, words, self._words)):
            return _NO_MATCH
        errors = edit_distance(''.join(words), phrase, allowed)
        return errors if errors <= allowed else _NO_MATCH


def _is_other(word: str, wanted: str) -> bool:
    most = max(1, len(wanted) // 2)
    return edit_distance(word, wanted, most) > most


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _rest(text: str, length: int) -> str:
    return text[length:].lstrip(' ,.;:!?-\N{EN DASH}\N{EM DASH}\N{HORIZONTAL ELLIPSIS}')
