# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Hear "stop" in whatever a person says, finished or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assist_common.text import edit_distance

from assist_intent.normaliser import Normaliser, Words

LONGEST_END = 2000
"""Characters at each end of a text that are looked at."""


class StopDetector:
    """Find a stop in time proportional to the text, without grammar or state.

    It errs towards stopping: a stop for nothing costs a resume, a missed one may cost much more.

    Args:
        data: the section `normalisation: stop` of a grammar file.
        phrases: sentences that mean stop as a whole, such as "do not move".
    """

    def __init__(
        self, normaliser: Normaliser, data: Mapping[str, Any], phrases: Iterable[str] = ()
    ) -> None:
        self._normaliser = normaliser
        self._phrases = frozenset(normaliser.words(phrase) for phrase in phrases)
        self._words = frozenset(str(word).lower() for word in data.get('words', ()))
        self._not_after = frozenset(data.get('not_after', ()))
        self._not_before = frozenset(data.get('not_before', ()))

    def detect(self, text: str, *, busy: bool) -> bool:
        """Return whether the text tells to stop.

        At the beginning or the end of what is said a stop word always counts; in the middle of
        it, or nearly heard (one letter off, alone), only while something is going on (`busy`).
        """
        if len(text) > 2 * LONGEST_END:
            text = f'{text[:LONGEST_END]} {text[-LONGEST_END:]}'
        words = self._normaliser.words(text)
        if not words:
            return False
        core = self._normaliser.core(words)
        if core in self._phrases:
            return True
        if self._counts(core, 0) or self._counts(core, len(core) - 1):
            return True
        if not busy:
            return False
        return any(self._counts(words, index) for index in range(len(words))) or self._nearly(core)

    def is_stop(self, word: str) -> bool:
        """Return whether a word by itself is a stop."""
        return word in self._words

    def _counts(self, words: Words, index: int) -> bool:
        if words[index] not in self._words:
            return False
        before = words[index - 1] if index else ''
        after = words[index + 1] if index + 1 < len(words) else ''
        return before not in self._not_after and after not in self._not_before

    def _nearly(self, words: Words) -> bool:
        if len(set(words)) != 1:
            return False
        word = words[0]
        return any(
            len(stop) > 3 and len(word) > 2 and edit_distance(word, stop, 1) <= 1
            for stop in self._words
        )
