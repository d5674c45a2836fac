# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Sentences as recognisers write them, and files with mistakes."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from assist_common.errors import ConfigurationError
from assist_intent.grammar import Grammar
from assist_intent.types import Match
from conftest import GRAMMAR


@pytest.mark.parametrize(
    ('text', 'intent', 'slots'),
    [
        ('Stop.', 'stop', {}),
        ('Come here, please!', 'come_here', {}),
        ('Go to the kitchen.', 'go_to', {'place': 'kitchen'}),
        ('Um, could you, er, go to the living room please?', 'go_to', {'place': 'living room'}),
        ('Bring me the cup.', 'bring', {'object': 'cup'}),
        ('BRING ME MY MOBILE', 'bring', {'object': 'cell phone'}),
        ('Find the bus', 'find', {'object': 'bus'}),
        ("What's in front of you?", 'describe_scene', {}),
        ('What do you see?', 'describe_scene', {}),
        ("Where's my phone?", 'where_is', {'object': 'cell phone'}),
        ('How many people are there?', 'count', {'object': 'person'}),
        ('Yes.', 'yes', {}),
        ('No, thanks.', 'no', {}),
        ('Resume', 'resume', {}),
        ('Never mind.', 'cancel', {}),
        ('the left one', 'select', {'position': 'left'}),
        (
            'Could you please bring me the red cup on the table left of the bowl?',
            'bring',
            {
                'object': 'cup',
                'colour': 'red',
                'relation': 'on',
                'reference': 'dining table',
                'second_relation': 'left_of',
                'second_reference': 'bowl',
            },
        ),
    ],
)
def test_sentences_are_understood(
    grammar: Grammar, text: str, intent: str, slots: dict[str, str]
) -> None:
    meaning = grammar.understand(text)
    assert meaning.name == intent
    assert {slot.name: slot.value for slot in meaning.slots} == slots
    assert meaning.match == Match.EXACT


@pytest.mark.parametrize(
    'text',
    [
        '',
        ' \t\n',
        '\x00\x07\x1b[31m',
        '?!...',
        'The weather is nice today.',
        "I can't stop loving you",
        'what is the meaning of life',
        "Don't go to the kitchen.",
        'do not bring me the knife',
        'never go to the bedroom',
        'Geh bitte in die Küche',
        '{object} <thing> [a|b]',
        'bring me {object}',
        'Oh.',
    ],
)
def test_what_is_no_command_is_not_understood(grammar: Grammar, text: str) -> None:
    assert grammar.understand(text).name == ''


@pytest.mark.parametrize(
    ('text', 'intent', 'slots'),
    [
        ('ring me the red cup', 'bring', {'object': 'cup', 'colour': 'red'}),
        ('go to the kitchin', 'go_to', {'place': 'kitchen'}),
        ('where is the buss', 'where_is', {'object': 'bus'}),
    ],
)
def test_near_misses_are_fuzzy(
    grammar: Grammar, text: str, intent: str, slots: dict[str, str]
) -> None:
    meaning = grammar.understand(text)
    assert (meaning.name, meaning.match) == (intent, Match.FUZZY)
    assert {slot.name: slot.value for slot in meaning.slots} == slots
    assert 0.7 <= meaning.score < 1.0


def test_an_answer_keeps_what_follows(grammar: Grammar) -> None:
    meaning = grammar.understand('Yes, bring the knife.')
    assert meaning.name == 'yes'
    assert meaning.tail is not None
    assert (meaning.tail.name, meaning.tail.value('object')) == ('bring', 'knife')


@pytest.mark.parametrize('text', ["Don't, bring the knife", 'do not go to the kitchen'])
def test_a_not_never_becomes_a_no_with_a_command(grammar: Grammar, text: str) -> None:
    meaning = grammar.understand(text)
    assert meaning.tail is None
    assert meaning.name in ('', 'no')


def test_unknown_words_are_named(grammar: Grammar) -> None:
    assert grammar.understand('bring me the stapler').unknown == 'stapler'
    assert grammar.understand('go to the space station').unknown == 'space station'


def test_long_texts_are_no_commands_but_can_stop(grammar: Grammar) -> None:
    assert grammar.understand('bring me the cup ' * 600).name == ''
    assert grammar.understand('la ' * 3400 + 'stop').name == 'stop'


def test_braces_in_a_text_are_punctuation(grammar: Grammar) -> None:
    meaning = grammar.understand('bring me the (cup) | {place}')
    assert meaning.name in ('', 'bring')
    assert grammar.understand('[bring] <me> the {cup}').value('object') == 'cup'


def test_labels_of_the_detector_become_objects() -> None:
    grammar = Grammar.load(GRAMMAR)
    assert grammar.understand('where is the stapler').name == ''
    grammar.know_labels(['stapler', 'cup', 'b{a}d'])
    assert grammar.understand('where is the stapler').value('object') == 'stapler'
    assert grammar.understand('where is the mug').value('object') == 'cup'


