# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Read and check the files of a grammar; errors name the file and the line."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import hassil
from assist_common.errors import ConfigurationError
from hassil.errors import HassilError
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError
from hassil.util import merge_dict

from assist_intent.document import Document
from assist_intent.rewording import SLOTS
from assist_intent.types import OWN_INTENTS

REQUIRED = ('stop', 'resume', 'cancel', 'yes', 'no')
"""Intents that the dialogue can not do without."""
FREE = 'text'
"""The only list that may take any words: they are passed on, never done."""

_SECTIONS = ('language', 'intents', 'lists', 'expansion_rules', 'normalisation', 'islands',
             'recognition', 'responses', 'seen', 'settings')  # fmt: skip


def load(*paths: str | Path) -> dict[str, Any]:
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
    return data


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
        _check_seen(document)
        _check_lists(document)
        _check_expected(document)
        _check_templates(document, data)


def _check_seen(document: Document) -> None:
    for label, value in (document.data.get('seen') or {}).items():
        if not isinstance(value, bool):
            raise document.error(('seen', label), f"'{label}' is {value!r}", 'use true or false')


def _check_lists(document: Document) -> None:
    for name, body in (document.data.get('lists') or {}).items():
        kinds = {'values', 'range', 'wildcard'}
        if not isinstance(body, dict) or not kinds & set(body):
            raise document.error(('lists', name), f"list '{name}' has no values", 'add values')
        if body.get('wildcard') and name != FREE:
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


def _check_expected(document: Document) -> None:
    expected = (document.data.get('recognition') or {}).get('expected') or ()
    for index, text in enumerate(expected):
        if not isinstance(text, str) or text.strip()[-1:] not in ('.', '?', '!'):
            keys = ('recognition', 'expected', index)
            raise document.error(keys, f'{text!r} is no sentence', 'end it with a full stop')


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
    _check_islands(document, data, rules, lists)
    section = document.data.get('normalisation') or {}
    _check_rewordings(document, section)
    around_yes = section.get('around_yes') or {}
    for parents, body in ((), section), (('around_yes',), around_yes):
        for name in ('openers', 'closers'):
            for index, text in enumerate(body.get(name) or ()):
                if hassil.is_template(str(text)):
                    _parse(document, ('normalisation', *parents, name, index), text)


def _check_rewordings(document: Document, section: dict[str, Any]) -> None:
    rows = [
        (name, number, row)
        for name in ('rewordings', 'namings')
        for number, row in enumerate(section.get(name) or ())
    ]
    for name, number, row in rows:
        keys: tuple[str | int, ...] = ('normalisation', name, number)
        if not isinstance(row, dict) or set(row) != {'said', 'read'}:
            raise document.error(keys, 'a rewording needs said and read')
        said = [name for _, name in _references(_parse(document, keys, row['said']))]
        if not set(said) <= set(SLOTS) or len(said) != len(set(said)):
            raise document.error(keys, f"'{row['said']}' holds another slot", 'use each once')
        if not set(re.findall(r'\{(\w+)\}', str(row['read']))) <= set(said):
            raise document.error(keys, f"'{row['read']}' holds what is not said")


def _check_islands(document: Document, data: dict[str, Any], rules: Any, lists: Any) -> None:
    for number, row in enumerate((document.data.get('islands') or {}).get('requests') or ()):
        keys: tuple[str | int, ...] = ('islands', 'requests', number)
        if not isinstance(row, dict) or not {'intent', 'say', 'head'} <= set(row):
            raise document.error(keys, 'a request needs intent, say and head')
        if row['intent'] not in data['intents']:
            raise document.error(keys, f"there is no intent '{row['intent']}'")
        if row['intent'] in OWN_INTENTS:
            raise document.error(keys, f"'{row['intent']}' must not be guessed")
        for text in (row['head'], *(row.get('parts') or ())):
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


@cache
def parsed(text: str) -> hassil.Sentence:
    """Return a template as hassil's expression, parsed only once."""
    return parse_sentence(text, keep_text=True)


def _parse(document: Document, keys: tuple[str | int, ...], text: Any) -> Any:
    if not isinstance(text, str):
        raise document.error(keys, f'{text!r} is no sentence', 'put it in quotes')
    try:
        return parsed(text).expression
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
