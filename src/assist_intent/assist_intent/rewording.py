# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Turn other ways to ask for something into the plain command: "the door needs closing".

What comes of it is only ever good enough to ask the person whether it was meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import hassil
from hassil.parse_expression import parse_sentence

from assist_intent.normaliser import Words, by_first_word, length_at, phrases
from assist_intent.replies import fill

SLOTS = ('what', 'verb', 'preposition', 'rest', 'where')
"""What a template of `said` may hold: some words, a form of a verb, one of `prepositions`, any
words or none, and a name of a few words."""
LONGEST_NAME = 3
"""Words of a name; each length is tried."""
Rows = list[tuple[re.Pattern[str], str]]
_NAME = '{name}'


class Rewordings:
    """The rewordings of one language.

    Args:
        data: the section `normalisation` of a grammar file.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._verbs = {
            str(form): str(verb)
            for key in ('first_words', 'verb_forms')
            for form, verb in (data.get(key) or {}).items()
        }
        self._given = {'verb': self._verbs, 'preposition': data.get('prepositions') or ()}
        self._rows = self._patterns(data.get('rewordings') or ())
        self._namings = self._patterns(data.get('namings') or ())
        self._pronouns = by_first_word(phrases(data, 'pronouns'))

    def plain(self, words: Words) -> Iterator[Words]:
        """Yield the plain commands that some words may stand for."""
        yield from self._read(self._rows, words)

    def _read(self, rows: Rows, words: Words) -> Iterator[Words]:
        text = ''.join(f'{word} ' for word in words)
        for pattern, read in rows:
            if match := pattern.fullmatch(text):
                said = match.groupdict()
                verb = self._verbs.get((said.get('verb') or '').strip(), '')
                yield tuple(fill(read, {**said, 'verb': verb}).split())

    def without_pronoun(self, words: Words, begins: Collection[str]) -> Iterator[Words]:
        """Yield the command at the end with what was named before it in place of the pronoun, as in
        "that cup over there, please bring it to me".

        Args:
            begins: words that the command can begin with.
        """
        for index in range(2, len(words)):
            if length := length_at(self._pronouns, words, index):
                for begin in range(1, index):
                    if words[begin] in begins:
                        command, rest = words[begin:index], words[index + length :]
                        for named in (words[:begin], *self._read(self._namings, words[:begin])):
                            yield (*command, *named, *rest)

    def _patterns(self, rows: Iterable[Mapping[str, str]]) -> Rows:
        found: Rows = []
        for row in rows:
            text = self._expression(parse_sentence(row['said']).expression)
            lengths = range(1, LONGEST_NAME + 1) if _NAME in text else (1,)
            found += (
                (re.compile(text.replace(_NAME, f'{{{length}}}')), row['read'])
                for length in lengths
            )
        return found

    def _expression(self, item: Any) -> str:
        if isinstance(item, hassil.TextChunk):
            return ''.join(f'{re.escape(word)} ' for word in item.text.split())
        if isinstance(item, hassil.ListReference):
            return self._slot(item.list_name)
        pieces = [self._expression(piece) for piece in item.items]
        alternative = isinstance(item, hassil.Alternative)
        return f'(?:{"|".join(pieces)})' if alternative else ''.join(pieces)

    def _slot(self, name: str) -> str:
        if name in self._given:
            return f'(?P<{name}>(?:{"|".join(map(re.escape, self._given[name]))}) )'
        many = {'what': '+?', 'where': _NAME}.get(name, '*?')
        return f'(?P<{name}>(?:\\S+ ){many})'
