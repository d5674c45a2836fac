# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The sentence templates of a language: hassil matches them, this decides which are worth it."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import hassil
from hassil.intents import Intent, IntentData, RangeSlotList
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_expression

from assist_intent import grammar_file
from assist_intent.examples import ARTICLE, ExampleMaker
from assist_intent.narrowing import NUMBER, Chart, Compiler, Part, Phrases
from assist_intent.normaliser import Words

MOST_SENTENCES = 500
"""Sentences of one template that are listed in advance, for the stop."""
REMEMBERED = 256
"""Sentences whose reading is kept: one transcript is tried in many pieces."""


@dataclass(frozen=True)
class _Template:
    number: int
    intent: str
    data: IntentData
    part: Part
    open: bool
    """Whether it takes any words."""

    def can_match(self, first: frozenset[str], last: frozenset[str], words: set[str]) -> bool:
        """Return whether it may match; a no is certain."""
        shape = self.part.shape
        return self.open or not (
            shape.first.isdisjoint(first) or shape.last.isdisjoint(last) or words - shape.words
        )


class Templates:
    """All templates of a grammar; `with_objects` makes a copy, so that nothing ever changes."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._intents = hassil.Intents.from_dict(dict(data))
        self._rules = self._intents.expansion_rules
        lists: Any = self._intents.slot_lists
        for slot_list in lists.values():
            _flatten(slot_list)
        self._set_lists(lists, {name: self._phrases(name, item) for name, item in lists.items()})
        self._learn_numbers()
        self._file_objects: list[Any] = lists['object'].values
        compiler = Compiler(self._rules, self._list_phrases)
        self._articles = compiler.rule(ARTICLE).shape.words if ARTICLE in self._rules else ()
        self._compiler = compiler
        self._templates = list(self._compiled(compiler))
        self._by_first_word = self._index()
        marks = frozenset[str]().union(*(item.part.shape.words for item in self._templates))
        self._literal = frozenset(word for word in marks if not word.startswith('{'))

    def _set_lists(self, lists: dict[str, Any], phrases: dict[str, Phrases]) -> None:
        self._lists = lists
        self._list_phrases = phrases
        self._words_of_lists = frozenset[str]().union(*(list_.words for list_ in phrases.values()))
        self._lists_of_last: dict[str, list[str]] = {}
        for name, list_ in phrases.items():
            for word in list_.last:
                self._lists_of_last.setdefault(word, []).append(f'{{{name}}}')
        self.recognise = lru_cache(maxsize=REMEMBERED)(self._recognise)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all intents."""
        return tuple(self._intents.intents)

    @property
    def words(self) -> frozenset[str]:
        """Return every word of every template and list."""
        return (self._literal | self._words_of_lists) - {NUMBER}

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
            maker.sentence(grammar_file.parsed(intent.data[0].sentence_texts[0]).expression)
            for name, intent in self._intents.intents.items()
            if name not in but
        ]
        return sentences, maker.names()

    def with_objects(self, names: Iterable[str]) -> Templates:
        """Return templates in which more names are objects; those of the file come first, so that
        its synonyms win."""
        other = copy.copy(self)
        new = hassil.TextSlotList.from_strings(sorted(names), allow_template=False)
        values = [*self._file_objects, *new.values]
        objects = hassil.TextSlotList(name='object', values=values)
        phrases = self._phrases('object', objects)
        lists = {**self._lists, 'object': objects}
        other._intents = replace(self._intents, slot_lists=lists)
        other._set_lists(lists, {**self._list_phrases, 'object': phrases})
        return other

    def sentences_of(self, intent: str) -> Iterator[str]:
        """Yield every way to say an intent, as far as there are not too many."""
        for block in self._intents.intents[intent].data:
            for text in block.sentence_texts:
                expression = grammar_file.parsed(text).expression
                yield from itertools.islice(
                    sample_expression(expression, self._lists, self._rules), MOST_SENTENCES
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

    def _phrases(self, name: str, slot_list: Any) -> Phrases:
        return Phrases.of(name, slot_list, self._intents.language)

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
        chart = self.chart(words)
        readings = []
        for template in self._candidates(chart):
            found = template.part.ends(chart, 0).get(len(words))
            if found:
                readings.append((found[0], template.number, found[1]))
        for _, number, path in sorted(readings):
            if result := self._read(self._templates[number], path, words):
                return result
        return None

    def _read(
        self, template: _Template, path: Words, words: Words
    ) -> hassil.RecognizeResult | None:
        data = replace(template.data, sentence_texts=[' '.join(path)])
        intents = replace(
            self._intents, intents={template.intent: Intent(template.intent, [data])}
        )  # fmt: skip
        results = hassil.recognize_all(' '.join(words), intents)
        return next((result for result in results if self._passes_on(result, words)), None)

    def part(self, template: str) -> Part:
        """Return the part that a template stands for."""
        return self._compiler.part(grammar_file.parsed(template).expression)

    def chart(self, words: Words) -> Chart:
        """Return words for parts to look at."""
        return Chart(words, self._list_phrases)

    def may_fit(self, words: Words) -> bool:
        """Return whether a template without free words may match; a no is certain, and cheap."""
        chart = self.chart(words)
        return any(not template.open for template in self._candidates(chart))

    def _candidates(self, chart: Chart) -> Iterator[_Template]:
        first = chart.beginnings[0]
        last = frozenset((chart.keys[-1], *self._lists_of_last.get(chart.keys[-1], ())))
        literal = {key for key in chart.keys if key not in self._words_of_lists}
        tried: set[int] = set()
        for word in first:
            for template in self._by_first_word.get(word, ()):
                if template.number not in tried and template.can_match(first, last, literal):
                    tried.add(template.number)
                    yield template

    def _passes_on(self, result: hassil.RecognizeResult, words: Words) -> bool:
        """Return whether what is to be passed on is whole words, and more than an article as in a
        sentence that broke off."""
        texts = [item.text_clean for item in result.entities_list if item.is_wildcard]
        return all(
            text not in self._articles and words[-len(text.split()) :] == tuple(text.split())
            for text in texts
        )

    def _compiled(self, compiler: Compiler) -> Iterator[_Template]:
        """Yield each template by itself, with its intent: few of them have to be tried."""
        number = itertools.count()
        for name, intent in self._intents.intents.items():
            for block in intent.data:
                for text in block.sentence_texts:
                    part = compiler.part(grammar_file.parsed(text).expression)
                    open_ = any(
                        list_.open and f'{{{name}}}' in part.shape.words
                        for name, list_ in self._list_phrases.items()
                    )
                    yield _Template(next(number), name, block, part, open_)

    def _index(self) -> dict[str, list[_Template]]:
        """Return each template under every word, or list, that it can begin with."""
        index: dict[str, list[_Template]] = {}
        for template in self._templates:
            for word in template.part.shape.first:
                index.setdefault(word, []).append(template)
        return index


def _flatten(slot_list: Any) -> None:
    """Write the values of a list out: hassil has an index for plain texts only."""
    if isinstance(slot_list, hassil.TextSlotList):
        slot_list.values = [
            replace(value, text_in=hassil.TextChunk(text))
            for value in slot_list.values
            for text in sample_expression(value.text_in, {}, {})
        ]
