# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Other ways to ask than by a command, and sentences of several pieces."""

from __future__ import annotations

from pathlib import Path

import pytest
from assist_common.errors import ConfigurationError
from assist_intent.grammar import Grammar
from assist_intent.rewording import Rewordings
from assist_intent.types import Match, Verdict
from conftest import GRAMMAR, Conversation

DATA = {
    'first_words': {'closing': 'close', 'brought': 'bring'},
    'verb_forms': {'closed': 'close'},
    'rewordings': [
        {'said': '{what} (needs|wants) {verb}{rest}', 'read': '{verb} {what} {rest}'},
        {'said': '[please] do {rest}', 'read': '{rest}'},
    ],
    'namings': [{'said': 'i (left|lost) {what}', 'read': '{what}'}],
    'pronouns': ['it', 'that one'],
}


@pytest.mark.parametrize(
    ('said', 'read'),
    [
        ('the door needs closing', ['close the door']),
        ('the old door wants closed at night', ['close the old door at night']),
        ('please do come', ['come']),
        ('do', ['']),
        ('the door needs paint', []),
        ('needs closing', []),
        ('what the door needs is closing', []),
    ],
)
def test_a_rewording_reads_the_plain_command(said: str, read: list[str]) -> None:
    found = Rewordings(DATA).plain(tuple(said.split()))
    assert [' '.join(words) for words in found] == read


def test_a_name_has_few_words_and_each_length_is_tried() -> None:
    row = {'said': 'if you pass the {where}[then] {rest}[please]', 'read': '{rest} in the {where}'}
    text = 'if you pass the living room get a cup please'
    found = Rewordings({'rewordings': [row]}).plain(tuple(text.split()))
    assert 'get a cup in the living room' in [' '.join(words) for words in found]
    long = Rewordings({'rewordings': [{'said': 'if {where}', 'read': '{where}'}]})
    assert not list(long.plain(('if', 'a', 'b', 'c', 'd')))


def test_a_preposition_is_kept() -> None:
    said = '{what} {preposition} the left {rest}'
    row = {'said': said, 'read': said.replace('left ', '')}
    rewordings = Rewordings({'prepositions': ['on', 'next to'], 'rewordings': [row]})
    found = [
        ' '.join(words)
        for text in ('cup next to the left chair', 'cup on the left table', 'cup of the left man')
        for words in rewordings.plain(tuple(text.split()))
    ]
    assert found == ['cup next to the chair', 'cup on the table']


def test_a_pronoun_stands_for_what_was_named_before_it() -> None:
    rewordings = Rewordings(DATA)
    words = ('i', 'left', 'my', 'cup', 'there', 'bring', 'it', 'to', 'me')
    found = [' '.join(plain) for plain in rewordings.without_pronoun(words, {'bring'})]
    assert found == ['bring i left my cup there to me', 'bring my cup there to me']
    assert not list(rewordings.without_pronoun(('bring', 'it'), {'bring'}))
    two = ('the', 'cup', 'hand', 'me', 'that', 'one')
    assert next(rewordings.without_pronoun(two, {'hand'})) == ('hand', 'me', 'the', 'cup')


def test_without_data_nothing_is_reworded() -> None:
    assert not list(Rewordings({}).plain(('do', 'come')))


@pytest.mark.parametrize(
    ('text', 'intent', 'slots'),
    [
        ('the drawer wants opening', 'open', {'object': 'drawer'}),
        ('the book should be given to Maria', 'give', {'object': 'book', 'person': 'maria'}),
        ('could the spoon be put on the table please', 'place',
         {'object': 'spoon', 'relation': 'on', 'reference': 'dining table'}),
        ('I would like to be escorted to the living room', 'guide',
         {'person': 'me', 'place': 'living room'}),
        ("you couldn't tell me the time could you", 'read_state', {'topic': 'time'}),
        ('the blue bottle, hand me that one please', 'bring',
         {'object': 'bottle', 'colour': 'blue'}),
        ('I left my phone in the office, can you get it for me', 'bring',
         {'object': 'cell phone', 'origin': 'office'}),
        ('my fork has fallen on the floor, pick it up please', 'pick', {'object': 'fork'}),
        ('the curtains should be opened now that it is morning', 'open', {'object': 'curtain'}),
    ],
)  # fmt: skip
def test_what_is_reworded_is_asked_about(
    grammar: Grammar, text: str, intent: str, slots: dict[str, str]
) -> None:
    meaning = grammar.understand(text)
    assert (meaning.name, meaning.steps[0].values()) == (intent, slots)
    assert meaning.match == Match.FUZZY


