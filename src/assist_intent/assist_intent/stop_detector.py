# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Hear "stop" in whatever a person says, finished or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
        self._words = _phrases(data, 'words')
        self._not_after = _phrases(data, 'not_after')
        self._not_after_idle = self._not_after + _phrases(data, 'not_after_idle')
        self._not_before = frozenset(_phrases(data, 'not_before'))

    def detect(self, text: str, *, busy: bool) -> bool:
        """Return whether the text tells to stop.

        At the beginning or the end of what is said a stop word always counts; in the middle of
        it, or nearly heard (one letter off, alone), only while something is going on (`busy`).
        While something is going on, fewer words before a stop word take it back.
        """
        if len(text) > 2 * LONGEST_END:
            text = f'{text[:LONGEST_END]} {text[-LONGEST_END:]}'
        words = self._normaliser.words(text)
        if not words:
            return False
        core = self._normaliser.core(words)
        if core in self._phrases:
            return True
        if busy:
            return any(self._stops(words, busy=True)) or self._nearly(core)
        ends = (0, len(core))
        return any(begin in ends or end in ends for begin, end in self._stops(core, busy=False))

    def is_stop(self, word: str) -> bool:
        """Return whether a word by itself is a stop."""
        return (word,) in self._words

    def _stops(self, words: Words, *, busy: bool) -> Iterator[tuple[int, int]]:
        """Yield begin and end of each stop that the words beside it do not take back."""
        not_after = self._not_after if busy else self._not_after_idle
        for begin in range(len(words)):
            for phrase in self._words:
                end = begin + len(phrase)
                if words[begin:end] != phrase or words[end : end + 1] in self._not_before:
                    continue
                if not any(words[:begin][-len(before) :] == before for before in not_after):
                    yield begin, end

    def _nearly(self, words: Words) -> bool:
        if len(set(words)) != 1:
            return False
        word = words[0]
        return any(
            len(phrase) == 1
            and len(phrase[0]) > 3
            and len(word) > 2
            and edit_distance(word, phrase[0], 1) <= 1
            for phrase in self._words
        )


def _phrases(data: Mapping[str, Any], key: str) -> list[Words]:
    return [tuple(str(phrase).lower().split()) for phrase in data.get(key) or ()]
