# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Narrow a sentence template to the one way in which it reads some words.

hassil enumerates every way through a template, which takes long where a template has many optional
parts. Here each part is tried once at each word, so that hassil is only asked about a template
without alternatives, and only where it does match.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from typing import Any

import hassil
from hassil.intents import RangeSlotList
from hassil.numbers import get_rbnf_engine

from assist_intent.normaliser import Words

NUMBER = '#'
"""Stands for digits among words."""
OPEN = 1_000_000
LITERAL = -1_000
SLOT = 1
"""Costs of a reading: no free words, then as much literal text, then as few slots as can be."""

Path = tuple[str, ...]
Ends = dict[int, tuple[int, Path]]
"""The words that a part can take up to, with the cost and the template that does so."""


@dataclass(frozen=True)
class Phrases:
    """What a list takes."""

    name: str
    by_word: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)
    last: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    open: bool = False
    """Whether it takes any words."""

    @classmethod
    def of(cls, name: str, slot_list: Any, language: str) -> Phrases:
        """Return those of a list of hassil's."""
        if isinstance(slot_list, RangeSlotList):
            phrases = [(NUMBER,), *_number_phrases(slot_list, language)]
        elif isinstance(slot_list, hassil.TextSlotList):
            values: list[Any] = slot_list.values
            phrases = [_keys(value.text_in.text.split()) for value in values]
        else:
            return cls(name, open=True)
        by_word: dict[str, list[Words]] = {}
        for phrase in dict.fromkeys(filter(None, phrases)):
            by_word.setdefault(phrase[0], []).append(phrase)
        return cls(
            name,
            {word: tuple(found) for word, found in by_word.items()},
            frozenset(phrase[-1] for phrase in phrases if phrase),
            frozenset(word for phrase in phrases for word in phrase),
        )

    def lengths(self, words: Words, begin: int) -> Iterator[int]:
        """Yield the lengths of the phrases that stand there."""
        if self.open:
            yield from range(1, len(words) - begin + 1)
            return
        for phrase in self.by_word.get(words[begin], ()):
            if words[begin : begin + len(phrase)] == phrase:
                yield len(phrase)


@dataclass(frozen=True)
class Shape:
    """The words that a part can begin with, end with, and hold at all; lists by `{name}`."""

    first: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    empty: bool = True
    """Whether it can match nothing."""

    def then(self, other: Shape) -> Shape:
        """Return the shape of one after the other."""
        return Shape(
            self.first | other.first if self.empty else self.first,
            self.last | other.last if other.empty else other.last,
            self.words | other.words,
            self.empty and other.empty,
        )

    def __or__(self, other: Shape) -> Shape:
        return Shape(
            self.first | other.first,
            self.last | other.last,
            self.words | other.words,
            self.empty or other.empty,
        )


class Chart:
    """The words of one sentence, and what was found out about them."""

    def __init__(self, words: Words, lists: Mapping[str, Phrases]) -> None:
        self.words = words
        self.keys = _keys(words)
        self.lists = lists
        self._found: dict[tuple[int, int], Ends] = {}
        # A word begins a part as itself, or as that of a list.
        self.beginnings = [
            frozenset((key, *(f'{{{name}}}' for name, list_ in lists.items()
                              if list_.open or key in list_.by_word)))
            for key in self.keys
        ]  # fmt: skip

    def once(self, part: Part, begin: int) -> Ends:
        """Return where a part that many templates share can end, found out only once."""
        key = id(part), begin
        if key not in self._found:
            self._found[key] = part.ends(self, begin)
        return self._found[key]


@dataclass(frozen=True)
class Part:
    """A piece of a template."""

    shape: Shape
    ends: Callable[[Chart, int], Ends]


