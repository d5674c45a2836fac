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
LONGEST_REPETITION = 3
"""Words that somebody says twice in a row when starting over."""

_OTHER_APOSTROPHES = str.maketrans({'’': "'", '‘': "'", '`': "'", '´': "'"})
_PAUSE = re.compile(r'[,;:](?!\d)|[.!?](?!\d)')
_NOT_A_WORD = re.compile(r"[^\w'.,]+|_+|(?<!\d)[.,]|[.,](?!\d)")
_LOOSE_APOSTROPHE = re.compile(r"(?<!\w)'|'(?!\w)")
_BEFORE_UNIT = re.compile(r'(\d)(?=[^\W\d])')

Words = tuple[str, ...]


class Normaliser:
    """Fold case and punctuation, spell out contractions, drop fillers; a language is data.

    Args:
        data: the section `normalisation` of a grammar file.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._contractions = {key: value.split() for key, value in _mapping(data, 'contractions')}
        self._symbols = str.maketrans(
            {key: f' {value} ' for key, value in _mapping(data, 'symbols')}
        )
        self._hesitations = _phrases(data, 'hesitations')
        self._around = _Around(data)
        self._around_yes = _Around(data.get('around_yes') or {})
        self._first_words = dict(_mapping(data, 'first_words'))
        self.negations = frozenset(data.get('negations', ()))

    def words(self, text: str) -> Words:
        """Return the words in lower case, without punctuation and hesitations."""
        folded = unicodedata.normalize('NFKC', text).lower().translate(_OTHER_APOSTROPHES)
        plain = _NOT_A_WORD.sub(' ', folded.translate(self._symbols))
        plain = _BEFORE_UNIT.sub(r'\1 ', _LOOSE_APOSTROPHE.sub(' ', plain))
        spelled: list[str] = []
        for word in plain.split():
            spelled.extend(self._contractions.get(word, (word,)))
        return _without(tuple(spelled), self._hesitations)

    def pieces(self, text: str) -> list[Words]:
        """Return the words between one comma, or other sign of a pause, and the next."""
        return [words for piece in _PAUSE.split(text) if (words := self.words(piece))]

    def core(self, words: Words) -> Words:
        """Return the words without all that only opens and closes a sentence, such as please."""
        return self._around.core(without_repetitions(words))

    def core_of_yes(self, words: Words) -> Words:
        """Return the words without what may stand around a yes: nothing that asks or hedges."""
        return self._around_yes.core(without_repetitions(words))

    def may_be_yes(self, words: Words, form: Words) -> bool:
        """Return whether a yes in this form of the words is as clear as if it stood alone."""
        return form == words or form in self._around_yes.forms(without_repetitions(words))

    def forms(self, words: Words) -> Iterator[Words]:
        """Yield the words as they are, then without repetitions, and then without one opener or
        closer after the other; at last with the openers, but without closers."""
        yield words
        for form in self._around.forms(without_repetitions(words)):
            yield form
            if form[0] in self._first_words:
                yield (self._first_words[form[0]], *form[1:])


class _Around:
    """What may open and close a sentence without changing what it means."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._openers = _by_word(_phrases(data, 'openers'), 0)
        self._closers = _by_word(_phrases(data, 'closers'), -1)

    def core(self, words: Words) -> Words:
        """Return the words without any of it."""
        while shortened := self._without_opener(words) or self._without_closer(words):
            words = shortened
        return words

    def forms(self, words: Words) -> Iterator[Words]:
        """Yield the words without one opener or closer after the other, then without closers."""
        shortened = words
        while shortened:
            yield shortened
            shortened = self._without_opener(shortened) or self._without_closer(shortened)
        while words := self._without_closer(words):
            yield words

    def _without_opener(self, words: Words) -> Words:
        """Return the words without one opener; nothing when there is none."""
        for phrase in self._openers.get(words[0], ()):
            if words[: len(phrase)] == phrase and len(words) > len(phrase):
                return words[len(phrase) :]
        return ()

    def _without_closer(self, words: Words) -> Words:
        """Return the words without one closer; nothing when there is none."""
        for phrase in self._closers.get(words[-1], ()):
            if words[-len(phrase) :] == phrase and len(words) > len(phrase):
                return words[: -len(phrase)]
        return ()


def without_repetitions(words: Words) -> Words:
    """Return the words with what is said twice in a row said once, as in "the the cup"."""
    for length in range(LONGEST_REPETITION, 0, -1):
        kept: list[str] = []
        index = 0
        while index < len(words):
            span = words[index : index + length]
            if span == words[index + length : index + 2 * length]:
                index += length
            else:
                kept.append(words[index])
                index += 1
        words = tuple(kept)
    return words


def _mapping(data: Mapping[str, Any], key: str) -> Iterable[tuple[str, str]]:
    value = data.get(key) or {}
    return [(str(name), str(text)) for name, text in value.items()]


def _phrases(data: Mapping[str, Any], key: str) -> list[Words]:
    """Return the phrases of a list, the longest first."""
    phrases = [tuple(str(phrase).lower().split()) for phrase in data.get(key) or ()]
    return sorted((phrase for phrase in phrases if phrase), key=len, reverse=True)


def _by_word(phrases: Sequence[Words], index: int) -> dict[str, list[Words]]:
    """Return phrases by their first or last word, in the same order."""
    found: dict[str, list[Words]] = {}
    for phrase in phrases:
        found.setdefault(phrase[index], []).append(phrase)
    return found


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
