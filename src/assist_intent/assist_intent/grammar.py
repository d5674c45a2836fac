# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""From words to an intent with slots, by the sentence templates of a language."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import hassil
from assist_common.errors import ConfigurationError
from hassil.errors import HassilError
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError
from hassil.sample import sample_expression
from hassil.util import merge_dict

from assist_intent.document import Document
from assist_intent.examples import ExampleMaker
from assist_intent.fuzzy import Corrector
from assist_intent.normaliser import LONGEST_TEXT, Normaliser, Words
from assist_intent.stop_detector import StopDetector
from assist_intent.types import Match, Slot, Understanding

LEAST_SCORE = 0.7
"""Below it a corrected sentence is not proposed to the person."""
MOST_ATTEMPTS = 6
"""Corrected sentences that are tried; bounds the time that one transcript takes."""
MOST_SENTENCES = 500
"""Sentences of one template that are listed in advance, for the stop."""
REQUIRED = ('stop', 'resume', 'cancel', 'yes', 'no')
"""Intents that the dialogue can not do without."""

NOT_EXPECTED = ('yes', 'no', 'select')
"""Intents that a recogniser must not be led to hear: they answer and approve."""

_SECTIONS = ('language', 'intents', 'lists', 'expansion_rules', 'normalisation', 'responses',
             'settings')  # fmt: skip
_LONGEST_UNKNOWN = 3