class Compiler:
    """Makes parts of hassil's expressions; those of a rule are shared."""

    def __init__(self, rules: Mapping[str, Any], lists: Mapping[str, Phrases]) -> None:
        self._rules = rules
        self._lists = lists
        self._made: dict[str, Part] = {}

    def part(self, item: Any) -> Part:
        """Return the part of an expression."""
        if isinstance(item, hassil.TextChunk):
            return _literal(tuple(item.text.split()))
        if isinstance(item, hassil.RuleReference):
            return self.rule(item.rule_name)
        if isinstance(item, hassil.ListReference):
            return self._list(item)
        if not isinstance(item, hassil.Alternative):
            said = _said(item)
            return _literal(said) if said is not None else _sequence(map(self.part, item.items))
        phrases = [said for piece in item.items if (said := _said(piece)) is not None]
        parts = [self.part(piece) for piece in item.items if _said(piece) is None]
        if phrases:
            parts.append(_phrases(phrases))
        return parts[0] if len(parts) == 1 else _alternative(parts)

    def rule(self, name: str) -> Part:
        """Return the part of a rule."""
        if name not in self._made:
            body = self.part(self._rules[name].expression)
            self._made[name] = Part(body.shape, lambda chart, begin: chart.once(body, begin))
        return self._made[name]

    def _list(self, item: hassil.ListReference) -> Part:
        key = f'{{{item.list_name}}}'
        name = item.list_name
        text = f'{{{name}:{item.slot_name}}}'
        cost = SLOT + (OPEN if self._lists[name].open else 0)
        marks = frozenset((key,))

        def ends(chart: Chart, begin: int) -> Ends:
            if begin == len(chart.words):
                return {}
            lengths = chart.lists[name].lengths(chart.keys, begin)
            return {begin + length: (cost, (text,)) for length in lengths}

        return Part(Shape(marks, marks, marks, empty=False), ends)


def _said(item: Any) -> Words | None:
    """Return the words of an expression that is nothing but words."""
    if isinstance(item, hassil.TextChunk):
        return tuple(item.text.split())
    if isinstance(item, hassil.Group) and not isinstance(item, hassil.Alternative):
        pieces = [_said(piece) for piece in item.items]
        if None not in pieces:
            return tuple(word for piece in pieces for word in piece or ())
    return None


@lru_cache(maxsize=4096)
def _literal(words: Words) -> Part:
    return _phrases([words])


def _phrases(phrases: Iterable[Words]) -> Part:
    """Return the part that takes one of some phrases, of which one may be nothing."""
    by_word: dict[str, list[Words]] = {}
    phrases = dict.fromkeys(phrases)
    for phrase in phrases:
        if phrase:
            by_word.setdefault(phrase[0], []).append(phrase)
    nothing = () in phrases

    def ends(chart: Chart, begin: int) -> Ends:
        found: Ends = {begin: (0, ())} if nothing else {}
        words = chart.words
        if begin < len(words):
            for phrase in by_word.get(words[begin], ()):
                end = begin + len(phrase)
                if words[begin:end] == phrase:
                    found[end] = LITERAL * len(phrase), phrase
        return found

    shape = Shape(
        frozenset(_keys(by_word)),
        frozenset(_keys(phrase[-1] for phrase in phrases if phrase)),
        frozenset(_keys(word for phrase in phrases for word in phrase)),
        nothing,
    )
    return Part(shape, ends)


def _sequence(pieces: Iterable[Part]) -> Part:
    parts = tuple(pieces)

    def ends(chart: Chart, begin: int) -> Ends:
        reached: Ends = {begin: (0, ())}
        for part in parts:
            further: Ends = {}
            for middle, (cost, path) in reached.items():
                for end, (more, rest) in part.ends(chart, middle).items():
                    if end not in further or cost + more < further[end][0]:
                        further[end] = cost + more, path + rest
            if not further:
                return {}
            reached = further
        return reached

    return Part(reduce(Shape.then, (part.shape for part in parts), Shape()), ends)


def _alternative(parts: list[Part]) -> Part:
    choices = [(part.ends, part.shape.first, part.shape.empty) for part in parts]

    def ends(chart: Chart, begin: int) -> Ends:
        found: Ends = {}
        here = chart.beginnings[begin] if begin < len(chart.words) else frozenset[str]()
        for choice, first, empty in choices:
            if not empty and here.isdisjoint(first):
                continue
            for end, reading in choice(chart, begin).items():
                if end not in found or reading[0] < found[end][0]:
                    found[end] = reading
        return found

    shapes = (part.shape for part in parts)
    return Part(reduce(Shape.__or__, shapes, Shape(empty=False)), ends)


def _keys(words: Iterable[str]) -> Words:
    """Return words with one sign for all digits; hassil compares these themselves."""
    return tuple(NUMBER if word[0].isdigit() else word for word in words)


def _number_phrases(numbers: RangeSlotList, language: str) -> Iterable[Words]:
    engine = get_rbnf_engine(language)
    for number in numbers.get_numbers():
        for text in engine.format_number(number).text_by_ruleset.values():
            yield tuple(text.replace('-', ' ').split())
