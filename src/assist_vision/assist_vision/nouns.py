# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Names of things as words of a sentence, and as people ask for them."""

from __future__ import annotations

from collections.abc import Iterable

PLURAL = ('skis', 'scissors')
"""Of one of them people say 'are'."""

_NUMBERS = (
    'no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven',
    'twelve',
)  # fmt: skip
_IRREGULAR = {
    'person': 'people',
    'mouse': 'mice',
    'knife': 'knives',
    'sheep': 'sheep',
    'skis': 'pairs of skis',
    'scissors': 'pairs of scissors',
    'broccoli': 'pieces of broccoli',
}
_PAIRS = {'skis': 'a pair of skis', 'scissors': 'a pair of scissors', 'broccoli': 'some broccoli'}
_ARTICLES = ('the ', 'a ', 'an ')


def plural(label: str) -> str:
    """Return the plural of a class name."""
    if label in _IRREGULAR:
        return _IRREGULAR[label]
    if label.endswith(('s', 'x', 'ch', 'sh')):
        return f'{label}es'
    if label.endswith('y') and label[-2:-1] not in tuple('aeiou'):
        return f'{label[:-1]}ies'
    return f'{label}s'


def indefinite(label: str) -> str:
    """Return a class name with its article: a bus, an umbrella."""
    if label in _PAIRS:
        return _PAIRS[label]
    return f'{"an" if label[:1].lower() in tuple("aeiou") else "a"} {label}'


def counted(count: int, label: str) -> str:
    """Return a number of things: a bus, two people, 15 cups."""
    if count == 1:
        return indefinite(label)
    return f'{number(count)} {plural(label)}'


def number(count: int) -> str:
    """Return a number as a word, up to twelve."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def match(labels: Iterable[str], words: str) -> str:
    """Return which of the classes somebody means, or nothing.

    Neither capitals, an article nor the plural matter, and the last word of a class is enough:
    'tables' means the dining table where there is no class of that name.
    """
    wanted = ' '.join(words.casefold().split())
    for article in _ARTICLES:
        wanted = wanted.removeprefix(article)
    known = list(dict.fromkeys(labels))
    for name in (str.casefold, _last_word):
        for label in known:
            if wanted in (name(label), plural(name(label))):
                return label
    return ''


def _last_word(label: str) -> str:
    return label.casefold().rpartition(' ')[2]
