# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Bring what a person said, as a recogniser wrote it, into the form of the grammar."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import hassil
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_expression

LONGEST_TEXT = 400
"""Characters; a longer text is no command. Speech of 30 s has about as many."""
LONGEST_REPETITION = 3
"""Words that somebody says twice in a row when starting over."""

_OTHER_APOSTROPHES = str.maketrans({'’': "'", '‘': "'", '`': "'", '´': "'"})
_PAUSE = re.compile(r'[,;:](?!\d)|[.!?](?!\d)')
_DOTS = re.compile(r'\.{3}|…')
_NOT_A_WORD = re.compile(r"[^\w'.,]+|_+|(?<!\d)[.,]|[.,](?!\d)")
_LOOSE_APOSTROPHE = re.compile(r"(?<!\w)'|'(?!\w)")
_BEFORE_UNIT = re.compile(r'(\d)(?=[^\W\d])')

Words = tuple[str, ...]
PhrasesByWord = Mapping[str, Sequence[Words]]


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
        self._hesitations = by_first_word(phrases(data, 'hesitations'))
        self._around = _Around(data)
        self._around_yes = _Around(data.get('around_yes') or {})
        self._first_words = dict(_mapping(data, 'first_words'))
        self._before_first = frozenset(data.get('before_first_words', ()))
        self._idioms = by_first_word(phrases(data, 'idioms'))
        self.negations = frozenset(data.get('negations', ()))

    @property
    def first_openers(self) -> frozenset[str]:
        """Return the words that may stand before the first of a command."""
        return self._around.first

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

    def parts_between_dots(self, text: str) -> list[Words]:
        """Return the words between one "..." and the next, which is where somebody falters."""
        return [words for part in _DOTS.split(text) if (words := self.words(part))]

    def core(self, words: Words) -> Words:
        """Return the words without all that only opens and closes a sentence, such as please."""
        return self._around.core(without_repetitions(words))

    def core_of_yes(self, words: Words) -> Words:
        """Return the words without what may stand around a yes: nothing that asks or hedges."""
        return self._around_yes.core(without_repetitions(words))

    def may_be_yes(self, words: Words, form: Words) -> bool:
        """Return whether a yes in this form of the words is as clear as if it stood alone."""
        once = without_repetitions(words)
        return form == words or any(form == once[part] for part in self._around_yes.parts(once))

    def forms(self, words: Words) -> Iterator[Words]:
        """Yield the words as they are, then without repetitions, and then without openers and
        closers, as `_Around.parts` has them."""
        yield words
        words = without_repetitions(words)
        for part in self._around.parts(words):
            form = words[part]
            yield form
            asked = part.start and words[part.start - 1] in self._before_first
            if asked and form[0] in self._first_words:
                yield (self._first_words[form[0]], *form[1:])

    def has_idiom(self, words: Words) -> bool:
        """Return whether a saying is among the words, which sounds like a request and is none."""
        return any(length_at(self._idioms, words, index) for index in range(len(words)))

    def with_verbs(self, words: Words) -> Words:
        """Return the words with every other form of a verb that is asked for in the plain one."""
        asked = (False, *(word in self._before_first for word in words))
        return tuple(
            self._first_words.get(word, word) if after else word
            for word, after in zip(words, asked, strict=False)
        )


class _Around:
    """What may open and close a sentence without changing what it means."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._openers = _Edge(phrases(data, 'openers'), first=True)
        self._closers = _Edge(phrases(data, 'closers'), first=False)

    @property
    def first(self) -> frozenset[str]:
        """Return the first words of what may open a sentence."""
        return self._openers.ends

    def core(self, words: Words) -> Words:
        """Return the words without any of it."""
        *_, part = self._stripped(words)
        return words[part]

    def parts(self, words: Words) -> Iterator[slice]:
        """Yield what is left without one opener or closer after the other, then without any number
        of each: "look" may open a sentence, and be its verb."""
        stripped = list(self._stripped(words))
        yield from stripped
        begins = sorted({part.start for part in stripped})
        ends = [len(words)]
        while closer := self._closers.length(words[: ends[-1]]):
            ends.append(ends[-1] - closer)
        for begin, end in itertools.product(begins, ends):
            if begin < end and slice(begin, end) not in stripped:
                yield slice(begin, end)

    def _stripped(self, words: Words) -> Iterator[slice]:
        begin, end = 0, len(words)
        yield slice(begin, end)
        while begin < end:
            if opener := self._openers.length(words[begin:end]):
                begin += opener
            elif closer := self._closers.length(words[begin:end]):
                end -= closer
            else:
                return
            yield slice(begin, end)


class _Edge:
    """Phrases that may stand at one end of a sentence."""

    def __init__(self, phrases: Iterable[Words], *, first: bool) -> None:
        self._phrases = frozenset(phrases)
        self._first = first
        lengths: dict[str, set[int]] = {}
        for phrase in self._phrases:
            lengths.setdefault(phrase[0 if first else -1], set()).add(len(phrase))
        self._lengths = {word: sorted(found, reverse=True) for word, found in lengths.items()}

    @property
    def ends(self) -> frozenset[str]:
        """Return the outermost words of the phrases."""
        return frozenset(self._lengths)

    def length(self, words: Words) -> int:
        """Return the length of the longest phrase at that end; 0 where only that would be left."""
        for length in self._lengths.get(words[0 if self._first else -1], ()) if words else ():
            there = words[:length] if self._first else words[-length:]
            if length < len(words) and there in self._phrases:
                return length
        return 0


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


def phrases(data: Mapping[str, Any], key: str) -> list[Words]:
    """Return the phrases that the templates of a list stand for, the longest first."""
    texts = {str(text).lower() for text in data.get(key) or ()}
    said = (
        phrase
        for text in texts
        for phrase in (_written_out(text) if hassil.is_template(text) else (text,))
    )
    return sorted({tuple(words) for phrase in said if (words := phrase.split())}, key=_longest)


def by_first_word(phrases: Iterable[Words]) -> PhrasesByWord:
    """Return phrases under the word that they begin with, in the same order."""
    found: dict[str, list[Words]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], []).append(phrase)
    return found


def length_at(known: PhrasesByWord, words: Words, index: int) -> int:
    """Return the length of the first phrase that stands there; 0 where none does."""
    for phrase in known.get(words[index], ()):
        if words[index : index + len(phrase)] == phrase:
            return len(phrase)
    return 0


def _written_out(template: str) -> Iterable[str]:
    return sample_expression(parse_sentence(template).expression, {}, {})


def _longest(words: Words) -> tuple[int, Words]:
    return -len(words), words


def _without(words: Words, known: PhrasesByWord) -> Words:
    kept: list[str] = []
    index = 0
    while index < len(words):
        length = length_at(known, words, index)
        if not length:
            kept.append(words[index])
        index += length or 1
    return tuple(kept)
