# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The command `parse`."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from assist_intent import parse
from conftest import GRAMMAR, POLICY

FILES = ['--grammar', str(GRAMMAR), '--policy', str(POLICY)]
SCENE = """
objects:
  - {label: cup, x: 100, y: 80, width: 40, height: 50}
  - {id: table, label: dining table, x: 320, y: 400, width: 600, height: 100}
relations: [[cup_1, on, table]]
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert parse.main([*FILES, '--json', *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, 'Go', 'to', 'the', 'kitchen.')[0] == {
        'text': 'Go to the kitchen.',
        'intent': 'go_to',
        'slots': {'place': 'kitchen'},
        'steps': [{'intent': 'go_to', 'slots': {'place': 'kitchen'}}],
        'match': 'EXACT',
        'score': 1.0,
        'risk': 'HIGH',
        'verdict': 'CONFIRM',
        'reasons': ['somebody may be close to me'],
        'reply': 'Careful: somebody may be close to me. To go ahead, say: yes, go to the kitchen.',
        'grounded': {},
    }


def test_quoted_sentences_are_one_each(capsys: pytest.CaptureFixture[str]) -> None:
    results = run(capsys, 'stop', 'Where is the bus?')
    assert [result['intent'] for result in results] == ['stop', 'where_is']


def test_sentences_on_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ['stop', 'blah blah', 'yes, go to the kitchen', '', '\x00{}', 'a ' * 5000]
    monkeypatch.setattr('sys.stdin', io.StringIO('\n'.join(lines)))
    results = run(capsys)
    assert [result['intent'] for result in results] == ['stop', None, 'go_to', None, None, None]
    assert results[0]['verdict'] == 'STOP'
    assert results[1]['match'] is None


def test_what_is_no_text_does_not_end_the_lines_after_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = io.BytesIO(b'\xff\xfe go\nstop\n')
    monkeypatch.setattr('sys.stdin', io.TextIOWrapper(lines, encoding='utf-8'))
    assert [result['intent'] for result in run(capsys)] == [None, 'stop']
    assert run(capsys, '\udcff go')[0]['intent'] is None


def test_a_scene_grounds_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / 'scene.yaml'
    path.write_text(SCENE)
    seen = run(capsys, '--scene', str(path), 'bring me the cup on the table')[0]
    assert (seen['verdict'], seen['risk']) == ('CONFIRM', 'MEDIUM')
    unseen = run(capsys, '--scene', str(path), 'bring me the spoon')[0]
    assert unseen['reply'] == 'I can not see a spoon. Shall I look for it?'


def test_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert parse.main([*FILES, 'ring me the knife']) == 0
    out = capsys.readouterr().out
    assert 'bring (object: knife)' in out
    assert 'FUZZY, score 0.9' in out
    assert 'HIGH' in out


@pytest.mark.parametrize('text', ['[]', 'objects: 5', 'objects: [{x: 1}]', 'objects: [a]', '{', ''])
def test_a_wrong_scene_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str
) -> None:
    path = tmp_path / 'scene.yaml'
    path.write_text(text)
    assert parse.main([*FILES, '--scene', str(path), 'stop']) == 1
    error = capsys.readouterr().err
    assert 'scene.yaml' in error
    assert 'Traceback' not in error


def test_it_says_which_object_is_meant(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / 'scene.yaml'
    path.write_text(SCENE)
    result = run(capsys, '--scene', str(path), 'bring me the cup on the table')[0]
    assert result['grounded'] == {'object': 'cup_1', 'reference': 'table'}