class Grammar:
    """The sentences of one language; made by `Grammar.load`."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.language = str(data['language'])
        self.responses: dict[str, Any] = data.get('responses') or {}
        self._intents = hassil.Intents.from_dict(data)
        section = data.get('normalisation') or {}
        self.normaliser = Normaliser(section)
        self._answers: dict[str, list[str]] = section.get('answers') or {}
        self.stop = StopDetector(
            self.normaliser, section.get('stop') or {}, self._sentences_of('stop')
        )
        self._vocabulary = self._words_of_templates()
        self._corrector = Corrector(self._vocabulary, self.normaliser.negations)
        self._examples = [
            phrase
            for name in ('object', 'place')
            for phrase in itertools.islice(self._phrases(name), 1)
        ]
        self._labels: frozenset[str] = frozenset()
        self._extra_lists: dict[str, Any] = {}

    @classmethod
    def load(cls, *paths: str | Path) -> Grammar:
        """Read one or more files; later ones add to the first.

        Raises:
            ConfigurationError: names the file and, as far as it is known, the line.
        """
        documents = [Document(Path(path).expanduser()) for path in paths]
        data: dict[str, Any] = {}
        for document in documents:
            _check_sections(document)
            try:
                merge_dict(data, copy.deepcopy(document.data))
            except AssertionError as error:
                raise ConfigurationError(
                    f"'{document.path}' does not fit the files before it: {error}"
                ) from error
        _check(documents, data)
        return cls(data)

    @property
    def intents(self) -> tuple[str, ...]:
        """Return the names of all intents."""
        return tuple(self._intents.intents)

    def examples(self) -> tuple[list[str], list[str]]:
        """Return a sentence for each command, with {object} for a thing, and names of things."""
        maker = ExampleMaker(self._intents.expansion_rules, self._intents.slot_lists)
        sentences = [
            maker.sentence(intent.data[0].sentences[0].expression)
            for name, intent in self._intents.intents.items()
            if name not in NOT_EXPECTED
        ]
        return sentences, maker.names()

    def know_labels(self, labels: Iterable[str]) -> None:
        """Let the labels of a detector be objects too, where the file does not name them."""
        wanted = frozenset(label for label in labels if not hassil.is_template(label))
        if wanted <= self._labels:
            return
        self._labels |= wanted
        known: Any = self._intents.slot_lists['object']
        new = hassil.TextSlotList.from_strings(sorted(self._labels), allow_template=False)
        # The file's names come first, so that its synonyms win.
        self._extra_lists = {
            'object': hassil.TextSlotList(name='object', values=[*known.values, *new.values])
        }

    def understand(self, text: str) -> Understanding:
        """Return what a text means: exactly, nearly, or nothing (an empty name)."""
        if len(text) > LONGEST_TEXT:
            return self._only_stop(text)
        words = self.normaliser.words(text)
        if not words:
            return Understanding(text)
        meaning = (
            self._exact(words, text)
            or self._answer_with_tail(words, text)
            or self._literally(words, text)
        )
        if meaning:
            return meaning
        core = self.normaliser.core(words)
        return self._nearly(core, text) or Understanding(
            text,
            unknown=self._unknown(core),
            negated=not self.normaliser.negations.isdisjoint(words),
        )

    def _only_stop(self, text: str) -> Understanding:
        if self.stop.detect(text, busy=False):
            return Understanding(text, name='stop', score=1.0)
        return Understanding(text[:LONGEST_TEXT])

    def _literally(self, words: Words, text: str) -> Understanding | None:
        """Return what the words mean, with as many of them as make sense."""
        for form in self.normaliser.forms(words):
            if meaning := self._exact(form, text):
                return meaning
        return None

    def _exact(self, words: Words, text: str) -> Understanding | None:
        result = self._best(self._recognise(words))
        if result is None:
            return None
        slots = tuple(
            Slot(entity.name, str(entity.value), entity.text_clean)
            for entity in result.entities_list
        )
        return Understanding(text, name=result.intent.name, slots=slots, score=1.0)

    def _recognise(self, words: Words) -> Iterable[hassil.RecognizeResult]:
        return hassil.recognize_all(' '.join(words), self._intents, slot_lists=self._extra_lists)

    @staticmethod
    def _best(results: Iterable[hassil.RecognizeResult]) -> hassil.RecognizeResult | None:
        """Return the reading with the most literal text, and of those the fewest slots."""
        ranked = sorted(
            results,
            key=lambda result: (-result.text_chunks_matched, len(result.entities_list)),
        )
        return ranked[0] if ranked else None

    def _answer_with_tail(self, words: Words, text: str) -> Understanding | None:
        """Return a yes or no that more follows, as in "yes, bring the knife".

        Only single words that the file names answer so: "do not" is a no by itself, but must
        never become one that a command follows.
        """
        core = self.normaliser.core(words)
        for answer in ('yes', 'no'):
            for candidate in (words, core):
                if len(candidate) > 1 and candidate[0] in self._answers.get(answer, ()):
                    tail = self._literally(candidate[1:], text)
                    if tail:
                        return Understanding(text, name=answer, score=1.0, tail=tail)
        return None

    def _nearly(self, words: Words, text: str) -> Understanding | None:
        for attempt, (sentence, score) in enumerate(self._corrector.proposals(words)):
            if score < LEAST_SCORE or attempt == MOST_ATTEMPTS:
                break
            if meaning := self._exact(sentence, text):
                return Understanding(
                    text, meaning.name, meaning.slots, match=Match.FUZZY, score=round(score, 3)
                )
        return None

    def _unknown(self, words: Words) -> str:
        """Return the words that stand where an object or place should; "" where none does."""
        strange = [index for index, word in enumerate(words) if word not in self._vocabulary]
        if not strange:
            return ''
        first = strange[0]
        # A name of several words may hold some that the grammar knows from elsewhere.
        for end in dict.fromkeys((strange[-1] + 1, len(words))):
            if end - first > _LONGEST_UNKNOWN:
                break
            for known in self._examples:
                if self._exact((*words[:first], *known, *words[end:]), ''):
                    return ' '.join(words[first:end])
        return ''

    def _words_of_templates(self) -> set[str]:
        words: set[str] = set()
        for name in self._intents.slot_lists:
            for phrase in self._phrases(name):
                words.update(phrase)
        for rule in self._intents.expansion_rules.values():
            words.update(_literal_words(rule.expression))
        for intent in self._intents.intents.values():
            for block in intent.data:
                for sentence in block.sentences:
                    words.update(_literal_words(sentence.expression))
        return words

    def _sentences_of(self, intent: str) -> Iterator[str]:
        """Yield every way to say an intent, as far as there are not too many."""
        rules, lists = self._intents.expansion_rules, self._intents.slot_lists
        for block in self._intents.intents[intent].data:
            for sentence in block.sentences:
                yield from itertools.islice(
                    sample_expression(sentence.expression, lists, rules), MOST_SENTENCES
                )

    def _phrases(self, list_name: str) -> Iterator[Words]:
        """Yield every way to say a value of a list."""
        for value in getattr(self._intents.slot_lists.get(list_name), 'values', ()):
            for phrase in sample_expression(value.text_in, {}, {}):
                yield tuple(phrase.split())


def _literal_words(expression: Any) -> set[str]:
    if isinstance(expression, hassil.TextChunk):
        return set(expression.text.split())
    return {word for item in getattr(expression, 'items', ()) for word in _literal_words(item)}


def _check_sections(document: Document) -> None:
    for name, value in document.data.items():
        if name not in _SECTIONS:
            raise document.error(
                (name,), f"there is no section '{name}'", f'use {", ".join(_SECTIONS)}'
            )
        if name != 'language' and not isinstance(value, dict):
            raise document.error((name,), f"section '{name}' must hold keys and values")


def _check(documents: Sequence[Document], data: dict[str, Any]) -> None:
    first = documents[0]
    for section in ('language', 'intents', 'lists'):
        if section not in data:
            raise first.error((), f"section '{section}' is missing")
    for name in REQUIRED:
        if name not in data['intents']:
            raise first.error(('intents',), f"intent '{name}' is missing", 'it is always needed')
    if 'object' not in data['lists']:
        raise first.error(('lists',), "list 'object' is missing", 'it is always needed')
    for document in documents:
        _check_lists(document)
        _check_templates(document, data)


def _check_lists(document: Document) -> None:
    for name, body in (document.data.get('lists') or {}).items():
        kinds = {'values', 'range', 'wildcard'}
        if not isinstance(body, dict) or not kinds & set(body):
            raise document.error(('lists', name), f"list '{name}' has no values", 'add values')
        if body.get('wildcard'):
            raise document.error(
                ('lists', name),
                f"list '{name}' takes any words",
                'name its values: what a robot does not know it can not do safely',
            )
        for index, value in enumerate(body.get('values') or ()):
            text = value.get('in') if isinstance(value, dict) else value
            keys = ('lists', name, 'values', index)
            if not isinstance(text, str) or (isinstance(value, dict) and 'out' not in value):
                raise document.error(keys, f'{value!r} is no text and has no "in" and "out"')
            if hassil.is_template(text):
                _parse(document, keys, text)


def _check_templates(document: Document, data: dict[str, Any]) -> None:
    rules, lists = data.get('expansion_rules') or {}, data['lists']
    for name, body in (document.data.get('expansion_rules') or {}).items():
        keys: tuple[str | int, ...] = ('expansion_rules', name)
        _check_references(document, keys, _parse(document, keys, body), rules, lists)
    for name, intent in (document.data.get('intents') or {}).items():
        for number, block in enumerate(_blocks(document, name, intent)):
            for index, text in enumerate(block['sentences']):
                keys = ('intents', name, 'data', number, 'sentences', index)
                _check_references(document, keys, _parse(document, keys, text), rules, lists)


def _blocks(document: Document, name: str, intent: Any) -> list[dict[str, Any]]:
    blocks = intent.get('data') if isinstance(intent, dict) else None
    good = isinstance(blocks, list) and all(
        isinstance(block, dict) and isinstance(block.get('sentences'), list) for block in blocks
    )
    if not good or not blocks:
        raise document.error(
            ('intents', name), f"intent '{name}' has no sentences", 'add data: [sentences: [...]]'
        )
    return blocks


def _parse(document: Document, keys: tuple[str | int, ...], text: Any) -> Any:
    if not isinstance(text, str):
        raise document.error(keys, f'{text!r} is no sentence', 'put it in quotes')
    try:
        return parse_sentence(text, keep_text=True).expression
    except (HassilError, ParseError, ValueError, AssertionError, IndexError) as error:
        raise document.error(keys, f"'{text}' is no valid template: {error}") from error


def _check_references(
    document: Document, keys: tuple[str | int, ...], expression: Any, rules: Any, lists: Any
) -> None:
    for kind, name in _references(expression):
        if name not in (rules if kind == 'rule' else lists):
            raise document.error(keys, f"there is no {kind} '{name}'", 'correct the name or add it')


def _references(expression: Any) -> Iterator[tuple[str, str]]:
    if isinstance(expression, hassil.RuleReference):
        yield 'rule', expression.rule_name
    elif isinstance(expression, hassil.ListReference):
        yield 'list', re.sub(r':.*', '', expression.list_name)
    for item in getattr(expression, 'items', ()):
        yield from _references(item)
