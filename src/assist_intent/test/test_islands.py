# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Requests that are read out of sentences which no template fits."""

from __future__ import annotations

import gc
import shutil
import weakref
from pathlib import Path

import pytest
from assist_common.errors import ConfigurationError
from assist_intent.grammar import Grammar
from assist_intent.types import Match
from conftest import GRAMMAR

GUESSED = {
    'grab me that zigzag mug': ('bring', {'object': 'cup'}),
    'I would be over the moon if you brought me a banana': ('bring', {'object': 'banana'}),
    'your very next pleasure is to bring me the toothbrush': ('bring', {'object': 'toothbrush'}),
    'be so sweet as to pass me my cup': ('bring', {'object': 'cup'}),
    'pop upstairs to the bedroom': ('go_to', {'place': 'bedroom'}),
    'off you trot to the kitchen': ('go_to', {'place': 'kitchen'}),
    'where might my book be hiding': ('where_is', {'object': 'book'}),
}
"""Sentences whose islands make sense, whatever stands between them."""

LEFT_ALONE = (
    'Rex, can you fetch the ball',
    'grandpa could you fetch me that zigzag mug',
    'my boss wants you to grab that zigzag mug',
    'he told me to grab that zigzag mug',
    'do not grab me that zigzag mug',
    'never ever grab me that zigzag mug',
    'I grabbed that zigzag mug yesterday',
    'if it rains grab me that zigzag mug',
    'who might grab me that zigzag mug',
    'grab me the tambourine on the table',
    'grab me the cup final highlights',
    'find me a recipe for cake',
    'how many cups in a litre',
    'come here Rover',
    'take a seat',
    'stand by your man',
    'lock the computer',
    'you should not follow him',
)
"""Sentences to or about others, negations, reports and sayings."""


@pytest.mark.parametrize('text', GUESSED)
def test_a_request_between_unknown_words_is_only_guessed(grammar: Grammar, text: str) -> None:
    meaning = grammar.understand(text)
    assert (meaning.name, meaning.steps[0].values()) == GUESSED[text]
    assert meaning.match == Match.FUZZY


@pytest.mark.parametrize('text', LEFT_ALONE)
def test_no_request_is_read_out_of_what_is_none(grammar: Grammar, text: str) -> None:
    assert grammar.understand(text).name == ''


@pytest.mark.parametrize('word', ['yes', 'no', 'stop', 'resume', 'cancel', 'pause'])
def test_nothing_that_answers_or_stops_is_ever_guessed(grammar: Grammar, word: str) -> None:
    meaning = grammar.understand(f'could you gently {word} wonderful zigzag stuff')
    assert meaning.name in ('', 'stop')


def test_a_step_of_several_may_be_guessed(grammar: Grammar) -> None:
    meaning = grammar.understand('go to the kitchen and grab me that zigzag mug')
    assert [step.name for step in meaning.steps] == ['go_to', 'bring']
    assert meaning.match == Match.FUZZY


@pytest.mark.parametrize('first', ['the kitchen is lovely', 'frobnicate the cup'])
def test_what_names_a_thing_before_a_request_is_not_left_out(grammar: Grammar, first: str) -> None:
    assert grammar.understand(f'{first} and grab me that zigzag mug').name == ''


def test_numbers_are_never_corrected_to_others(grammar: Grammar) -> None:
    meaning = grammar.understand('drive eighty centimetres forward')
    assert meaning.value('distance') == '0.8'


@pytest.mark.parametrize(
    ('row', 'cause'),
    [
        ('{say: bring, head: bring}', 'needs intent, say and head'),
        ('{intent: juggle, say: juggle, head: juggle}', "no intent 'juggle'"),
        ('{intent: stop, say: stop, head: stop}', 'must not be guessed'),
        ("{intent: bring, say: bring, head: '<nothing>'}", "no rule 'nothing'"),
    ],
)
def test_a_wrong_request_is_named_with_its_line(tmp_path: Path, row: str, cause: str) -> None:
    extension = tmp_path / 'more.yaml'
    extension.write_text(f'islands:\n  requests:\n    - {row}\n')
    with pytest.raises(ConfigurationError, match=f'more.yaml:3: .*{cause}'):
        Grammar.load(GRAMMAR, extension)


def test_a_grammar_without_islands_guesses_nothing(tmp_path: Path) -> None:
    plain = tmp_path / 'en.yaml'
    shutil.copy(GRAMMAR, plain)
    text = plain.read_text()
    begin, end = text.index('\nislands:'), text.index('\nresponses:')
    plain.write_text(text[:begin] + text[end:])
    assert Grammar.load(plain).understand('grab me that zigzag mug').name == ''


def test_a_loaded_grammar_costs_no_garbage_collection_and_yet_goes_when_it_is_dropped() -> None:
    dropped = weakref.ref(Grammar.load(GRAMMAR))
    assert gc.get_freeze_count() > 0
    Grammar.load(GRAMMAR)
    assert dropped() is None
