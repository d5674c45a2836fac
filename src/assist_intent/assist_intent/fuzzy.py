# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Find the words that a recogniser may have misheard: by spelling and by sound."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from assist_common.text import edit_distance

LEAST_SIMILARITY = 0.75
"""Below it a word is another word. Calibrated on the tuning set with words misspelt by one letter
as recognisers do: at 0.75 as many come back (92 %) as at 0.6, but of words that are foreign to the
grammar 53 % have a similar one instead of 93 %. At 0.8, 88 % come back."""
LEAST_FOR_KNOWN = 0.8
"""The same for a word that the grammar knows: it is seldom another one that was meant. Ring and
bring have 0.8."""
SHORTEST = 3
"""Letters of a word that says enough to be taken for another one: "oh" is no "ok"."""
LONG_ENOUGH = 4
"""Letters of a known word that may be another: "the" and "and" are what they are."""
FEWEST_WORDS = 3
"""Words of a sentence that says enough to be corrected."""
LEAST_FOR_MISHEARD = 0.55
"""The same for a word that a recogniser was not sure of. Of 32 spoken sentences that meant nothing
it brings back 6, all with the right intent and 3 with another object; were a recogniser never sure,
1.2 % of what is no command would be asked about."""
MOST_SIMILAR = 8
"""Words that one word may be replaced by; which of them make sense, the templates tell."""
MOST_CHANGES = 2
"""Words of one sentence that may be corrected."""
MOST_WORDS = 15
"""Words of a sentence that is worth correcting."""

_SOUNDS = (('ph', 'f'), ('ck', 'k'), ('gh', 'g'), ('sch', 's'), ('sh', 's'), ('th', 't'),
           ('wh', 'w'), ('wr', 'r'), ('kn', 'n'), ('qu', 'kw'), ('x', 'ks'), ('ce', 'se'),
           ('ci', 'si'))  # fmt: skip
_CLASSES = {
    **dict.fromkeys('bpfvw', 'p'),
    **dict.fromkeys('cgkq', 'k'),
    **dict.fromkeys('szj', 's'),
    **dict.fromkeys('dt', 't'),
    **dict.fromkeys('mn', 'm'),
    'l': 'l',
    'r': 'r',
}

Words = tuple[str, ...]


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """Return a rough code of how a word sounds: consonant classes, vowels only at the start."""
    for written, spoken in _SOUNDS:
        word = word.replace(written, spoken)
    code = [_CLASSES.get(letter, 'a' if index == 0 else '') for index, letter in enumerate(word)]
    return ''.join(letter for letter, _ in itertools.groupby(''.join(code)))


def similarity(first: str, second: str) -> float:
    """Return 0 to 1: the better of spelling alone, and half spelling and half sound."""
    longest = max(len(first), len(second))
    spelling = 1 - edit_distance(first, second, longest) / longest
    codes = sound(first), sound(second)
    longest_code = max(map(len, codes)) or 1
    sounding = 1 - edit_distance(*codes, longest_code) / longest_code
    return max(spelling, (spelling + sounding) / 2)


