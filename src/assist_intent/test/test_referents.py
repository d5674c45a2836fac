# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What "it", "there" and "the other one" mean."""

from __future__ import annotations

import pytest
from assist_intent.grammar import Grammar
from assist_intent.referents import REMEMBERED, Referents
from assist_intent.types import Outcome, Situation, Verdict
from conftest import KITCHEN, Conversation


@pytest.mark.parametrize(
    ('first', 'second', 'slots'),
    [
        ('bring me the red cup', 'put it on the table',
         {'object': 'cup', 'colour': 'red', 'relation': 'on', 'reference': 'dining table'}),
        ('find the cup on the table', 'bring it here',
         {'object': 'cup', 'relation': 'on', 'reference': 'dining table'}),
        ('go to the kitchen', 'put the cup there', {'object': 'cup', 'place': 'kitchen'}),
        ('where is my phone', 'give it to anna', {'object': 'cell phone', 'person': 'anna'}),
        ('take the cup to the office', 'leave the book there',
         {'object': 'book', 'place': 'office'}),
    ],
)  # fmt: skip
def test_a_pronoun_is_what_was_spoken_of_last(
    grammar: Grammar, first: str, second: str, slots: dict[str, str]
) -> None:
    referents = Referents()
    referents.mention(grammar.understand(first), 10.0)
    meaning, unclear = referents.resolve(grammar.understand(second), 20.0)
    assert (meaning.steps[0].values(), unclear) == (slots, '')


def test_a_pronoun_is_forgotten(grammar: Grammar) -> None:
    referents = Referents()
    meaning = grammar.understand('bring it here')
    assert referents.resolve(meaning, 0.0) == (meaning, 'it')
    referents.mention(grammar.understand('find the cup'), 0.0)
    assert referents.resolve(meaning, REMEMBERED)[1] == ''
    assert referents.resolve(meaning, REMEMBERED + 0.1) == (meaning, 'it')


def test_steps_of_a_plan_speak_of_those_before(grammar: Grammar) -> None:
    plan = grammar.understand('go to the kitchen, find the red cup and bring it to me')
    meaning, _ = Referents().resolve(plan, 0.0)
    assert meaning.steps[2].values() == {'object': 'cup', 'colour': 'red'}


def test_where_something_was_put_does_not_tell_which_one(grammar: Grammar) -> None:
    referents = Referents()
    referents.mention(grammar.understand('put the cup on the table'), 0.0)
    meaning, _ = referents.resolve(grammar.understand('bring it to me'), 1.0)
    assert meaning.steps[0].values() == {'object': 'cup'}


def test_the_question_says_what_it_means(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    talk.hear('where is the bowl')
    assert talk.hear('bring it here').reply == 'Shall I bring the bowl?'


def test_a_pronoun_for_nothing_is_asked_about(talk: Conversation) -> None:
    decision = talk.hear('bring it here')
    assert (decision.verdict, decision.reply) == (Verdict.ASK, 'What do you mean by it?')
    talk.hear('yes')
    assert not talk.started


def test_what_was_found_is_spoken_of(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    talk.hear('find the bowl')
    request = talk.started[-1]
    talk.dialogue.accepted(request.id, talk.now)
    talk.pass_time(50.0)
    talk.take(
        talk.dialogue.ended(request.id, Outcome.SUCCEEDED, 'I found it.', talk.situation, talk.now)
    )
    assert 'the bowl' in talk.hear('bring it here', wait=40.0).reply


def test_the_other_one_is_not_the_one_before(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    talk.hear('bring me the left cup')
    talk.hear('yes')
    talk.hear('bring me the other cup')
    talk.hear('yes')
    slots = [slot for request in talk.started for slot in request.understanding.slots]
    ids = [slot.object_id for slot in slots if slot.name == 'object']
    assert sorted(ids) == ['cup_1', 'cup_2']


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('find Anna and tell her that lunch is ready', ['anna', 'anna']),
        ('find Peter and then follow him', ['peter', 'peter']),
    ],
)
def test_him_and_her_are_who_was_spoken_of(
    grammar: Grammar, text: str, expected: list[str]
) -> None:
    meaning, unclear = Referents().resolve(grammar.understand(text), 0.0)
    assert not unclear
    assert [step.values()['person'] for step in meaning.steps] == expected


def test_nobody_was_spoken_of(grammar: Grammar) -> None:
    assert Referents().resolve(grammar.understand('follow him'), 0.0)[1] == 'him'
