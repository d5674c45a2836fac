# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A packaged model is really exported to int8, as `ros2 run assist_vision export` does it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from assist_common import models
from assist_common.errors import ConfigurationError
from assist_vision import detector, export, model_cache
from assist_vision.model_cache import Recipe
from assist_vision.scene import Detection
from assist_vision.tracker import iou

MODEL = 'fall-detection.pt'
SURE = 0.5
OVERLAP = 0.92
"""Of the same box; 0.98 is usual, 0.82 was seen where the arithmetic of boxes was in int8 too."""


@dataclass(frozen=True)
class Exports:
    """What the command made and said, by precision."""

    cache: Path
    files: dict[str, Path]
    said: dict[str, subprocess.CompletedProcess[str]]
    told_makers: bool


@pytest.fixture(scope='module')
def calibration(photographs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp('calibration')
    for name in ('bus.jpg', 'zidane.jpg'):
        image = cv2.imread(str(photographs / name))
        rows, columns = image.shape[:2]
        parts = [
            image,
            image[rows // 8 :, : columns * 3 // 4],
            image[: rows * 3 // 4, columns // 4 :],
        ]
        for number, part in enumerate(parts):
            for light, side in ((0.6, part[:, ::-1]), (1.2, part)):
                picture = cv2.convertScaleAbs(side, alpha=light)
                cv2.imwrite(str(folder / f'{number}-{light}-{name}'), picture)
    assert len(list(folder.iterdir())) == 12
    return folder


@pytest.fixture(scope='module')
def exports(calibration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exports]:
    """Both exports by the command, in a cache of their own."""
    cache, trap = tmp_path_factory.mktemp('cache'), tmp_path_factory.mktemp('trap')
    caught = trap / 'caught'
    stub(trap, 'openvino_telemetry', f"open({str(caught)!r}, 'w')")
    said = {
        precision: subprocess.run(
            [sys.executable, '-m', 'assist_vision.export_tool', MODEL, '--device', 'cpu',
             '--precision', precision, '--calibration', str(calibration)],
            capture_output=True, text=True, timeout=500, check=False, cwd=trap,
            env=searched_first(trap) | {'XDG_CACHE_HOME': str(cache)},
        )
        for precision in ('fp32', 'int8')
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('XDG_CACHE_HOME', str(cache))
        model = Path(models.resolve(MODEL))
        files = {
            precision: model_cache.place_of(model, recipe) / recipe.file
            for precision in said
            for recipe in [Recipe(precision=precision, calibration=str(calibration))]
        }
        yield Exports(cache, files, said, caught.exists())


def stub(folder: Path, package: str, code: str) -> None:
    """Put a package there that does this and then cannot be imported."""
    (folder / package).mkdir()
    (folder / package / '__init__.py').write_text(f"{code}\nraise ImportError('{package} hides')\n")


def searched_first(folder: Path) -> dict[str, str]:
    """Return the environment of a process that looks for packages there first."""
    found = os.environ.get('PYTHONPATH', '')
    return os.environ | {'PYTHONPATH': f'{folder}{os.pathsep}{found}'}


def test_the_command_says_what_it_does_and_nothing_else(exports: Exports) -> None:
    for said in exports.said.values():
        assert said.returncode == 0, said.stderr
        assert said.stdout.startswith('fall-detection.pt is ready: 2 classes, CPU, OpenVINO')
        assert said.stdout.count('\n') == 1
        first, second = said.stderr.splitlines()
        assert first.startswith('export: Exporting fall-detection.pt to OpenVINO, once')
        assert second.startswith('export: fall-detection.pt was exported to OpenVINO in ')


def test_nothing_is_told_to_the_makers_of_the_libraries(exports: Exports) -> None:
    assert not exports.told_makers


def test_both_precisions_are_kept_side_by_side(exports: Exports) -> None:
    kept = (exports.cache / 'assist' / 'exported').iterdir()
    folders = {path for path in kept if path.is_dir()}
    assert {path.parent for path in exports.files.values()} == folders
    assert len(folders) == 2


def test_the_weights_are_of_eight_bits(exports: Exports) -> None:
    whole, small = (
        exports.files[each].with_suffix('.bin').stat().st_size for each in ('fp32', 'int8')
    )
    assert small < 0.3 * whole
    layers = {precision: path.read_text() for precision, path in exports.files.items()}
    assert layers['int8'].count('type="FakeQuantize"') > 50
    assert 'element_type="i8"' in layers['int8']
    assert 'FakeQuantize' not in layers['fp32'] and 'element_type="i8"' not in layers['fp32']


@pytest.mark.parametrize('name', ['bus.jpg', 'zidane.jpg'])
def test_the_same_people_are_found(
    exports: Exports,
    calibration: Path,
    photographs: Path,
    name: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    image = cv2.imread(str(photographs / name))
    caplog.set_level('INFO')
    sure, sure_in_int8 = (
        [each for each in found(image, precision, calibration) if each.confidence >= SURE]
        for precision in ('fp32', 'int8')
    )
    assert caplog.text == '', 'the exports are in the cache'
    assert sure
    assert alike(sure, found(image, 'int8', calibration)) == len(sure)
    assert alike(sure_in_int8, found(image, 'fp32', calibration)) == len(sure_in_int8)


def test_what_sees_needs_nothing_of_what_exports(exports: Exports, calibration: Path) -> None:
    code = (
        'import sys; from assist_vision import detector, detector_node;'
        'detector.load(sys.argv[1], device="cpu", precision="int8", calibration=sys.argv[2]);'
        'print(*({"nncf", "scipy", "sklearn", "torch"} & set(sys.modules)))'
    )
    command = [sys.executable, '-c', code, models.resolve(MODEL), str(calibration)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout
    assert said == '\n'


def found(image: np.ndarray, precision: str, calibration: Path) -> list[Detection]:
    model = detector.load(
        models.resolve(MODEL), device='cpu', precision=precision, calibration=str(calibration)
    )
    return model.detect(image)


def alike(wanted: list[Detection], given: list[Detection]) -> int:
    """Count those that are also among the others: of the same class, and nearly the same box."""
    overlaps = iou(*(np.array([each.box for each in side]) for side in (wanted, given)))
    same = np.array([[one.label == two.label for two in given] for one in wanted])
    return int((same & (overlaps >= OVERLAP)).any(axis=1).sum())


@pytest.mark.parametrize('kind', ['missing', 'empty', 'not set'])
def test_without_pictures_one_sentence_says_so(cache: Path, tmp_path: Path, kind: str) -> None:
    place = {'missing': tmp_path / 'absent', 'empty': tmp_path, 'not set': ''}[kind]
    said = refusal(str(place))
    assert said == (
        f"Precision int8 needs pictures and '{place}' has none. "
        'Set calibration to a folder with a hundred or more that the camera took.'
    )


def test_pictures_that_cannot_be_read_are_counted(
    cache: Path, photographs: Path, tmp_path: Path
) -> None:
    (tmp_path / '1.jpg').write_text('this is no picture')
    (tmp_path / '2.png').touch()
    (tmp_path / '3.jpg').write_bytes((photographs / 'bus.jpg').read_bytes())
    assert refusal(str(tmp_path)) == (
        f"2 of 3 pictures in '{tmp_path}' cannot be read, '1.jpg' for one. Replace or remove them."
    )


def test_without_nncf_the_remedy_is_to_install_it(
    cache: Path, calibration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub(tmp_path, 'nncf', '')
    monkeypatch.setenv('PYTHONPATH', searched_first(tmp_path)['PYTHONPATH'])
    assert refusal(str(calibration)) == (
        'Precision int8 needs NNCF: nncf hides. Install the Python package nncf, or use fp32.'
    )


def refusal(calibration: str) -> str:
    """Return why int8 with these pictures is refused; nothing is left of the attempt."""
    model = Path(models.resolve(MODEL))
    recipe = Recipe(precision='int8', calibration=calibration)
    with pytest.raises(ConfigurationError) as error:
        export.export(model, recipe)
    left = model_cache.folder().glob('exported/*int8*')
    assert [each for each in left if each.is_dir()] == []
    return str(error.value)