class Corrector:
    """Propose sentences in which a few words are replaced by similar ones of a vocabulary.

    Args:
        protected: words that are never changed or put in: those that turn the meaning.
        kept: words that are what they are, so that none of them is changed.
        small: words such as articles, that are neither misheard nor taken for others.
    """

    def __init__(
        self,
        vocabulary: Iterable[str],
        protected: Iterable[str] = (),
        kept: Iterable[str] = (),
        small: Iterable[str] = (),
    ) -> None:
        self._protected = frozenset(protected)
        self._kept = frozenset(kept)
        self._small = frozenset(small)
        self._vocabulary = frozenset(vocabulary) - self._protected
        self._outlines = _Outlines(
            word for word in sorted(self._vocabulary) if len(word) >= SHORTEST
        )
        self._similar = lru_cache(maxsize=4096)(self._find_similar)
        self._sounding_alike = lru_cache(maxsize=4096)(self._find_sounding_alike)

    def proposals(self, words: Words) -> Iterator[tuple[Words, float]]:
        """Yield sentences with their score, 0 to 1, the best first."""
        if not FEWEST_WORDS <= len(words) <= MOST_WORDS or self._protected & set(words):
            return
        known = self._vocabulary | self._kept
        unknown = [index for index, word in enumerate(words) if word not in known]
        if len(unknown) > MOST_CHANGES:
            return
        # Where all words are known, one of them may still be another that was meant.
        long = [
            index
            for index, word in enumerate(words)
            if len(word) >= LONG_ENOUGH and word not in self._kept
        ]
        places = [tuple(unknown)] if unknown else [(index,) for index in long]
        found = {
            sentence: score for place in places for sentence, score in self._changed(words, place)
        }
        yield from sorted(found.items(), key=lambda item: -item[1])

    def misheard(self, words: Words) -> Iterator[tuple[Words, float]]:
        """Yield sentences in which one word, not the first, is another that sounds a little like
        it, with their score, the best first."""
        if not FEWEST_WORDS <= len(words) <= MOST_WORDS or self._protected & set(words):
            return
        fixed = self._kept | self._small
        found: dict[Words, float] = {}
        for index in range(1, len(words)):
            if len(words[index]) >= SHORTEST and words[index] not in fixed:
                for other, value in self._sounding_alike(words[index]):
                    sentence = (*words[:index], other, *words[index + 1 :])
                    found[sentence] = 1 - (1 - value) / MOST_CHANGES
        yield from sorted(found.items(), key=lambda item: (-item[1], item[0]))

    def _changed(self, words: Words, places: tuple[int, ...]) -> Iterator[tuple[Words, float]]:
        options = [self._similar(words[index]) for index in places]
        for choice in itertools.product(*options):
            sentence = list(words)
            for index, (word, _) in zip(places, choice, strict=True):
                sentence[index] = word
            lost = sum(1 - value for _, value in choice)
            yield tuple(sentence), 1 - lost / MOST_CHANGES

    def _find_similar(self, word: str) -> tuple[tuple[str, float], ...]:
        if len(word) < SHORTEST:
            return ()
        least = LEAST_FOR_KNOWN if word in self._vocabulary else LEAST_SIMILARITY
        return self._nearest(word, least, frozenset())

    def _find_sounding_alike(self, word: str) -> tuple[tuple[str, float], ...]:
        return self._nearest(word, LEAST_FOR_MISHEARD, self._small)

    def _nearest(
        self, word: str, least: float, but: frozenset[str]
    ) -> tuple[tuple[str, float], ...]:
        near = (
            (similarity(word, other), other)
            for other in self._outlines.perhaps_similar(word, least)
            if other != word and other not in but
        )
        best = sorted((pair for pair in near if pair[0] >= least), reverse=True)
        return tuple((other, value) for value, other in best[:MOST_SIMILAR])


class _Outlines:
    """What bounds how similar words can be, without comparing them letter by letter."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)
        self._spelling = _Letters(self._words)
        self._sounding = _Letters([sound(word) for word in self._words])

    def perhaps_similar(self, word: str, least: float) -> list[str]:
        """Return the words whose similarity may reach a number."""
        spelling = self._spelling.bounds(word)
        sounding = self._sounding.bounds(sound(word))
        bound = np.maximum(spelling, (spelling + sounding) / 2)
        return [self._words[index] for index in np.flatnonzero(bound >= least)]


class _Letters:
    """Which letters some texts have, and how many."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._letters = np.array([_letters(text) for text in texts], dtype=np.uint32)
        self._lengths = np.array([len(text) for text in texts], dtype=np.int32)

    def bounds(self, text: str) -> npt.NDArray[np.float64]:
        """Return a bound of the similarity to each: a letter that only one has costs a change."""
        mine = np.uint32(_letters(text))
        changes = np.maximum.reduce(
            (
                _bit_count(self._letters & ~mine),
                _bit_count(~self._letters & mine),
                np.abs(self._lengths - len(text)),
            )
        )
        bounds: npt.NDArray[np.float64] = 1 - changes / np.maximum(self._lengths, len(text) or 1)
        return bounds


_BIT_COUNTS = np.array([number.bit_count() for number in range(1 << 16)], dtype=np.int32)


def _bit_count(values: npt.NDArray[np.uint32]) -> npt.NDArray[np.int32]:
    counts: npt.NDArray[np.int32] = _BIT_COUNTS[values & 0xFFFF] + _BIT_COUNTS[values >> 16]
    return counts


@lru_cache(maxsize=16384)
def _letters(word: str) -> int:
    """Return the letters of a word as bits; rare ones share a bit."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits
