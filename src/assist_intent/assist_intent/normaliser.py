# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Bring what a person said, as a recogniser wrote it, into the form of the grammar."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

LONGEST_TEXT = 400
"""Characters; a longer text is no command. Speech of 30 s has about as many."""

_OTHER_APOSTROPHES = str.maketrans({'’': "'", '‘': "'", '`': "'", '´': "'"})
_NOT_A_WORD = re.compile(r"[^\w']+|_+")
_LOOSE_APOSTROPHE = re.compile(r"(?<!\w)'|'(?!\w)")

Words = tuple[str, ...]


class Normaliser:
    """Fold case and punctuation, spell out contractions, drop fillers; a language is data.

    Args:
        data: the section `normalisation` of a grammar file.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._contractions = {key: value.split() for key, value in _mapping(data, 'contractions')}
        self._hesitations = _phrases(data, 'hesitations')
        self._openers = _phrases(data, 'openers')
        self._closers = _phrases(data, 'closers')
        self.negations = frozenset(data.get('negations', ()))

    def words(self, text: str) -> Words:
        """Return the words in lower case, without punctuation and hesitations."""
        folded = unicodedata.normalize('NFKC', text).casefold().translate(_OTHER_APOSTROPHES)
        plain = _LOOSE_APOSTROPHE.sub(' ', _NOT_A_WORD.sub(' ', folded))
        spelled: list[str] = []
        for word in plain.split():
            spelled.extend(self._contractions.get(word, (word,)))
        return _without(tuple(spelled), self._hesitations)

    def core(self, words: Words) -> Words:
        """Return the words without all that only opens and closes a sentence, such as please."""
        return list(self.forms(words))[-1]

    def forms(self, words: Words) -> Iterator[Words]:
        """Yield the words as they are, then without one opener or closer after the other."""
        while words:
            yield words
            words = self._shortened(words)

    def _shortened(self, words: Words) -> Words:
        """Return the words without one opener or closer; nothing when there is none."""
        for phrase in self._openers:
            if words[: len(phrase)] == phrase and len(words) > len(phrase):
                return words[len(phrase) :]
        for phrase in self._closers:
            if words[-len(phrase) :] == phrase and len(words) > len(phrase):
                return words[: -len(phrase)]
        return ()


def _mapping(data: Mapping[str, Any], key: str) -> Iterable[tuple[str, str]]:
    value = data.get(key) or {}
    return [(str(name), str(text)) for name, text in value.items()]


def _phrases(data: Mapping[str, Any], key: str) -> list[Words]:
    """Return the phrases of a list, the longest first."""
    phrases = [tuple(str(phrase).casefold().split()) for phrase in data.get(key) or ()]
    return sorted((phrase for phrase in phrases if phrase), key=len, reverse=True)


def _without(words: Words, phrases: Sequence[Words]) -> Words:
    kept: list[str] = []
    index = 0
    while index < len(words):
        for phrase in phrases:
            if words[index : index + len(phrase)] == phrase:
                index += len(phrase)
                break
        else:
            kept.append(words[index])
            index += 1
    return tuple(kept)
