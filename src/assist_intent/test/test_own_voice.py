# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The robot does not take its own words for a stop, and takes nobody else's for its own."""

from __future__ import annotations

import pytest
from assist_intent.grammar import Grammar
from assist_intent.own_voice import OwnVoice
from assist_intent.types import Heard
from conftest import Conversation

HELP = 'I can follow you and find things. Say stop at any time.'


@pytest.fixture
def voice(grammar: Grammar) -> OwnVoice:
    return OwnVoice(grammar.normaliser, grammar.stop)


def heard(text: str, begun: float = 10.0) -> Heard:
    return Heard(text, begun=begun, stop_only=True)


@pytest.mark.parametrize(
    ('said', 'echo'),
    [
        ('Stopping.', 'Stop.'),
        ('Stopping.', 'Stop in.'),
        ('I have stopped. Say resume when I may move again.', 'I have stop'),
        (HELP, 'Follow you and find things. Say stop'),
        (HELP, 'Stop at any time.'),
    ],
)
def test_an_echo_of_what_it_says_is_its_own(voice: OwnVoice, said: str, echo: str) -> None:
    voice.says(said, 10.0)
    assert voice.explains(heard(echo), 11.0)


@pytest.mark.parametrize(
    ('said', 'shout'),
    [
        (HELP, 'Stop!'),
        (HELP, 'I can follow you and stop'),
        (HELP, 'Say stop at any time. Stop!'),
        ('Going to the kitchen.', 'Going to the kit stop'),
        ('Stopping.', 'Halt!'),
        ('I see a bus.', 'stand still'),
    ],
)
def test_a_person_is_heard_while_it_speaks(voice: OwnVoice, said: str, shout: str) -> None:
    voice.says(said, 10.0)
    assert not voice.explains(heard(shout), 11.0)


def test_a_sentence_is_its_own_only_while_it_is_said(voice: OwnVoice) -> None:
    assert not voice.explains(heard('Stop.'), 11.0)
    voice.says('Stopping.', 10.0)
    voice.says('', 11.0)
    assert voice.explains(heard('Stop.', begun=10.2), 12.0)
    assert not voice.explains(heard('Stop.', begun=12.0), 13.0)


def test_a_speaker_that_dies_in_its_sentence_is_not_believed_for_long(voice: OwnVoice) -> None:
    voice.says('Stopping.', 10.0)
    assert not voice.explains(heard('Stop.', begun=14.0), 15.0)


def test_it_does_not_answer_what_may_be_its_own_voice(talk: Conversation) -> None:
    talk.stop()
    before = list(talk.said)
    talk.now += 5.0
    talk.take(talk.dialogue.stop(heard('I have stop', begun=talk.now), talk.now))
    assert talk.said == before
    talk.stop(wait=5.0)
    assert len(talk.said) == len(before) + 1