def test_an_extension_adds_intents_and_words(tmp_path: Path) -> None:
    extra = tmp_path / 'lab.yaml'
    extra.write_text(
        'intents: {wave: {data: [{sentences: ["wave [at] [<the>] {object}"]}]}}\n'
        'lists: {place: {values: [{in: (lab|laboratory), out: laboratory}]}}\n'
    )
    grammar = Grammar.load(GRAMMAR, extra)
    assert grammar.understand('please wave at the dog').name == 'wave'
    assert grammar.understand('go to the lab').value('place') == 'laboratory'
    assert grammar.understand('go to the kitchen').value('place') == 'kitchen'


@pytest.mark.parametrize(
    ('change', 'line', 'words'),
    [
        ('intents: {wave: {data: [{sentences: ["wave {nobody}"]}]}}', 1, "list 'nobody'"),
        ('lists: {}\nexpansion_rules: {x: "<y>"}', 2, "rule 'y'"),
        ('intents: {wave: {data: [{sentences: ["wave (at"]}]}}', 1, 'no valid template'),
        ('intents: {wave: {data: [{sentences: [12]}]}}', 1, '12 is no sentence'),
        ('intents: {wave: {}}', 1, "'wave' has no sentences"),
        ('intentions: {}', 1, "no section 'intentions'"),
        ('lists: [a, b]', 1, "'lists' must hold"),
        ('lists: {free: {wildcard: true}}', 1, 'takes any words'),
        ('lists: {free: {}}', 1, 'has no values'),
        ('lists: {free: {values: [{in: a}]}}', 1, '"in" and "out"'),
        ('lists:\n  a: {values: [x]}\n  a: {values: [y]}', 3, "'a' is there twice"),
        ('lists: {a: [', 1, 'not valid YAML'),
        ('- a\n- b', 1, 'keys and values'),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    tmp_path: Path, change: str, line: int, words: str
) -> None:
    extra = tmp_path / 'lab.yaml'
    extra.write_text(change)
    with pytest.raises(ConfigurationError) as raised:
        Grammar.load(GRAMMAR, extra)
    assert f'lab.yaml:{line}' in str(raised.value)
    assert words in str(raised.value)


def test_a_grammar_without_stop_is_refused(tmp_path: Path) -> None:
    path = tmp_path / 'small.yaml'
    path.write_text(
        'language: en\nlists: {object: {values: [cup]}}\n'
        'intents: {wave: {data: [{sentences: [wave]}]}}\n'
    )
    with pytest.raises(ConfigurationError, match="intent 'stop' is missing"):
        Grammar.load(path)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ConfigurationError, match='nowhere.yaml'):
        Grammar.load('/nowhere.yaml')


def test_each_command_has_an_example_and_no_approval_has(grammar: Grammar) -> None:
    sentences, objects = grammar.examples()
    assert {'Stop.', 'Go to the kitchen.', 'Bring me the {object}.'} <= set(sentences)
    assert {'cup', 'knife'} <= set(objects)
    names = []
    for sentence in sentences:
        meaning = grammar.understand(sentence.replace('{object}', 'cup'))
        assert meaning.match == Match.EXACT
        names.append(meaning.name)
    assert set(grammar.intents) - set(names) == {'yes', 'no', 'select'}


def test_what_is_expected_is_understood_and_answers_nothing(grammar: Grammar) -> None:
    sentences, _ = grammar.expected()
    assert sentences[-1] == 'Stop.'
    for sentence in sentences:
        meaning = grammar.understand(sentence.replace('{object}', 'cup'))
        assert meaning.match == Match.EXACT
        assert meaning.name not in ('', 'yes', 'no', 'select')


def test_what_is_expected_must_be_sentences(tmp_path: Path) -> None:
    path = tmp_path / 'more.yaml'
    path.write_text('language: en\nrecognition:\n  expected:\n    - Come here\n')
    with pytest.raises(ConfigurationError, match="yaml:4: 'Come here' is no sentence"):
        Grammar.load(GRAMMAR, path)


def test_labels_are_learnt_while_others_read(grammar: Grammar) -> None:
    own = Grammar.load(GRAMMAR)
    wrong: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            if own.understand('bring me the red cup next to the bowl').value('object') != 'cup':
                wrong.append('cup')

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(20):
        own.know_labels([f'gadget {number}', 'cup'])
        assert own.understand(f'find the gadget {number}').value('object') == f'gadget {number}'
    done.set()
    for reader in readers:
        reader.join()
    assert not wrong
    assert grammar.understand('find the gadget 7').name == ''


def test_what_is_passed_on_begins_with_a_whole_word(grammar: Grammar) -> None:
    assert grammar.understand('tell the doctor my leg hurts').value('text') == 'my leg hurts'


@pytest.mark.parametrize(
    'text',
    ['going to the kitchen', 'well, going home', 'okay bringing the cup', 'bringing me the cup'],
)
def test_what_somebody_is_doing_is_no_request(grammar: Grammar, text: str) -> None:
    assert grammar.understand(text).name == ''
    assert grammar.understand('would you mind going to the kitchen').name == 'go_to'


def test_a_bad_template_of_what_surrounds_a_sentence_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / 'more.yaml'
    path.write_text('language: en\nnormalisation:\n  openers:\n    - (could you\n')
    with pytest.raises(ConfigurationError, match=r'more\.yaml:4'):
        Grammar.load(GRAMMAR, path)
