# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from assist_common.errors import AssistError, as_sentence


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('the model is damaged', 'The model is damaged.'),
        ('there is none', 'There is none.'),
        ("it's gone!", "It's gone!"),
        ('über 3 V', 'Über 3 V.'),
        ('no', 'No.'),
        ('j.wav is not an audio file', 'j.wav is not an audio file.'),
        ('folder/a is empty', 'folder/a is empty.'),
        ('stt_node does not answer', 'stt_node does not answer.'),
        ('beam_size must be at least 1', 'beam_size must be at least 1.'),
        ('  ', ''),
    ],
)
def test_names_keep_their_letters(text: str, expected: str) -> None:
    assert as_sentence(text) == expected


def test_an_error_is_cause_and_remedy() -> None:
    assert str(AssistError('it broke', 'mend it')) == 'It broke. Mend it.'
