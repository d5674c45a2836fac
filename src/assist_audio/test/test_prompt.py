# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The prompt is made of sentences, in a fixed size, about what there is to be seen."""

from __future__ import annotations

import pytest
from assist_audio.prompt import LONGEST_PROMPT, Prompt

SENTENCES = (
    'Go to the kitchen.',
    'Find the {object}.',
    'Bring the {object} by the {object}.',
    'Stop.',
)
OBJECTS = ['cup', 'knife', 'bus', 'wine glass']


@pytest.fixture
def prompt() -> Prompt:
    prompt = Prompt('Stop. Come here.')
    prompt.expect(SENTENCES, OBJECTS)
    return prompt


def test_until_a_vocabulary_comes_it_is_the_default() -> None:
    prompt = Prompt('Stop. Come here.')
    prompt.see(['cup'])
    assert prompt.text == 'Stop. Come here.'
    prompt.expect(SENTENCES, OBJECTS)
    assert prompt.text == 'Go to the kitchen. Find the cup. Bring the knife by the bus. Stop.'


def test_what_is_seen_comes_before_what_is_known(prompt: Prompt) -> None:
    prompt.see(['spoon', 'bus', 'cup'])
    assert prompt.text == 'Go to the kitchen. Find the spoon. Bring the bus by the cup. Stop.'


def test_the_latest_things_are_remembered(prompt: Prompt) -> None:
    prompt.expect([f'{number} is {{object}}.' for number in range(8)], [])
    prompt.see([f'thing {number}' for number in range(8)])
    prompt.see(['cup', 'cup'])
    assert prompt.text.startswith('0 is cup. 1 is thing 0.')
    assert 'thing 6' in prompt.text
    assert 'thing 7' not in prompt.text


def test_it_has_a_fixed_size_and_whole_sentences() -> None:
    prompt = Prompt('')
    prompt.expect([f'Go to the room number {number}.' for number in range(1000)], [])
    assert LONGEST_PROMPT - 40 < len(prompt.text) <= LONGEST_PROMPT
    assert prompt.text.endswith('number 999.')
    assert prompt.text.startswith('Go to')


@pytest.mark.parametrize(
    'wrong', ['<|endoftext|>', 'no full stop', 'a' * 61 + '.', '', 'Two. Sentences, one,\x07.']
)
def test_what_is_no_sentence_is_left_out(wrong: str) -> None:
    prompt = Prompt('')
    prompt.expect(['Find the {object}.', wrong, 'Stop.'], [])
    prompt.see(['cup', '<|notimestamps|>', 'x' * 61, ''])
    assert prompt.text == 'Find the cup. Stop.'


def test_sentences_about_things_wait_for_some() -> None:
    prompt = Prompt('')
    prompt.expect(['Find the {object}.', 'Stop.'], [])
    assert prompt.text == 'Stop.'
