# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Which words stop."""

from __future__ import annotations

import pytest
from assist_common.text import edit_distance
from assist_intent.fuzzy import similarity
from assist_intent.grammar import Grammar


@pytest.mark.parametrize(
    'text',
    ['stop', 'Stop!', 'STOP STOP STOP', 'please stop', 'stop that', 'Robot, stop now.', 'Halt',
     'um stop', 'no no stop', 'go to the stop', 'stop following me', 'Stop bring the cup',
     'freeze'],
)  # fmt: skip
def test_it_stops_while_something_goes_on(grammar: Grammar, text: str) -> None:
    assert grammar.stop.detect(text, busy=True)


@pytest.mark.parametrize(
    'text',
    ['Stop.', 'please stop', 'Stand still!', 'do not move', 'Oh no, stop!', 'stop it now please'],
)
def test_it_stops_at_any_time(grammar: Grammar, text: str) -> None:
    assert grammar.stop.detect(text, busy=False)


@pytest.mark.parametrize(
    'text',
    ['', 'where is the bus stop', "don't stop", 'never stop', 'I see a stop sign',
     'find the stop sign', 'non stop',
     'bring me the cup', 'stopped', 'unstoppable', 'nonstop flights to Rome'],
)  # fmt: skip
def test_it_does_not_stop(grammar: Grammar, text: str) -> None:
    assert not grammar.stop.detect(text, busy=True)


def test_in_a_sentence_and_nearly_only_while_busy(grammar: Grammar) -> None:
    for text in ('careful stop the pot boils over', 'stopp', 'stap'):
        assert grammar.stop.detect(text, busy=True), text
        assert not grammar.stop.detect(text, busy=False), text


def test_a_text_of_any_length_is_looked_at(grammar: Grammar) -> None:
    assert grammar.stop.detect('word ' * 20000 + 'stop', busy=False)
    assert grammar.stop.detect('stop ' + 'word ' * 20000, busy=False)
    assert not grammar.stop.detect('\x00\x1b{}[]()|<>' * 1000, busy=True)


@pytest.mark.parametrize(
    ('first', 'second', 'distance'),
    [('', '', 0), ('cup', 'cup', 0), ('cup', 'cap', 1), ('ring', 'bring', 1), ('ab', 'ba', 1),
     ('kitten', 'sitting', 3)],
)  # fmt: skip
def test_edit_distance(first: str, second: str, distance: int) -> None:
    assert edit_distance(first, second, 10) == distance
    assert edit_distance(second, first, 10) == distance
    assert edit_distance(first, second, 0) == min(distance, 1)


def test_words_that_sound_alike_are_similar() -> None:
    assert similarity('knife', 'nife') > 0.8
    assert similarity('phone', 'fone') > similarity('phone', 'plane')
    assert similarity('cup', 'cup') == 1.0
    assert similarity('cup', 'bus') < 0.6
