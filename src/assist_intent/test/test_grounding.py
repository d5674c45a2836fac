# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Which objects are meant, and how they are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assist_intent.grammar import Grammar
from assist_intent.grounding import distinguish, ground, person_fills, sight
from assist_intent.replies import Replies, fill
from assist_intent.types import Mark, Relation, Scene, Sight, Situation
from conftest import KITCHEN, STREET, Conversation, scene_of, thing


@pytest.mark.parametrize(
    ('text', 'ids'),
    [
        ('bring me the bowl', ['bowl_1']),
        ('bring me the cup', ['cup_1', 'cup_2']),
        ('bring me the cup on the table', ['cup_1']),
        ('bring me the cup right of the bowl', ['cup_2']),
        ('bring me the cup left of the bowl', []),
        ('bring me the left cup', ['cup_1']),
        ('bring me the right cup', ['cup_2']),
        ('bring me the biggest cup', ['cup_1']),
        ('bring me the phone', []),
    ],
)
def test_objects_are_found(grammar: Grammar, text: str, ids: list[str]) -> None:
    found = ground(grammar.understand(text), KITCHEN, 0.5, 2.0)
    assert [item.id for item in found.objects] == ids


CUPS = scene_of(
    replace(thing('cup', 100), attributes=('red',), distance=2.0, extent=0.1),
    replace(thing('cup', 300, 300, 2), attributes=('blue',), distance=3.0, extent=0.15),
    replace(thing('cup', 500, number=3), distance=1.0, extent=0.09),
)


@pytest.mark.parametrize(
    ('text', 'ids'),
    [
        ('bring me the red cup', ['cup_1']),
        # A cup whose colour is not known may be the green one; a red one is not.
        ('bring me the green cup', ['cup_3']),
        ('bring me the nearest cup', ['cup_3']),
        ('bring me the biggest cup', ['cup_2']),
        ('bring me the smallest cup', ['cup_3']),
        ('bring me the small red cup', ['cup_1']),
    ],
)
def test_attributes_and_sizes_are_looked_at(grammar: Grammar, text: str, ids: list[str]) -> None:
    found = ground(grammar.understand(text), CUPS, 0.0, 2.0)
    assert [item.id for item in found.objects] == ids


def test_without_depth_boxes_tell_sizes(grammar: Grammar) -> None:
    scene = replace(CUPS, objects=tuple(replace(item, extent=None) for item in CUPS.objects))
    meaning = grammar.understand('bring me the big cup')
    assert [item.id for item in ground(meaning, scene, 0.0, 2.0).objects] == ['cup_2']
    alike = scene_of(thing('cup', 100, 100), thing('cup', 300, 110, 2))
    assert len(ground(meaning, alike, 0.0, 2.0).objects) == 2


def test_the_question_names_what_tells_them_apart(talk: Conversation) -> None:
    cups = replace(CUPS, objects=CUPS.objects[:2])
    assert distinguish(cups.objects, cups) == (Mark('colour', 'red'), Mark('colour', 'blue'))
    one_behind_the_other = scene_of(
        thing('cup', 100), thing('cup', 105, 90, 2), thing('bowl', 300), thing('book', 200),
        relations=(Relation('cup_1', 'on', 'book_1'), Relation('cup_2', 'next_to', 'bowl_1')),
    )  # fmt: skip
    talk.situation = Situation(one_behind_the_other)
    reply = talk.hear('bring me the cup').reply
    assert reply == 'I see two cups: the one on the book and the one next to the bowl. Which one?'
    assert talk.hear('the one on the book').reply.startswith('Shall I bring the cup')
    talk.hear('yes')
    assert talk.started[-1].understanding.slots[0].object_id == 'cup_1'


def test_a_colour_answers_which_one(talk: Conversation) -> None:
    talk.situation = Situation(replace(CUPS, objects=CUPS.objects[:2]))
    assert talk.hear('bring me the cup').reply == (
        'I see two cups: the red one and the blue one. Which one?'
    )
    talk.hear('the blue one')
    talk.hear('yes')
    assert talk.started[-1].understanding.slots[0].object_id == 'cup_2'


def test_a_relation_holds_the_other_way_round_too(grammar: Grammar) -> None:
    scene = scene_of(
        thing('cup', 100), thing('bowl', 300), relations=(Relation('bowl_1', 'right_of', 'cup_1'),)
    )
    found = ground(grammar.understand('bring me the cup left of the bowl'), scene, 0.0, 2.0)
    assert [item.id for item in found.objects] == ['cup_1']


def test_a_scene_counts_only_while_it_is_fresh(grammar: Grammar) -> None:
    meaning = grammar.understand('bring me the bowl')
    assert sight(None, 0.0, 2.0) == Sight.MISSING
    assert sight(KITCHEN, 1.9, 2.0) == Sight.FRESH
    assert sight(KITCHEN, 2.1, 2.0) == Sight.STALE
    from_the_future = replace(KITCHEN, seen_at=60.0)
    assert sight(from_the_future, 0.0, 2.0) == Sight.STALE
    assert ground(meaning, from_the_future, 0.0, 2.0).objects == ()
    assert ground(meaning, None, 0.0, 2.0).sight == Sight.MISSING


def test_the_largest_person_counts() -> None:
    assert person_fills(STREET) == pytest.approx(150 / 480)
    assert person_fills(KITCHEN) == 0.0
    assert person_fills(None) == 0.0
    assert person_fills(Scene(width=0, height=0)) == 0.0


def test_a_scene_is_told(grammar: Grammar) -> None:
    replies = Replies(grammar.responses)
    assert replies.description(STREET) == 'I see two people and a bus.'
    assert replies.description(scene_of()) == 'I see nothing that I know.'
    assert replies.where('bus', STREET) == 'The bus is in the middle.'
    assert replies.where('cup', STREET) == 'I can not see a cup.'
    assert replies.where('knife', KITCHEN) == 'The knife is in the middle.'
    assert replies.where('cup', KITCHEN) == 'I see two cups: on the left and on the right.'
    one = scene_of(*KITCHEN.objects[:1], *KITCHEN.objects[4:], relations=KITCHEN.relations)
    assert replies.where('cup', one) == 'The cup is on the left, on the dining table.'
    assert replies.count('person', 2) == 'I see two people.'
    assert replies.count('knife', 0) == 'I see no knives.'


def test_every_intent_has_words(grammar: Grammar) -> None:
    replies = Replies(grammar.responses)
    meaning = grammar.understand('bring me the red cup on the table from the kitchen')
    assert replies.action(meaning) == 'bring the red cup on the table from the kitchen'
    assert replies.doing(meaning) == 'Bringing the red cup on the table.'
    assert replies.action(grammar.understand('go to the kitchen')) == 'go to the kitchen'
    assert replies.action(grammar.understand('go to the table')) == 'go to the table'


def test_values_are_never_templates() -> None:
    assert fill('a {x} [b {y} ]c', {'x': '{y}[z]'}) == 'a {y}[z] c'
    assert fill('[a {x}[ b {y}]]!', {'x': '1'}) == 'a 1!'
    assert fill('{missing}', {}) == ''