@pytest.mark.parametrize(
    'text',
    [
        'the door does not need closing',
        'the window should never be opened',
        'you could not bring me the cup',
        'you can not go to the kitchen',
        'the cup over there, do not bring it to me',
        'the shop needs closing',
        'the cup is on the table',
        'I left my book in the kitchen',
        'do I need to bring an umbrella',
        'the door was opened by the nurse',
        'he said the window should be closed',
    ],
)
def test_statements_and_negations_are_not_reworded(grammar: Grammar, text: str) -> None:
    assert grammar.understand(text).name in ('', 'no')


@pytest.mark.parametrize(
    ('text', 'intent'),
    [
        ("please don't, no", 'no'),
        ('yes, that is right, please do', 'yes'),
        ('never mind, forget it', 'cancel'),
        ('hold on, wait a minute', 'pause'),
    ],
)
def test_pieces_that_say_the_same_are_as_clear_as_one(
    grammar: Grammar, text: str, intent: str
) -> None:
    meaning = grammar.understand(text)
    assert (meaning.name, meaning.match) == (intent, Match.EXACT)


def test_a_yes_with_other_words_is_none(grammar: Grammar) -> None:
    for text in ('yes, if you insist', 'yes, perhaps', 'yes, the zigzag', 'sure, whatever'):
        assert grammar.understand(text).name != 'yes'


def test_a_pause_holds_whatever_is_said_after_it(grammar: Grammar, talk: Conversation) -> None:
    words = 'hold on, the frobnicator is not where it was'
    assert grammar.understand(words).name == 'pause'
    assert grammar.understand('resume, the frobnicator is where it was').name == ''
    # Nothing goes on, so that it means nothing.
    assert talk.hear(words).reply == 'Sorry, I did not understand that.'
    talk.hear('go to the kitchen')
    assert talk.hear('yes').verdict == Verdict.EXECUTE
    talk.hear(words)
    assert talk.said[-1] == 'I wait. Say resume when I may go on.'


@pytest.mark.parametrize(
    ('row', 'cause'),
    [
        ("{said: '{what} needs {verb}'}", 'needs said and read'),
        ("{said: '{object} needs {verb}', read: '{verb}'}", 'holds another slot'),
        ("{said: '{what} and {what}', read: '{what}'}", 'holds another slot'),
        ("{said: 'do {rest}', read: '{verb} {rest}'}", 'holds what is not said'),
        ("{said: '{what', read: '{what}'}", 'no valid template'),
    ],
)
def test_a_wrong_rewording_is_named_with_its_line(tmp_path: Path, row: str, cause: str) -> None:
    extension = tmp_path / 'more.yaml'
    extension.write_text(f'normalisation:\n  rewordings:\n    - {row}\n', encoding='utf-8')
    with pytest.raises(ConfigurationError, match=f'more.yaml:3: .*{cause}'):
        Grammar.load(GRAMMAR, extension)


@pytest.mark.parametrize(
    ('text', 'intent', 'slots'),
    [
        ('if you go to the kitchen find an apple', 'find', {'object': 'apple', 'place': 'kitchen'}),
        ('shut the door when you pass the garage', 'close', {'object': 'door', 'place': 'garage'}),
        ('bring me the... go to the kitchen', 'go_to', {'place': 'kitchen'}),
        ('go to the, oh, come here', 'come_here', {}),
        ('bring the broken whistle... open the window', 'open', {'object': 'window'}),
        ('keep up with my wife, she walks fast', 'follow', {'person': 'wife'}),
    ],
)  # fmt: skip
def test_circumstances_and_new_beginnings_are_asked_about(
    grammar: Grammar, text: str, intent: str, slots: dict[str, str]
) -> None:
    meaning = grammar.understand(text)
    assert [(step.name, step.values()) for step in meaning.steps] == [(intent, slots)]
    assert meaning.match == Match.FUZZY


def test_what_tells_a_reference_from_others_is_asked_about_without_it(grammar: Grammar) -> None:
    meaning = grammar.understand('put the cup on the left table')
    assert (meaning.name, meaning.value('reference')) == ('place', 'dining table')
    assert meaning.match == Match.FUZZY


@pytest.mark.parametrize(
    'text',
    [
        'my wife said follow me, she walks fast',
        'hello anna, it is me',
        'the phone is out of battery again',
        'take my brother, he never follows me',
    ],
)
def test_what_is_told_of_others_asks_for_nothing(grammar: Grammar, text: str) -> None:
    assert not grammar.understand(text).name
