# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from assist_vision import annotate, export_tool, relate, scene_json
from scenes import DESK, scene

DESK_JSON = json.dumps(scene_json.from_scene(scene(*DESK)))


def test_annotate_pictures(
    photographs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [str(photographs / name) for name in ('bus.jpg', 'zidane.jpg')]
    assert annotate.main([*names, '--output', str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith('Three people are standing in front of a bus.')
    assert lines[1].endswith('Two people are wearing a tie.')
    picture = cv2.imread(str(tmp_path / 'bus.annotated.jpg'))
    assert picture.shape == (1080, 810, 3)
    content = json.loads((tmp_path / 'bus.json').read_text())
    assert content['description'] in lines[0]
    assert (content['width'], content['height']) == (810, 1080)
    assert sorted(each['label'] for each in content['objects']) == ['bus'] + ['person'] * 3
    assert scene_json.to_scene(content).objects


def test_annotate_a_moving_camera(
    bus: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / 'pan.mp4'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*'mp4v'), 15.0, (700, 840))
    for i in range(24):
        writer.write(bus[150 + i : 990 + i, 4 * i : 700 + 4 * i])
    writer.release()
    assert annotate.main([str(path), '--output', str(tmp_path / 'out')]) == 0
    assert '24 frames' in capsys.readouterr().out
    scenes = [json.loads(line) for line in (tmp_path / 'out' / 'pan.json').read_text().splitlines()]
    assert len(scenes) == 24
    people = [
        {each['id'] for each in made['objects'] if each['label'] == 'person'} for made in scenes
    ]
    assert people[0] == set()
    steady = set.intersection(*people[6:])
    assert len(steady) >= 2  # the same ids from the sixth image to the last
    video = cv2.VideoCapture(str(tmp_path / 'out' / 'pan.annotated.mp4'))
    assert int(video.get(cv2.CAP_PROP_FRAME_COUNT)) == 24


def test_annotate_goes_on_after_a_file_that_it_cannot_read(
    photographs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / 'damaged.png'
    damaged.write_text('no picture')
    files = ['/absent.jpg', str(damaged), str(tmp_path), str(photographs / 'bus.jpg')]
    out = tmp_path / 'out'
    assert annotate.main([*files, '--output', str(out)]) == 1
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 3
    assert "'/absent.jpg' does not exist" in captured.err and 'folder' in captured.err
    assert (out / 'bus.annotated.jpg').exists()


def test_annotate_says_what_is_wrong_with_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert annotate.main(['a.jpg', '--model', 'absent.onnx']) == 1
    assert "'absent.onnx'" in capsys.readouterr().err


def test_relate_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / 'desk.json'
    path.write_text(DESK_JSON)
    assert relate.main([str(path)]) == 0
    pruned = capsys.readouterr().out
    rows = [line.split('  ') for line in pruned.splitlines()]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert ['cup 1', 'left_of', 'laptop 2', '1.00'] in cells
    assert relate.main([str(path), '--all']) == 0
    everything = capsys.readouterr().out
    assert 'right_of' in everything and 'right_of' not in pruned
    assert len(everything.splitlines()) > 2 * len(pruned.splitlines())


def test_relate_a_stream(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('sys.stdin', io.StringIO(f'{DESK_JSON}\n\n{DESK_JSON}\n'))
    assert relate.main(['--json']) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == second
    left = {'subject': '1', 'predicate': 'left_of', 'object': '2', 'confidence': 1.0}
    assert left in first['relations']


def test_relate_goes_on_after_a_line_that_it_cannot_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = f'{DESK_JSON}\n{{"width": 3\n{DESK_JSON[:-9]}\n{{"width": 3}}\n{DESK_JSON}\n'
    monkeypatch.setattr('sys.stdin', io.StringIO(lines))
    assert relate.main(['--json']) == 1
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 2
    assert [line.split(': ')[2][:6] for line in captured.err.splitlines()] == [
        'Line 2', 'Line 3', 'Line 4',
    ]  # fmt: skip


@pytest.mark.parametrize('indent', [None, 2])
def test_relate_reads_lists_and_indented_scenes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], indent: int | None
) -> None:
    path = tmp_path / 'scenes.json'
    path.write_text(json.dumps([json.loads(DESK_JSON)] * 2, indent=indent))
    assert relate.main([str(path), '--json']) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_relate_answers_before_its_input_ends(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, '-c', 'from assist_vision.relate import main; main(["--json"])'],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout
    process.stdin.write(DESK_JSON + '\n')
    process.stdin.flush()
    assert 'left_of' in process.stdout.readline()
    process.communicate(timeout=30)
    assert process.returncode == 0


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ('', 'no scene'),
        ('{', 'ine 1 is not JSON'),
        ('5', 'not an object'),
        ('{"width": 9, "height": 9}', 'list "objects"'),
        ('{"width": 0, "height": 9, "objects": []}', '"width"'),
        ('{"width": 9, "height": 9, "objects": [{}]}', 'no "label"'),
        ('{"width": 9, "height": 9, "objects": [{"label": "cup"}]}', 'four numbers'),
        ('{"width": 9, "height": 9, "objects": [{"label": "cup", "box": [1, 2, 3]}]}', 'four'),
        ('{"width": 9, "height": 9, "objects": [{"label": "cup", "box": [5, 2, 3, 4]}]}', 'empty'),
        (
            '{"width": 9, "height": 9, "objects": [{"label": "cup", "box": [1, 2, 3, NaN]}]}',
            'four numbers',
        ),
        (
            '{"width": 9, "height": 9, "objects": [{"id": 1, "label": "a", "box": [0, 0, 1, 1]},'
            ' {"id": "1", "label": "b", "box": [0, 0, 1, 1]}]}',
            'id "1"',
        ),
    ],
)
def test_relate_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    path = tmp_path / 'scene.json'
    path.write_text(text)
    assert relate.main([str(path)]) == 1
    captured = capsys.readouterr()
    assert words in captured.err and len(captured.err.splitlines()) == 1


def test_relate_without_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert relate.main(['/absent.json']) == 1
    assert '/absent.json' in capsys.readouterr().err


def test_export_makes_a_model_ready_and_tells_how_fast_it_is(
    model_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export_tool.main([str(model_path), '--width', '320', '--height', '240']) == 0
    said = capsys.readouterr().out
    assert said.startswith(f'{model_path.name} is ready: 80 classes, CPU, OpenVINO, ')
    assert said.endswith(' ms an image of 320x240\n')


@pytest.mark.parametrize(
    ('options', 'reason'),
    [
        (['absent.pt'], 'absent.pt'),
        (['yolov3-tiny-coco.onnx', '--precision', 'int8'], 'Precision int8 is for a .pt'),
    ],
)
def test_export_says_in_one_line_what_is_wrong(
    options: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export_tool.main(options) == 1
    said = capsys.readouterr().err
    assert reason in said and said.startswith('export: ') and said.count('\n') == 1
