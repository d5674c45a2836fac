# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Plans, slips of the tongue, reasons, amounts, and what no sentence may do to the grammar."""

from __future__ import annotations

import pytest
from assist_intent.grammar import Grammar
from assist_intent.normaliser import without_repetitions
from assist_intent.types import Match
from conftest import Conversation


def steps(grammar: Grammar, text: str) -> list[tuple[str, dict[str, str]]]:
    """Return the steps of a sentence with their slots."""
    return [(step.name, step.values()) for step in grammar.understand(text).steps]


def test_a_sentence_with_several_steps_is_a_plan(grammar: Grammar) -> None:
    assert steps(grammar, 'Go to the kitchen, find the red cup and bring it to me, please.') == [
        ('go_to', {'place': 'kitchen'}),
        ('find', {'object': 'cup', 'colour': 'red'}),
        ('bring', {'object': 'it'}),
    ]
    assert steps(grammar, 'open the drawer pick up the scissors and then close the drawer') == [
        ('open', {'object': 'drawer'}),
        ('pick', {'object': 'scissors'}),
        ('close', {'object': 'drawer'}),
    ]


@pytest.mark.parametrize(
    ('text', 'objects'),
    [
        ('put the fork and the knife on the table', ['fork', 'knife']),
        ('please put the fork, the knife and the spoon on the table', ['fork', 'knife', 'spoon']),
        ('put the fork, the knife on the table', ['fork', 'knife']),
    ],
)
def test_things_may_share_their_ending(grammar: Grammar, text: str, objects: list[str]) -> None:
    where = {'relation': 'on', 'reference': 'dining table'}
    assert steps(grammar, text) == [('place', {'object': name, **where}) for name in objects]


@pytest.mark.parametrize(
    'text', ['put the fork and the weather on the table', 'put the fork and go to the table']
)
def test_an_ending_is_shared_by_things_alone(grammar: Grammar, text: str) -> None:
    assert not any(name == 'place' for name, _ in steps(grammar, text))


def test_two_objects_are_two_steps(grammar: Grammar) -> None:
    assert steps(grammar, 'bring me the fork and the knife') == [
        ('bring', {'object': 'fork'}),
        ('bring', {'object': 'knife'}),
    ]


@pytest.mark.parametrize(
    'text',
    [
        'go to the kitchen and the weather is nice',
        'go to the kitchen and do not bring me the cup',
        'bring me the cup, then, then',
        ' and '.join(['go to the kitchen'] * 9),
    ],
)
def test_a_plan_is_understood_as_a_whole_or_not_at_all(grammar: Grammar, text: str) -> None:
    meaning = grammar.understand(text)
    assert len(meaning.steps) in (0, 1)
    assert not meaning.is_plan


@pytest.mark.parametrize(
    ('text', 'intent', 'slots'),
    [
        ('bring me the, no, the red cup', 'bring', {'object': 'cup', 'colour': 'red'}),
        ('go to the bathroom, I mean the bedroom', 'go_to', {'place': 'bedroom'}),
        ('my arm is in plaster, could you bring me the spoon', 'bring', {'object': 'spoon'}),
        ("bring me the remote, I can't reach it", 'bring', {'object': 'remote'}),
    ],
)
def test_what_leaves_words_out_is_asked_about(
    grammar: Grammar, text: str, intent: str, slots: dict[str, str]
) -> None:
    assert steps(grammar, text) == [(intent, slots)]
    assert grammar.understand(text).match == Match.FUZZY


def test_a_reason_never_approves(talk: Conversation) -> None:
    decision = talk.hear('I miss the garden, please describe the room')
    assert decision.reply == 'Did you mean: say what I see?'
    assert not talk.started


@pytest.mark.parametrize(
    'text',
    [
        'he said could you bring me the cup',
        'do not bring me the blue cup, I mean the red one',
        'she asked please open the door',
        'do not please bring me the cup',
        'tell anna that',
        'bring me the',
        'find my stapler',
        'you do not need to follow my sister',
        'she asked me to open the, close the door',
        'do not bring me the, go to the kitchen',
    ],
)
def test_reports_and_fragments_are_no_commands(grammar: Grammar, text: str) -> None:
    assert grammar.understand(text).name in ('', 'no')


@pytest.mark.parametrize(
    ('text', 'distance'),
    [
        ('move forward half a metre', '0.5'),
        ('move forward one and a half metres', '1.5'),
        ('move forward 40cm', '0.4'),
        ('move forward forty centimeters', '0.4'),
        ('move forward two feet', '0.61'),
        ('move forward 0.3 m', '0.3'),
        ('move forward two steps', '1'),
    ],
)
def test_lengths_are_metres(grammar: Grammar, text: str, distance: str) -> None:
    assert steps(grammar, text) == [('move', {'direction': 'forward', 'distance': distance})]


@pytest.mark.parametrize(
    ('text', 'angle'),
    [
        ('turn left by ninety degrees', '90'),
        ('turn left forty-five degrees', '45'),
        ('turn left 30°', '30'),
        ('make a quarter turn to the left', '90'),
        ('turn one hundred and eighty degrees to the left', '180'),
    ],
)
def test_angles_are_degrees(grammar: Grammar, text: str, angle: str) -> None:
    assert steps(grammar, text) == [('turn', {'direction': 'left', 'angle': angle})]


def test_what_is_said_twice_counts_once(grammar: Grammar) -> None:
    words = ('go', 'to', 'the', 'go', 'to', 'the', 'the', 'kitchen')
    assert without_repetitions(words) == ('go', 'to', 'the', 'kitchen')
    assert steps(grammar, 'bring me bring me the the cup') == [('bring', {'object': 'cup'})]


@pytest.mark.parametrize(
    'text',
    [
        'tell anna {text}',
        'tell anna <whom> [a|b] {object}',
        'bring me the {colour} <thing>',
        'go to (kitchen|bedroom)',
        '[[[[[[[', '|||', '{it:object}', '<the>', '\\b.*$', '%s %d {0}',
        'принеси мне чашку', '把杯子拿给我', 'أحضر لي الكوب', '🤖🥤', 'ﬁnd the cup',
        'bring\x00 me\x07 the\u202e cup', '\ufeff', "''''", '1' * 399, '9' * 40 + ' degrees',
    ],
)  # fmt: skip
def test_odd_characters_are_words_or_nothing(grammar: Grammar, text: str) -> None:
    meaning = grammar.understand(text)
    assert meaning.name in ('', 'bring', 'find', 'tell', 'go_to')
    for step in meaning.steps:
        assert not set('{}[]<>|') & set(''.join(step.values().values()))
