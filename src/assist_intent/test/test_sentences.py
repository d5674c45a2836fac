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
        ('bring me my shoes please, the brown shoes', 'bring',
         {'object': 'shoes', 'colour': 'brown'}),
        ('put the jacket on the chair, no, under the bed', 'place',
         {'object': 'jacket', 'relation': 'below', 'reference': 'bed'}),
        ('put the jacket on the chair, no, on the bed', 'place',
         {'object': 'jacket', 'relation': 'on', 'reference': 'bed'}),
        ('bring the teddy bear to Emma she is crying', 'bring',
         {'object': 'teddy bear', 'person': 'emma'}),
        ('my hands are cold bring me a tea', 'bring', {'object': 'tea'}),
        ('there is a towel in the bathroom, could you bring it', 'bring',
         {'object': 'towel', 'origin': 'bathroom'}),
        ('could we open the window', 'open', {'object': 'window'}),
        ('my slippers have gone missing', 'find', {'object': 'slippers'}),
    ],  # fmt: skip
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
        'I do like a boiled egg of a morning',
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


@pytest.mark.parametrize(
    ('text', 'slots'),
    [
        ('I need my toothbrush from the bathroom, would you bring it',
         {'object': 'toothbrush', 'origin': 'bathroom'}),
        ('can I have my glasses please, could you bring them from the study',
         {'object': 'glasses', 'origin': 'office'}),
    ],
)  # fmt: skip
def test_what_is_asked_for_again_is_one_act(
    grammar: Grammar, text: str, slots: dict[str, str]
) -> None:
    assert steps(grammar, text) == [('bring', slots)]


@pytest.mark.parametrize(
    ('text', 'count'),
    [
        ('I need the doctor, please call the doctor at once', 1),
        ('fetch the book from the office and bring it here', 2),
        ('bring me the cup and bring it to Anna', 2),
        ('bring me the cup from the office, could you bring it from the kitchen', 2),
        ('move forward one metre, please move forward one metre', 2),
        ('put the cup on the table, please put it on the chair', 2),
    ],
)
def test_only_the_same_is_done_once(grammar: Grammar, text: str, count: int) -> None:
    assert len(steps(grammar, text)) == count


@pytest.mark.parametrize(
    ('text', 'told', 'then'),
    [
        ('tell John that I am in the garden and then bring me my hat', 'i am in the garden',
         ['bring']),
        ('tell John to go home and then bring me my hat', 'go home and then bring me my hat', []),
        ('tell John that I am cold and hungry', 'i am cold and hungry', []),
        ('tell John dinner is ready and come here', 'dinner is ready and come here', []),
    ],
)  # fmt: skip
def test_a_message_ends_where_something_else_is_asked_for(
    grammar: Grammar, text: str, told: str, then: list[str]
) -> None:
    (_, message), *others = steps(grammar, text)
    assert message == {'person': 'john', 'text': told}
    assert [name for name, _ in others] == then


def test_glasses_are_worn_or_counted(grammar: Grammar) -> None:
    assert steps(grammar, 'where are my glasses') == [('where_is', {'object': 'glasses'})]
    assert steps(grammar, 'how many glasses do you see') == [('count', {'object': 'wine glass'})]


def test_a_colour_that_is_a_thing_is_the_thing(grammar: Grammar) -> None:
    orange = {'object': 'orange', 'position': 'biggest'}
    assert steps(grammar, 'give me the biggest orange') == [('bring', orange)]
    one = {'position': 'biggest', 'colour': 'orange'}
    assert steps(grammar, 'give me the biggest orange one') == [('select', one)]


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
