# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The sentence templates of a language: hassil matches them, this decides which are worth it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from typing import Any

import hassil
from hassil.intents import Intent, IntentData, RangeSlotList
from hassil.numbers import get_rbnf_engine
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_expression

from assist_intent.examples import ARTICLE, ExampleMaker
from assist_intent.normaliser import Words

MOST_SENTENCES = 500
"""Sentences of one template that are listed in advance, for the stop."""
REMEMBERED = 256
"""Sentences whose reading is kept: one transcript is tried in many pieces."""
NUMBER = '#'
"""Stands for digits among words."""


@dataclass(frozen=True)
class _Shape:
    """The words that a template can begin with, end with, and hold at all."""

    first: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    empty: bool = True
    """Whether it can match nothing."""
    open: bool = False
    """Whether it takes any words."""

    def then(self, other: _Shape) -> _Shape:
        """Return the shape of one after the other."""
        return _Shape(
            self.first | other.first if self.empty else self.first,
            self.last | other.last if other.empty else other.last,
            self.words | other.words,
            self.empty and other.empty,
            self.open or other.open,
        )

    def __or__(self, other: _Shape) -> _Shape:
        return _Shape(
            self.first | other.first,
            self.last | other.last,
            self.words | other.words,
            self.empty or other.empty,
            self.open or other.open,
        )


@dataclass(frozen=True)
class _Template:
    intent: str
    data: IntentData
    shape: _Shape

    def can_match(self, last: str, present: frozenset[str]) -> bool:
        """Return whether it may match these words with this last one; a no is certain."""
        shape = self.shape
        return shape.open or (last in shape.last and present <= shape.words)


