# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The commands that need no graph."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from assist_audio import commands
from sounds import dialogue, noise, plain, write_wav


@pytest.fixture
def speech(tmp_path: Path) -> str:
    return str(write_wav(tmp_path / 'speech.wav', dialogue('what do you see', 'stop')))


def test_transcribe_prints_one_line_of_json_a_file(speech: str, tmp_path: Path, capsys) -> None:
    quiet = str(write_wav(tmp_path / 'noise.wav', noise(3.0)))
    assert commands.transcribe([speech, quiet, '--json']) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first['file'] == speech
    assert plain(first['text']) == 'what do you see stop'
    assert [plain(one['text']) for one in first['segments']] == ['what do you see', 'stop']
    for one in first['segments']:
        assert 0.0 <= one['start'] < one['words'][0]['end'] <= one['end'] + 0.5
        assert 0.0 < one['confidence'] <= 1.0
    assert first['audio_seconds'] > 4.0
    assert first['decode_seconds'] > 0.0
    assert (second['text'], second['segments']) == ('', [])


def test_transcribe_prints_text_with_times(speech: str, capsys) -> None:
    assert commands.transcribe([speech, '--words']) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f'{speech}: ')
    assert any('What do you see' in line for line in lines)


def test_a_file_that_is_missing_does_not_stop_the_others(speech: str, capsys) -> None:
    assert commands.transcribe(['/none.wav', speech, '--json']) == 1
    output = capsys.readouterr()
    assert output.err == 'transcribe: There is no audio file /none.wav. Check the path.\n'
    assert len(output.out.splitlines()) == 1


def test_a_model_that_is_missing_is_named(speech: str, capsys) -> None:
    assert commands.transcribe([speech, '--model', 'no-such-model']) == 1
    assert "Model 'no-such-model'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ('arguments', 'reason'),
    [
        (['--beam-size', '0'], "Parameter 'beam_size' is 0. It must be at least 1."),
        (['--threads', '-1'], "Parameter 'threads' is -1. It must be at least 0."),
        (['--window', 'nan'], "Parameter 'window' is nan. It must be a finite number."),
        (['--aggressiveness', '4'], "Parameter 'aggressiveness' is 4. It must be at most 3."),
        (['--pause', '0.9'], 'The pause is longer than the hang-over. '
         'Lower pause or raise hang_over.'),
        (['--language', 'de'], "The model does not know the language 'de'. Use one of en; "
         'a model whose name ends in .en knows only English.'),
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_is_refused(
    speech: str, capsys, arguments: list[str], reason: str
) -> None:
    assert commands.transcribe([speech, *arguments]) == 1
    assert capsys.readouterr().err == f'transcribe: {reason}\n'


def test_a_place_that_fails_is_told_and_the_next_is_used(speech: str, capsys) -> None:
    assert commands.transcribe([speech, '--json', '--compute-type', 'none']) == 0
    output = capsys.readouterr()
    assert plain(json.loads(output.out)['text']) == 'what do you see stop'
    assert 'could not be loaded on cpu as none' in output.err
    assert output.err.endswith('Trying cpu int8.\n')


@pytest.mark.parametrize('kind', ['hybrid', 'silero', 'webrtc'])
def test_vad_prints_where_somebody_speaks(speech: str, capsys, kind: str) -> None:
    assert commands.vad([speech, '--json', '--vad', kind]) == 0
    record = json.loads(capsys.readouterr().out)
    assert len(record['segments']) == 2
    first, second = record['segments']
    assert 0.5 < first['start'] < first['end'] < second['start'] < second['end']
    assert commands.vad([speech, '--vad', kind]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_vad_is_set_as_in_the_node(speech: str, capsys) -> None:
    assert commands.vad([speech, '--json', '--start-threshold', '1', '--end-threshold', '1']) == 0
    assert json.loads(capsys.readouterr().out)['segments'] == []
    assert commands.vad([speech, '--json', '--hang-over', '2']) == 0
    assert len(json.loads(capsys.readouterr().out)['segments']) == 1


def test_recognition_needs_no_torch(speech: str) -> None:
    script = (
        'import sys; import assist_audio.stt_node; from assist_audio import commands;'
        f'code = commands.transcribe([{speech!r}]);'
        "sys.exit(code or ('torch' in sys.modules))"
    )
    subprocess.run([sys.executable, '-c', script], check=True, timeout=60, capture_output=True)
