# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Read a request out of a sentence that no template fits: its head, and what it is about.

What is found is put into the plainest form of that request, for the templates to read. It is a
guess, only ever good enough to ask the person whether it was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assist_intent.narrowing import Chart, Part
from assist_intent.normaliser import Words, phrases

LEAST_EXPLAINED = 0.6
"""Share of the words that have to be explained. On the tuning sets nothing that is none is taken
for a request from 0.4 on; at 0.9 half of the guesses are lost."""
BEFORE = 0.5
"""What an unknown word before the request counts: there people wrap up what they ask for."""
MOST_WORDS = 20
"""Words of a sentence that is worth the search."""


@dataclass(frozen=True)
class Reading:
    """A request in its plainest form, with the share of the sentence that it explains."""

    intent: str
    words: Words
    explained: float


@dataclass(frozen=True)
class _Request:
    intent: str
    say: Words
    head: Part
    parts: tuple[Part, ...]
    needed: int
    """How many of the parts, from the first, must be there."""


class IslandReader:
    """Finds requests between words that it does not know.

    Args:
        data: the section `islands` of a grammar file; without it nothing is found.
        compiled: returns the part that a template stands for.
        negations: words that turn the meaning.
    """

    def __init__(
        self, data: Mapping[str, Any], compiled: Callable[[str], Part], negations: frozenset[str]
    ) -> None:
        before = phrases(data, 'before')
        self._before = frozenset(before)
        self._lengths = sorted({len(phrase) for phrase in before}, reverse=True)
        self._light = frozenset(str(word) for word in data.get('light') or ())
        self._never_passed = tuple(str(name) for name in data.get('never_passed') or ())
        self._prepositions = frozenset(str(word) for word in data.get('prepositions') or ())
        self._breaks = frozenset(str(word) for word in data.get('breaks') or ())
        self._foreign = negations.union(str(word) for word in data.get('foreign') or ())
        self._requests = [
            _Request(
                intent=str(row['intent']),
                say=tuple(row['say'].split()),
                head=compiled(row['head']),
                parts=tuple(compiled(part) for part in row.get('parts') or ()),
                needed=int(row.get('needed', 0)),
            )
            for row in data.get('requests') or ()
        ]

    def readings(self, chart: Chart) -> list[Reading]:
        """Return what may be asked for, the best explanation first."""
        words = chart.words
        if not 1 <= len(words) <= MOST_WORDS or words[0] in self._foreign:
            return []
        found = {
            reading
            for begin in self._beginnings(words)
            for request in self._requests
            for end in _ends(request.head, chart, begin)
            for reading in self._read(request, chart, begin, end)
        }
        good = (reading for reading in found if reading.explained >= LEAST_EXPLAINED)
        return sorted(good, key=lambda item: (-item.explained, -len(item.words), item.words))

    def _beginnings(self, words: Words) -> Iterator[int]:
        """Yield where a request may begin."""
        yield 0
        for index in range(1, len(words)):
            if any(words[max(index - size, 0) : index] in self._before for size in self._lengths):
                yield index

    def _read(self, request: _Request, chart: Chart, begin: int, end: int) -> Iterator[Reading]:
        """Yield what a request whose head stands there asks for."""
        if not self._foreign.isdisjoint(chart.words[begin:]):
            return
        before = self._strange_before(chart, begin)
        found = self._islands(request.parts, chart, end)
        if before is None or found is None:
            return
        islands, between = found
        if all(index in islands for index in range(request.needed)):
            said = [word for _, span in sorted(islands.items()) for word in chart.words[span]]
            explained = end - begin + len(said)
            strange = BEFORE * before + between
            share = explained / (explained + strange)
            yield Reading(request.intent, (*request.say, *said), share)

    def _islands(
        self, parts: Sequence[Part], chart: Chart, begin: int
    ) -> tuple[dict[int, slice], int] | None:
        """Return where each part stands and how many words stand between.

        None where an unknown word follows a part, as in "cup final", or is itself what is meant, as
        in "the whistle on the table".
        """
        words = chart.words
        islands: dict[int, slice] = {}
        skipped = 0
        index = begin
        while index < len(words):
            ends = [
                (end, -number)
                for number, part in enumerate(parts)
                if number not in islands
                for end in _ends(part, chart, index)
                if end > index
            ]
            if ends:
                end, number = max(ends)
                islands[-number] = slice(index, end)
                index = end
                continue
            word = words[index]
            if word in self._breaks:
                # From here on it is said why.
                break
            told = islands or not parts or self._is_named(chart, index)
            if told and word not in self._light:
                return None
            if skipped and word in self._prepositions:
                return None
            skipped += word not in self._light
            index += 1
        return islands, skipped

    def _is_named(self, chart: Chart, index: int) -> bool:
        """Return whether a value stands there that a request may not be without."""
        return any(
            True
            for name in self._never_passed
            if name in chart.lists
            for _ in chart.lists[name].lengths(chart.keys, index)
        )

    def _strange_before(self, chart: Chart, begin: int) -> int | None:
        """Return how many words before a request mean something else.

        None where they tell that it is none, are of another request, or may be the name of
        somebody else who is asked, as in "Rex, can you fetch the ball".
        """
        if any(self._is_named(chart, index) for index in range(begin)):
            return None
        left = list(chart.words[:begin])
        for size in self._lengths:
            for index in range(begin - size + 1):
                if tuple(left[index : index + size]) in self._before:
                    left[index : index + size] = [''] * size
        strange = [word for word in left if word and word not in self._light]
        if not self._foreign.isdisjoint(left):
            return None
        if strange and next(filter(None, left)) == strange[0]:
            return None
        return len(strange)


def _ends(part: Part, chart: Chart, begin: int) -> Iterable[int]:
    """Return where a part may end that begins there, cheaply where it can not begin."""
    possible = not chart.beginnings[begin].isdisjoint(part.shape.first)
    return part.ends(chart, begin) if possible else ()
