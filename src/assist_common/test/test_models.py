# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""From names of models to paths."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from assist_common import models
from assist_common.errors import ModelError


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    first, second = tmp_path / 'first', tmp_path / 'second'
    for folder in (first, second):
        folder.mkdir()
    (first / 'coco.onnx').touch()
    (second / 'coco.onnx').touch()
    (second / 'tiny.en').mkdir()
    paths = [str(first), str(tmp_path / 'absent'), '', str(second)]
    monkeypatch.setenv(models.SEARCH_PATH, os.pathsep.join(paths))
    return tmp_path


def test_a_path_is_itself(folders: Path) -> None:
    path = str(folders / 'first' / 'coco.onnx')
    assert models.resolve(path) == path


def test_a_packaged_model_with_and_without_suffix(folders: Path) -> None:
    expected = str(folders / 'first' / 'coco.onnx')
    assert models.resolve('coco.onnx') == expected
    assert models.resolve('coco') == expected
    assert models.resolve('tiny.en') == str(folders / 'second' / 'tiny.en')


def test_a_name_that_the_library_downloads() -> None:
    assert models.resolve('yolo11n.pt', known=('yolo11n.pt',)) == 'yolo11n.pt'


@pytest.mark.parametrize('name', ['nothing', '', '  ', '../second/coco', '/absent/model.pt'])
def test_an_unknown_name_says_what_there_is(name: str) -> None:
    with pytest.raises(ModelError, match=r'coco\.onnx, tiny\.en'):
        models.resolve(name)


def test_without_any_models_the_remedy_is_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(models.SEARCH_PATH)
    with pytest.raises(ModelError, match=models.SEARCH_PATH):
        models.resolve('tiny.en')
