# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What approves, what never may, and what stops: the words on which most depends."""

from __future__ import annotations

import pytest
from assist_intent.grammar import Grammar
from assist_intent.types import Match, Situation, Verdict
from conftest import GRAMMAR, KITCHEN, Conversation

APPROVES = (
    'yes', 'Yes.', 'Yes, please.', 'yeah', 'yep', 'yup', 'aye', 'sure', 'okay', 'OK.', 'um yes',
    'of course', 'absolutely', 'certainly', 'definitely', 'exactly', 'correct', 'affirmative',
    'confirmed', 'yes do it', 'Yes, do that please', 'do it', 'please do it', 'just do it',
    'go ahead', 'please go ahead', 'go ahead and do it', 'please do', 'by all means', 'yes yes',
    'yes please robot', 'oh yes', 'well yes', 'yes thank you', 'thank you yes', 'yes of course',
    'yes, right away', 'all right', 'alright then', 'yes I am sure', 'that is right',
    "yes that's right", 'that one', 'I said yes', 'okay do it now', 'yes you may', 'sounds good',
    'yes okay', 'YES PLEASE', "Yes, that's what I want.", 'yes, that would be lovely',
    'do it quickly', 'hey robot, yes', 'sorry, yes', 'yes, thanks a lot', "let's do it",
)  # fmt: skip

NEVER_APPROVES = (
    'right', 'Right.', 'right then', 'well right', 'oh right', 'yes right', 'I am', 'you can',
    'can you do it', 'could you do it', 'would you do it', 'will you do it', 'can you do that?',
    'are you able to do it', 'is it possible to do it', 'would it be possible for you to do it',
    'do you think you could do it', 'I wonder if you could do it', 'if you can do it',
    'if you could do it', 'if you can, yes', 'yes if you can', 'yes if possible',
    'yes if that is okay', 'do it if you can', 'maybe', 'maybe yes', 'maybe do it', 'perhaps',
    'perhaps okay', 'perhaps yes', 'I guess', 'I guess sure', 'I guess so', 'I think yes',
    'I think so', 'yes I think', 'yes or something', 'sure you know', 'yes though', 'you know yes',
    'let me think, yes', 'let me see okay', 'you should do it', 'you must do it', 'you may do it',
    'you can do it', 'you could do it', 'when you can do it', 'when you have time, yes',
    'yes when you are ready', 'yes when you have time', 'like yes', 'try to do it', 'next, do it',
    'first do it', 'finally do it', 'do it, could you', 'do it, would you', 'do it, can you',
    'yes, could you', 'would you mind, yes', 'it would be nice if you could do it',
    'yes but not now', 'yes and no', 'not yes', 'is that correct', 'are you sure', 'do you agree',
    'yes?  no', 'do it again', 'I was wondering if you could go ahead', 'go', 'left',
    'yes bring it', 'yes carry on', 'that is okay', 'that is good', 'very good', 'naturally',
    'not sure', 'I am not sure', 'unless you are sure', 'hm', 'uh huh', 'what', 'okay?  wait',
)  # fmt: skip


@pytest.mark.parametrize('text', APPROVES)
def test_a_clear_yes_approves(grammar: Grammar, talk: Conversation, text: str) -> None:
    meaning = grammar.understand(text)
    assert (meaning.name, meaning.match, meaning.tail) == ('yes', Match.EXACT, None)
    talk.hear('turn left', confidence=0.4)
    talk.hear(text)
    assert len(talk.started) == 1


@pytest.mark.parametrize('text', NEVER_APPROVES)
def test_what_asks_or_hedges_never_approves(talk: Conversation, text: str) -> None:
    question = talk.hear('turn left', confidence=0.4)
    assert question.reply == 'Did you mean: turn left?' or question.verdict == Verdict.CONFIRM
    talk.hear(text)
    assert not talk.started


@pytest.mark.parametrize('hedge', ['maybe', 'perhaps', 'I guess', 'if you can', 'can you'])
def test_a_hedged_yes_repeats_nothing(talk: Conversation, hedge: str) -> None:
    talk.situation = Situation(KITCHEN)
    talk.hear('bring me the knife')
    talk.hear(f'{hedge} yes, bring me the knife')
    assert not talk.started


