# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""One sentence for each command, made from its template: what a recogniser may expect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import hassil
from hassil.sample import sample_expression

NAMED = 'object'
"""The list whose values stay open: they depend on what there is to be seen."""
ARTICLE = 'the'
"""The rule whose words stand before a noun, in every language."""


class ExampleMaker:
    """Writes a template in its plainest form.

    Of alternatives it takes the first, of optional parts only articles; a list gives its first
    value, but objects stay `{object}`.
    """

    def __init__(self, rules: Mapping[str, Any], lists: Mapping[str, Any]) -> None:
        self._rules = rules
        self._lists = lists

    def sentence(self, expression: Any) -> str:
        """Return a sentence with a capital letter and a full stop."""
        text = ' '.join(self._text(expression).split())
        return f'{text[:1].upper()}{text[1:]}.'

    def names(self) -> list[str]:
        """Return the objects of the grammar, as a detector names them."""
        values = getattr(self._lists.get(NAMED), 'values', ())
        return list(dict.fromkeys(str(value.value_out) for value in values))

    def _text(self, item: Any) -> str:
        if isinstance(item, hassil.TextChunk):
            return item.text
        if isinstance(item, hassil.RuleReference):
            return self._text(self._rules[item.rule_name].expression)
        if isinstance(item, hassil.ListReference):
            return self._value(item.list_name.partition(':')[0])
        if not isinstance(item, hassil.Alternative):
            return ''.join(self._text(part) for part in item.items)
        if item.is_optional and not self._is_article(item):
            return ''
        return self._text(item.items[0])

    def _value(self, name: str) -> str:
        if name == NAMED:
            return f'{{{NAMED}}}'
        for value in getattr(self._lists[name], 'values', ()):
            for text in sample_expression(value.text_in, {}, {}):
                return str(text)
        return ''

    def _is_article(self, optional: Any) -> bool:
        choices: list[Any] = [part for part in optional.items if getattr(part, 'text', None) != '']
        parts: list[Any] = getattr(choices[0], 'items', [])
        return len(choices) == 1 and [getattr(part, 'rule_name', '') for part in parts] == [ARTICLE]
