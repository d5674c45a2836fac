# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What Whisper writes where nobody speaks is told from what is said."""

from __future__ import annotations

import math

import pytest
from assist_audio.gates import (
    compression_ratio,
    is_echo,
    is_repetitive,
    reason_to_reject,
)
from assist_audio.transcription import Decoding, Hypothesis, Sound


def reason(text: str, language: str, confidence: float, **changes: float) -> str:
    values = {'no_speech': 0.1, 'complete': True, **changes}
    sound = Sound(None, language, prompt='', window=10.0, room=100)
    hypothesis = Hypothesis(text, [], math.log(confidence), sound=sound, **values)
    return reason_to_reject(hypothesis, 3.0, Decoding())


@pytest.mark.parametrize(
    ('text', 'language'),
    [
        ('Thank you.', 'en'),
        ('Thank you for watching!', 'de'),
        ('Vielen Dank.', 'de'),
        ('Danke fürs Zuschauen!', 'de'),
        ('Tschüss.', 'de'),
        ('Bye.', 'fr'),
    ],
)
def test_a_caption_is_said_only_where_it_is_certain(text: str, language: str) -> None:
    assert reason(text, language, 0.6) == 'caption'
    assert reason(text, language, 0.9) == ''


@pytest.mark.parametrize(
    ('text', 'language'),
    [
        ('Untertitelung des ZDF, 2020', 'de'),
        ('Untertitel der Amara.org-Community', 'de'),
        ('Untertitel im Auftrag des ZDF für funk, 2017', 'de'),
        ('Copyright WDR 2021', 'de'),
        ('SWR 2020', 'de'),
        ('Subtitles by the Amara.org community', 'en'),
        ('Subtitles by the Amara.org community', 'de'),
    ],
)
def test_credits_are_never_said(text: str, language: str) -> None:
    assert reason(text, language, 0.99) == 'caption'


@pytest.mark.parametrize(
    ('text', 'language'),
    [('Bring mir die Tasse.', 'de'), ('Halt.', 'de'), ('Stop.', 'en'), ('Danke.', 'en')],
)
def test_a_command_is_no_caption(text: str, language: str) -> None:
    assert reason(text, language, 0.6) == ''


@pytest.mark.parametrize(
    ('text', 'confidence', 'changes', 'expected'),
    [
        ('', 0.9, {}, 'no words'),
        ('...', 0.9, {}, 'no words'),
        ('come here', 0.3, {'no_speech': 0.9}, 'no speech'),
        ('come here', 0.2, {}, 'improbable'),
        ('come here', 0.9, {'complete': False}, 'repetition'),
        ('so and so ' * 10, 0.9, {}, 'repetition'),
    ],
)
def test_each_gate_says_why(
    text: str, confidence: float, changes: dict[str, float], expected: str
) -> None:
    assert reason(text, 'en', confidence, **changes) == expected


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('Stop. Stop.', True),
        ('Go to the kitchen. Go to the kitchen.', True),
        ('well go home go home', True),
        ('Go to the kitchen.', False),
        ('stop', False),
        ('', False),
    ],
)
def test_repetition_is_noticed(text: str, expected: bool) -> None:
    assert is_repetitive(text) is expected


def test_an_echo_has_no_word_but_those_of_the_prompt() -> None:
    assert is_echo('Where is the cup?', 'Bring me the cup. Where is it?')
    assert not is_echo('Where is my cup?', 'Bring me the cup. Where is it?')
    assert not is_echo('Stop.', '')


def test_repeated_text_compresses_well() -> None:
    assert compression_ratio('where is the mask? ' * 20) > 2.4
    assert compression_ratio('Bring me the cup from the kitchen.') < 1.5
    assert compression_ratio('') == 0.0
