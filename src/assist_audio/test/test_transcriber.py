# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Words from speech, and nothing from anything else."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from assist_audio.placements import placements
from assist_audio.transcriber import Transcriber
from assist_audio.transcription import DEFAULT_PROMPT, Decoding
from assist_common import memory
from assist_common.errors import ConfigurationError, InputError, ModelError
from sounds import noise, plain, silence, spoken

DECODING = Decoding(prompt=DEFAULT_PROMPT)


def padded(text: str) -> np.ndarray:
    return np.concatenate((silence(0.3), spoken(text), silence(0.2)))


@pytest.mark.parametrize(
    'text',
    ['what do you see', 'go to the kitchen', 'yes, bring the knife', 'stop', 'come here'],
)
def test_a_command_is_recognised_in_a_short_window(transcriber: Transcriber, text: str) -> None:
    result = transcriber.transcribe(padded(text), DECODING)
    assert plain(result.text) == plain(text)
    assert result.confidence > 0.6
    assert result.window < 30.0
    assert result.rejected == ''
    assert result.language == 'en'


def test_of_doubtful_speech_there_are_other_readings(transcriber: Transcriber) -> None:
    doubtful = replace(DECODING, doubt=1.0, alternatives=7)
    result = transcriber.transcribe(padded('fetch me the bottle'), doubtful)
    readings = [plain(text) for text in (result.text, *result.alternatives)]
    assert 2 <= len(set(readings)) == len(readings) <= 8
    assert all(readings)


@pytest.mark.parametrize('change', [{'doubt': 0.0}, {'alternatives': 0}])
def test_where_nothing_is_doubtful_or_asked_for_there_are_none(
    transcriber: Transcriber, change: dict[str, float]
) -> None:
    settings: dict[str, float] = {'doubt': 1.0, 'alternatives': 7, **change}
    result = transcriber.transcribe(padded('come here'), replace(DECODING, **settings))
    assert plain(result.text) == 'come here'
    assert result.alternatives == ()


def test_what_nobody_said_has_no_other_readings(transcriber: Transcriber) -> None:
    doubtful = replace(DECODING, doubt=1.0, alternatives=7)
    result = transcriber.transcribe(noise(4.0, 0.02), doubtful)
    assert (result.text, result.alternatives) == ('', ())


def test_the_default_prompt_suggests_no_approval() -> None:
    sentences = [plain(text) for text in re.split('[.?]', DEFAULT_PROMPT)]
    assert not {'yes', 'okay', 'sure', 'confirm'} & set(' '.join(sentences).split())


def test_a_repetitive_result_is_decoded_from_the_full_window(transcriber: Transcriber) -> None:
    """So short a window makes Whisper say the same again and again."""
    tight = replace(DECODING, window=2.0, margin=0.5)
    result = transcriber.transcribe(padded('come here'), tight)
    assert result.window == 30.0
    assert plain(result.text) == 'come here'


@pytest.mark.parametrize(
    'sound',
    [
        silence(2.0),
        np.full(32000, 5000, np.int16),
        noise(2.0, 0.001),
        noise(4.0, 0.02),
        noise(2.0, 0.3),
        np.zeros(0, np.int16),
        np.ones(1, np.int16),
    ],
    ids=['silence', 'offset', 'faint noise', 'noise', 'loud noise', 'empty', 'one sample'],
)
def test_what_is_no_speech_yields_no_text(transcriber: Transcriber, sound: np.ndarray) -> None:
    result = transcriber.transcribe(sound, DECODING)
    assert result.text == ''
    assert result.rejected


@pytest.mark.parametrize('seed', [0, 3, 4])
def test_noise_does_not_become_a_sentence_of_the_prompt(
    transcriber: Transcriber, seed: int
) -> None:
    result = transcriber.transcribe(noise(3.0, 0.01, seed), DECODING)
    assert result.text == ''


