# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What is said to the robot, and what to others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from assist_audio.assembler import Speech
from assist_audio.recogniser import Recognised
from assist_audio.segmenter import ChunkState
from assist_audio.transcription import SpokenWord, Transcription
from assist_audio.wake import WakePhrase
from assist_common.errors import ConfigurationError


def result(text: str, *, final: bool = True, over_speech: bool = False) -> Recognised:
    """Return what was understood of a second of speech."""
    speech = Speech(1, 0, ChunkState.FINAL, np.zeros(16000, np.int16), 0.0, over_speech)
    words = tuple(SpokenWord(word, 0.0, 0.1, 0.9) for word in text.split())
    return Recognised(
        speech, Transcription(text, 'en', 0.9, 0.0, 1.0, 10.0, words), final, over_speech
    )


@pytest.fixture
def wake() -> WakePhrase:
    return WakePhrase('Hey robot', 10.0)


@pytest.mark.parametrize(
    ('text', 'rest'),
    [
        ('Hey robot, go to the kitchen.', 'go to the kitchen.'),
        ('hey Robert go to the kitchen', 'go to the kitchen'),
        ('Hey, robots. Go to the kitchen.', 'Go to the kitchen.'),
        ('Hey ro bot! Come here.', 'Come here.'),
        ('Heyrobot come here', 'come here'),
        ('Hey robot.', ''),
    ],
)
def test_the_phrase_wakes_and_is_taken_off(wake: WakePhrase, text: str, rest: str) -> None:
    judged = wake.judge(result(text), 100.0)
    assert not judged.stop_only
    assert judged.transcription.text == rest
    assert [word.text for word in judged.transcription.words] == rest.split()


def test_the_phrase_is_taken_off_other_readings_too(wake: WakePhrase) -> None:
    spoken = result('Hey robot, latch the model.')
    others = ('Hey robots. Fetch the bottle.', 'Fetch a bottle.')
    spoken = replace(spoken, transcription=replace(spoken.transcription, alternatives=others))
    judged = wake.judge(spoken, 100.0)
    assert judged.transcription.alternatives == ('Fetch the bottle.', 'Fetch a bottle.')


@pytest.mark.parametrize(
    'text', ['Go to the kitchen.', 'Hey Peter, come here.', 'The robot is here.', 'Hey.', 'Stop!']
)
def test_of_all_else_nothing_but_a_stop_counts(wake: WakePhrase, text: str) -> None:
    judged = wake.judge(result(text), 100.0)
    assert judged.stop_only
    assert judged.transcription.text == text


def test_what_follows_soon_needs_no_phrase(wake: WakePhrase) -> None:
    wake.judge(result('Hey robot.'), 100.0)
    assert not wake.judge(result('Yes.'), 111.0).stop_only
    assert wake.judge(result('Yes.'), 111.1).stop_only


def test_neither_a_partial_result_nor_its_own_voice_wakes(wake: WakePhrase) -> None:
    assert not wake.judge(result('Hey robot, go', final=False), 100.0).stop_only
    assert wake.judge(result('Hey robot.', over_speech=True), 100.0).stop_only
    assert wake.judge(result('Go.'), 101.0).stop_only


def test_without_a_phrase_all_is_said_to_the_robot() -> None:
    wake = WakePhrase('', 10.0)
    judged = wake.judge(result('Go to the kitchen.'), 100.0)
    assert (judged.transcription.text, judged.stop_only) == ('Go to the kitchen.', False)


def test_a_phrase_without_a_word_is_refused() -> None:
    with pytest.raises(ConfigurationError, match='holds no word'):
        WakePhrase('!?', 10.0)
