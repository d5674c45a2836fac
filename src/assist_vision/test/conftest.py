# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""One model and the two photographs that Ultralytics ships, for all tests."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from assist_common import models
from assist_common.testing import Graph
from assist_vision import detector
from hypothesis import settings

# A deadline is about speed, and fails on a machine that is busy with something else.
settings.register_profile('assist', deadline=None)
settings.load_profile('assist')


@pytest.fixture(scope='session')
def photographs() -> Path:
    # Found without importing the package, which would bring torch into the process.
    spec = importlib.util.find_spec('ultralytics')
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / 'assets'


@pytest.fixture(scope='session')
def bus(photographs: Path) -> np.ndarray:
    return cv2.imread(str(photographs / 'bus.jpg'))


@pytest.fixture(scope='session')
def zidane(photographs: Path) -> np.ndarray:
    return cv2.imread(str(photographs / 'zidane.jpg'))


@pytest.fixture(scope='session')
def model_path() -> Path:
    return Path(models.resolve('yolov3-tiny-coco.onnx'))


@pytest.fixture(scope='session')
def coco(model_path: Path) -> detector.Detector:
    return detector.load(str(model_path))


@pytest.fixture(scope='session')
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with small models of several tasks in Ultralytics' format, with random weights."""
    folder = tmp_path_factory.mktemp('untrained')
    code = (
        'import sys, torch; from ultralytics.models import YOLO; torch.manual_seed(0)\n'
        "for name in ('yolov8n', 'yolov8n-seg', 'yolov8n-cls'):\n"
        "    YOLO(f'{name}.yaml').save(f'{sys.argv[1]}/{name}.pt')\n"
    )
    environment = os.environ | {'YOLO_OFFLINE': 'true', 'YOLO_CONFIG_DIR': str(folder)}
    command = [sys.executable, '-c', code, str(folder)]
    subprocess.run(command, check=True, timeout=300, env=environment, capture_output=True)
    return folder


@pytest.fixture(scope='session')
def _cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp('cache')


@pytest.fixture
def cache(_cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache of the tests: what one of them exports the next one finds."""
    monkeypatch.setenv('XDG_CACHE_HOME', str(_cache_folder))
    return _cache_folder


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph() as made:
        yield made