class Templates:
    """All templates of a grammar."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._intents = hassil.Intents.from_dict(dict(data))
        lists: Any = self._intents.slot_lists
        self._lists: dict[str, Any] = lists
        self._rules = self._intents.expansion_rules
        for slot_list in self._lists.values():
            _flatten(slot_list)
        self._learn_numbers()
        self._rule_shapes: dict[str, _Shape] = {}
        self._list_shapes = {name: self._shape_of_list(name) for name in self._lists}
        self._file_objects: list[Any] = self._lists['object'].values
        self._blocks = list(self._split())
        self._by_first_word = self._index()
        self.recognise = lru_cache(maxsize=REMEMBERED)(self._recognise)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all intents."""
        return tuple(self._intents.intents)

    @property
    def words(self) -> frozenset[str]:
        """Return every word of every template and list."""
        found = {template.shape for same in self._by_first_word.values() for template in same}
        return frozenset().union(*(shape.words for shape in found)) - {NUMBER}

    def first_words(self, but: Iterable[str]) -> frozenset[str]:
        """Return the words that templates begin with, except of some intents."""
        excluded = frozenset(but)
        return frozenset(
            word
            for word, templates in self._by_first_word.items()
            if any(template.intent not in excluded for template in templates)
        )

    def examples(self, but: Iterable[str]) -> tuple[list[str], list[str]]:
        """Return a sentence for each intent but some, with {object} for a thing, and the names
        of things."""
        maker = ExampleMaker(self._rules, self._lists)
        sentences = [
            maker.sentence(intent.data[0].sentences[0].expression)
            for name, intent in self._intents.intents.items()
            if name not in but
        ]
        return sentences, maker.names()

    def add_objects(self, names: Iterable[str]) -> None:
        """Let more names be objects; those of the file come first, so that its synonyms win."""
        new = hassil.TextSlotList.from_strings(sorted(names), allow_template=False)
        values = [*self._file_objects, *new.values]
        self._lists['object'] = hassil.TextSlotList(name='object', values=values)
        self._list_shapes['object'] = self._shape_of_list('object')
        self._rule_shapes.clear()
        self._by_first_word = self._index()
        self.recognise.cache_clear()

    def sentences_of(self, intent: str) -> Iterator[str]:
        """Yield every way to say an intent, as far as there are not too many."""
        for block in self._intents.intents[intent].data:
            for sentence in block.sentences:
                yield from itertools.islice(
                    sample_expression(sentence.expression, self._lists, self._rules),
                    MOST_SENTENCES,
                )

    def first_phrase(self, list_name: str) -> Words:
        """Return one way to say a value of a list."""
        values = getattr(self._lists.get(list_name), 'values', ())
        return tuple(values[0].text_in.text.split()) if values else ()

    @property
    def object_names(self) -> frozenset[str]:
        """Return every way to say an object that the file knows."""
        return frozenset(value.text_in.text for value in self._file_objects)

    @property
    def object_labels(self) -> frozenset[str]:
        """Return what the file calls the objects, whatever a person says for them."""
        return frozenset(str(value.value_out) for value in self._file_objects)

    def _learn_numbers(self) -> None:
        """Let hassil write out its number words now, not in the first sentence that has one."""
        for name, slot_list in self._lists.items():
            if isinstance(slot_list, RangeSlotList):
                sentence = parse_sentence(f'{{{name}}}')
                hassil.is_match('-', sentence, self._lists, language=self._intents.language)

    def _recognise(self, words: Words) -> hassil.RecognizeResult | None:
        """Return the reading with no free words, the most literal text and the fewest slots."""
        if not words:
            return None
        chosen: dict[str, Intent] = {}
        for template in self._candidates(words):
            intent = chosen.setdefault(template.intent, Intent(template.intent))
            intent.data.append(template.data)
        if not chosen:
            return None
        intents = replace(self._intents, intents=chosen)
        results = hassil.recognize_all(' '.join(words), intents)
        whole = (result for result in results if not self._says_nothing(result))
        return min(whole, key=_preference, default=None)

    def may_fit(self, words: Words) -> bool:
        """Return whether a template without free words may match; a no is certain, and cheap."""
        return any(not template.shape.open for template in self._candidates(words))

    def _candidates(self, words: Words) -> Iterator[_Template]:
        keys = tuple(NUMBER if word[0].isdigit() else word for word in words)
        present = frozenset(keys)
        for template in self._by_first_word.get(keys[0], ()):
            if template.can_match(keys[-1], present):
                yield template

    def _says_nothing(self, result: hassil.RecognizeResult) -> bool:
        """Return whether what is to be passed on is an article: a sentence that broke off."""
        articles = self._rule_shapes[ARTICLE].words if ARTICLE in self._rules else frozenset()
        return any(
            entity.is_wildcard and entity.text_clean in articles for entity in result.entities_list
        )

    def _split(self) -> Iterator[tuple[str, IntentData]]:
        """Yield each template by itself, with its intent: few of them have to be tried."""
        for name, intent in self._intents.intents.items():
            for block in intent.data:
                for text in block.sentence_texts:
                    yield name, replace(block, sentence_texts=[text])

    def _index(self) -> dict[str, list[_Template]]:
        """Return each template under every word that it can begin with."""
        index: dict[str, list[_Template]] = {}
        for name, data in self._blocks:
            shape = self._shape(data.sentences[0].expression)
            for word in shape.first:
                index.setdefault(word, []).append(_Template(name, data, shape))
        return index

    def _shape(self, item: Any) -> _Shape:
        if isinstance(item, hassil.TextChunk):
            return _shape_of_words(item.text.split())
        if isinstance(item, hassil.RuleReference):
            if item.rule_name not in self._rule_shapes:
                body = self._rules[item.rule_name].expression
                self._rule_shapes[item.rule_name] = self._shape(body)
            return self._rule_shapes[item.rule_name]
        if isinstance(item, hassil.ListReference):
            return self._list_shapes[item.list_name]
        parts = [self._shape(part) for part in item.items]
        if isinstance(item, hassil.Alternative):
            return reduce(_Shape.__or__, parts, _Shape(empty=item.is_optional))
        return reduce(_Shape.then, parts, _Shape())

    def _shape_of_list(self, name: str) -> _Shape:
        slot_list = self._lists[name]
        if isinstance(slot_list, RangeSlotList):
            phrases = [[NUMBER], *_number_phrases(slot_list, self._intents.language)]
        elif isinstance(slot_list, hassil.TextSlotList):
            values: list[Any] = slot_list.values
            phrases = [value.text_in.text.split() for value in values]
        else:
            return _Shape(empty=False, open=True)
        return reduce(_Shape.__or__, map(_shape_of_words, phrases), _Shape(empty=False))


def _preference(result: hassil.RecognizeResult) -> tuple[bool, int, int]:
    any_words = any(entity.is_wildcard for entity in result.entities_list)
    return any_words, -result.text_chunks_matched, len(result.entities_list)


def _flatten(slot_list: Any) -> None:
    """Write the values of a list out: hassil has an index for plain texts only."""
    if isinstance(slot_list, hassil.TextSlotList):
        slot_list.values = [
            replace(value, text_in=hassil.TextChunk(text))
            for value in slot_list.values
            for text in sample_expression(value.text_in, {}, {})
        ]


def _number_phrases(numbers: RangeSlotList, language: str) -> Iterator[list[str]]:
    engine = get_rbnf_engine(language)
    for number in numbers.get_numbers():
        for text in engine.format_number(number).text_by_ruleset.values():
            yield text.replace('-', ' ').split()


def _shape_of_words(words: list[str]) -> _Shape:
    if not words:
        return _Shape()
    first, last = frozenset(words[:1]), frozenset(words[-1:])
    return _Shape(first, last, frozenset(words), empty=False)
