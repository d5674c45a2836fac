# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""One model and the two photographs that Ultralytics ships, for all tests."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import cv2
import numpy as np
import pytest
from assist_common import models
from assist_vision import detector


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
