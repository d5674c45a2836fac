# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The prompt that steers recognition: what may be said, about what there is to be seen."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Iterable, Iterator

LONGEST_PROMPT = 250
"""Characters; Whisper takes 223 tokens, and each costs time in every decode."""
LONGEST_SENTENCE = 60
"""Characters of a sentence or name that is taken."""
MOST_OBJECTS = 8
"""Things that are remembered, the latest seen."""
OBJECT = '{object}'

# Nothing but words: what the tokenizer takes for a command must never come from a topic.
_SENTENCE = re.compile(r"[\w' {}-]+[.?!]")
_NAME = re.compile(r"[\w' -]+")


class Prompt:
    """Whole sentences with full stops, in a fixed size. Safe for several threads.

    A list of words without full stops makes Whisper repeat itself.

    Args:
        default: the prompt until a vocabulary is known.
    """

    def __init__(self, default: str) -> None:
        self.text = default
        self._sentences: tuple[str, ...] = ()
        self._known: tuple[str, ...] = ()
        self._seen: tuple[str, ...] = ()
        self._lock = threading.Lock()

    def expect(self, sentences: Iterable[str], objects: Iterable[str]) -> None:
        """Take likely sentences, the most important last, {object} for a thing; and things."""
        with self._lock:
            self._sentences = _fitting(sentences, _SENTENCE)
            self._known = _fitting(objects, _NAME)
            self._build()

    def see(self, labels: Iterable[str]) -> None:
        """Take what is to be seen now."""
        with self._lock:
            seen = dict.fromkeys((*_fitting(labels, _NAME), *self._seen))
            latest = tuple(itertools.islice(seen, MOST_OBJECTS))
            if set(latest) != set(self._seen):
                self._seen = latest
                self._build()

    def _build(self) -> None:
        if not self._sentences:
            return
        chosen: list[str] = []
        room = LONGEST_PROMPT
        for sentence in reversed(list(dict.fromkeys(self._filled()))):
            if len(sentence) < room:
                chosen.append(sentence)
                room -= len(sentence) + 1
        self.text = ' '.join(reversed(chosen))

    def _filled(self) -> Iterator[str]:
        """Yield the sentences about what is seen, and after that about what is known."""
        things = itertools.cycle(dict.fromkeys((*self._seen, *self._known)))
        for sentence in self._sentences:
            filled = sentence
            for thing in itertools.islice(things, sentence.count(OBJECT)):
                filled = filled.replace(OBJECT, thing, 1)
            if OBJECT not in filled:
                yield filled


def _fitting(texts: Iterable[str], pattern: re.Pattern[str]) -> tuple[str, ...]:
    tidy = (text.strip() for text in texts)
    return tuple(
        text for text in tidy if len(text) <= LONGEST_SENTENCE and pattern.fullmatch(text)
    )