def test_right_says_which(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    assert talk.hear('bring me the cup').verdict == Verdict.ASK
    chosen = talk.hear('right').request.understanding
    assert [slot.object_id for slot in chosen.slots if slot.name == 'object'] == ['cup_2']
    assert not talk.started


ALWAYS_STOPS = (
    'stop', 'you need to stop', 'you have to stop', 'make it stop', 'you stop', 'we need to stop',
    'this has to stop right now', 'go back and stop', 'you must stop', 'you should stop',
    'you should stop now', 'can you stop', 'could you stop please', 'will you stop',
    'would you please stop', 'I want you to stop', 'I need you to stop', 'you can stop now',
    'just stop', 'oh stop', 'please just stop', 'stop it', 'stop that', 'and stop', 'now stop',
    'no stop', 'wait stop', 'robot you need to stop', 'you have got to stop', 'just make it stop',
    'you need to stand still', 'you have to stay where you are', 'make him halt', 'you halt',
    'tell it to stop', 'let us stop', "let's stop", 'try to stop', 'whoa', 'freeze', 'halt',
    'I would like you to stop', 'it is time to stop', 'you better stop', "why don't you stop",
    'turn around and halt', 'enough stop', 'stop the robot', 'somebody make it stop',
)  # fmt: skip
STOPS_WHILE_BUSY = (
    'I said to you to stop', 'the stop', 'bring me the stop', 'go to the stop', 'that stop',
    'he said stop it now', 'it should stop before the door', 'can we stop here please',
    'I will stop you', 'what a stop', 'this stop right now', 'would it stop already',
    'careful, you have to stop because it is hot', 'they want it to stop at once',
)  # fmt: skip
NEVER_STOPS = (
    "don't stop", 'do not stop', 'never stop', 'please do not stop now', 'where is the bus stop',
    'bus stop', 'the train stop', 'tram stop', 'find the stop sign', 'a door stop', 'non stop',
    'full stop', 'pit stop', 'without stop', 'release the stop', 'release stop', 'you can not stop',
    "it won't stop", 'stopped', 'unstoppable', 'the stop watch', 'stop button',
)  # fmt: skip


@pytest.mark.parametrize('text', ALWAYS_STOPS)
def test_a_stop_is_heard_whatever_goes_on(grammar: Grammar, text: str) -> None:
    assert grammar.stop.detect(text, busy=True)
    assert grammar.stop.detect(text, busy=False)


@pytest.mark.parametrize('text', STOPS_WHILE_BUSY)
def test_in_doubt_it_is_a_stop_while_something_goes_on(grammar: Grammar, text: str) -> None:
    assert grammar.stop.detect(text, busy=True)


@pytest.mark.parametrize('text', NEVER_STOPS)
def test_things_and_negations_are_no_stop(grammar: Grammar, text: str) -> None:
    assert not grammar.stop.detect(text, busy=True)
    assert not grammar.stop.detect(text, busy=False)


@pytest.fixture(scope='module')
def german() -> Grammar:
    """Return the German grammar."""
    return Grammar.load(GRAMMAR.with_name('de.yaml'))


@pytest.mark.parametrize(
    'text',
    ['stopp', 'du musst stoppen', 'du sollst stehen bleiben', 'du sollst anhalten', 'bitte stoppen',
     'bleib stehen', 'du musst sofort anhalten', 'fahr zurück und stopp', 'kannst du anhalten',
     'du sollst aufhören', 'jetzt sofort stehen bleiben', 'wir müssen anhalten', 'stopp das',
     'mach dass es stoppt und halt'],
)  # fmt: skip
def test_german_stops(german: Grammar, text: str) -> None:
    assert german.stop.detect(text, busy=True)
    assert german.stop.detect(text, busy=False)


@pytest.mark.parametrize(
    'text',
    ['nicht stoppen', 'du sollst nicht anhalten', 'wo ist der bus stopp', 'such das stopp schild',
     'halt dich fest', 'niemals stehen bleiben', 'ohne halt'],
)  # fmt: skip
def test_german_things_and_negations_are_no_stop(german: Grammar, text: str) -> None:
    assert not german.stop.detect(text, busy=True)


@pytest.mark.parametrize('text', ['ja', 'ja bitte', 'okay mach das', 'mach es bitte', 'genau'])
def test_a_clear_german_yes(german: Grammar, text: str) -> None:
    assert (german.understand(text).name, german.understand(text).match) == ('yes', Match.EXACT)


@pytest.mark.parametrize(
    'text', ['vielleicht ja', 'ja wenn es geht', 'ja wenn du kannst', 'doch okay', 'sag mal ja',
             'ich möchte dass du mach das'],
)  # fmt: skip
def test_a_hedged_german_yes(german: Grammar, text: str) -> None:
    assert german.understand(text).name != 'yes'
