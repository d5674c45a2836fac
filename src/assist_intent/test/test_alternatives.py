# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What doubtful speech may have been: the robot asks about it, and nothing more."""

from __future__ import annotations

import pytest
from assist_intent.grammar import Grammar
from assist_intent.normaliser import LONGEST_TEXT
from assist_intent.types import Match, Understanding, Verdict
from conftest import Conversation


def test_they_count_nearly_and_only_where_nothing_was_understood(grammar: Grammar) -> None:
    others = ['Latch the model.', 'Fetch me the bottle.']
    meaning = grammar.understand('Catch me the model.', others)
    assert (meaning.name, meaning.value('object')) == ('bring', 'bottle')
    assert meaning.match == Match.FUZZY
    assert meaning.score < 1.0
    assert meaning.text == 'Catch me the model.'
    clear = grammar.understand('Come here.', ['Bring me the knife.'])
    assert (clear.name, clear.match) == ('come_here', Match.EXACT)


def test_the_likeliest_that_means_something_counts(grammar: Grammar) -> None:
    meaning = grammar.understand('Fined the cop.', ['Fine.', 'Find the cup.', 'Find the cap.'])
    assert (meaning.name, meaning.value('object')) == ('find', 'cup')


def test_one_word_of_doubtful_speech_may_be_another(grammar: Grammar) -> None:
    heard, other = 'How much matter do you have left?', 'How much water can you have left?'
    meaning = grammar.understand(heard, [other])
    assert (meaning.name, meaning.value('topic')) == ('read_state', 'battery')
    assert meaning.match == Match.FUZZY
    assert not grammar.understand(heard).name


@pytest.mark.parametrize('heard', ['Do not close the wonder.', 'Bring me the.', 'Go to the.'])
def test_no_negation_and_no_small_word_is_misheard(grammar: Grammar, heard: str) -> None:
    assert grammar.understand(heard, [heard]).name in ('', 'no')


def test_an_act_is_asked_about_and_not_begun(talk: Conversation) -> None:
    decision = talk.hear('What do you sea lion?', alternatives=('What do you see?',))
    assert decision.verdict != Verdict.EXECUTE
    assert not talk.started
    assert talk.said[-1].startswith('Did you mean')


@pytest.mark.parametrize('text', ['Yaa.', 'Yes.', 'Yet.'])
@pytest.mark.parametrize('others', [('No.', 'Yes.'), ('Yes.', 'No.'), ('Cancel.',), ('Stop.',)])
def test_what_may_have_been_a_no_approves_nothing(
    talk: Conversation, text: str, others: tuple[str, ...]
) -> None:
    assert talk.hear('Go to the kitchen.').verdict == Verdict.CONFIRM
    decision = talk.hear(text, alternatives=others)
    assert decision.verdict != Verdict.EXECUTE
    assert not talk.started


def test_what_may_have_been_a_yes_approves_nothing(talk: Conversation) -> None:
    assert talk.hear('Go to the kitchen.').verdict == Verdict.CONFIRM
    assert talk.hear('Guess.', alternatives=('Yes.',)).verdict != Verdict.EXECUTE
    assert not talk.started


def test_a_clear_yes_stays_one_where_the_others_mean_the_same(talk: Conversation) -> None:
    assert talk.hear('Go to the kitchen.').verdict == Verdict.CONFIRM
    decision = talk.hear('Yes.', alternatives=('Yeah.', 'Yes yes.', 'Guess.'))
    assert decision.verdict == Verdict.EXECUTE


@pytest.mark.parametrize('other', ['', ' ', 'a' * 2 * LONGEST_TEXT, '{object}', '\x00'])
def test_nonsense_means_nothing(grammar: Grammar, other: str) -> None:
    assert grammar.understand('Mumble.', [other]) == grammar.understand('Mumble.')


def test_a_stop_is_none_of_them(grammar: Grammar) -> None:
    """It has a path of its own, which knows whether the robot is at work."""
    assert grammar.understand('Mumble.', ['Stop.']) == Understanding(
        'Mumble.', unknown=grammar.understand('Mumble.').unknown
    )