@pytest.mark.parametrize(
    'prompt',
    [
        ' '.join(f'Number {number}.' for number in range(40)),
        ' '.join(f'Stop{" stop" * count}.' for count in range(10)),
        ' '.join(f'Item {letter} {letter} {letter}.' for letter in 'abcdefghijklm'),
    ],
    ids=['numbers', 'one word', 'items'],
)
@pytest.mark.parametrize('text', ['go to the kitchen', 'what do you see', 'come here'])
def test_a_strange_prompt_makes_no_speech_vanish(
    transcriber: Transcriber, prompt: str, text: str
) -> None:
    result = transcriber.transcribe(padded(text), Decoding(prompt=prompt))
    assert plain(result.text) == text


def test_clipped_speech_on_an_offset_is_still_understood(transcriber: Transcriber) -> None:
    loud = np.clip(padded('go to the kitchen').astype(np.int32) * 4 + 3000, -32768, 32767)
    result = transcriber.transcribe(loud.astype(np.int16), DECODING)
    assert plain(result.text) == 'go to the kitchen'


def test_words_have_times_in_order(transcriber: Transcriber) -> None:
    result = transcriber.transcribe(padded('bring me the cup'), replace(DECODING, word_times=True))
    assert [plain(word.text) for word in result.words] == plain(result.text).split()
    times = [time for word in result.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[-1] <= result.duration
    assert all(0.0 <= word.probability <= 1.0 for word in result.words)


def test_too_much_at_once_is_refused(transcriber: Transcriber) -> None:
    with pytest.raises(InputError, match='at most 29 s'):
        transcriber.transcribe(noise(30.0), DECODING)


def test_a_language_that_the_model_does_not_know_is_refused(transcriber: Transcriber) -> None:
    with pytest.raises(ConfigurationError, match="language 'de'"):
        transcriber.check(replace(DECODING, language='de'))
    transcriber.check(replace(DECODING, language=''))


def test_an_unloaded_model_is_gone_and_comes_back(model_path: str) -> None:
    own = Transcriber(model_path, 'cpu', 'int8')
    own.warm_up(DECODING)
    before = memory.resident()
    own.unload()
    memory.trim()
    assert before - memory.resident() > 20 * 2**20
    assert plain(own.transcribe(padded('stop'), DECODING).text) == 'stop'


@pytest.mark.parametrize('missing', ['model.bin', 'tokenizer.json', 'config.json'])
def test_a_model_with_a_missing_file_is_named(
    model_path: str, tmp_path: Path, missing: str
) -> None:
    for source in Path(model_path).iterdir():
        if source.name != missing:
            (tmp_path / source.name).symlink_to(source)
    with pytest.raises(ModelError, match=f'has no {missing}'):
        Transcriber(str(tmp_path), 'cpu', 'int8')


@pytest.mark.parametrize(
    ('name', 'kept'),
    [
        ('model.bin', 0),
        ('model.bin', 1000),
        ('model.bin', 40_000_000),
        ('tokenizer.json', 1000),
        ('config.json', 100),
        ('vocabulary.txt', None),
    ],
)
def test_a_damaged_model_is_a_model_error(
    model_path: str, tmp_path: Path, name: str, kept: int | None
) -> None:
    """A file is cut off, or missing where only CTranslate2 knows its name."""
    for source in Path(model_path).iterdir():
        if source.name != name:
            (tmp_path / source.name).symlink_to(source)
    if kept is not None:
        (tmp_path / name).write_bytes((Path(model_path) / name).read_bytes()[:kept])
    with pytest.raises(ModelError, match='could not be loaded'):
        Transcriber(str(tmp_path), 'cpu', 'int8')


def test_the_gpu_comes_first_where_it_is_asked_for() -> None:
    assert placements('cpu', 'auto') == [('cpu', 'int8')]
    assert placements('cuda', 'auto')[0] == ('cuda', 'float16')
    assert placements('cuda', 'auto')[-1] == ('cpu', 'int8')
    assert placements('cpu', 'float32') == [('cpu', 'float32'), ('cpu', 'int8')]


@pytest.mark.parametrize('device', ['cpu', 'cuda'])
@pytest.mark.parametrize('kind', ['auto', 'int8', 'float16', 'int8_float16'])
def test_no_place_is_tried_twice(device: str, kind: str) -> None:
    places = placements(device, kind)
    assert len(places) == len(set(places))
