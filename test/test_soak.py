# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What the soak makes of its measurements."""

from __future__ import annotations

import random
from pathlib import Path

import cv2
import numpy as np
import pytest
from faults import soak, soak_picture
from faults.camera import NetworkCamera


@pytest.mark.parametrize(('factor', 'drift'), [(1.0, 0.0), (2.0, 100.0)])
def test_drift_compares_the_halves_after_the_warm_up(factor: float, drift: float) -> None:
    chance = random.Random(1)
    seconds = [9.0] * 100 + [chance.uniform(0.01, 0.02) for _ in range(1000)]
    latencies = [(at, value * (factor if at >= 600 else 1.0)) for at, value in enumerate(seconds)]
    found = soak._drift(latencies, 100.0)
    low, high = found['drift_interval_percent']
    assert found['samples'] == 1000
    assert found['drift_percent'] == pytest.approx(drift, abs=5.0)
    assert low < drift < high < low + 20.0


def test_drift_of_nothing_keeps_no_line() -> None:
    assert soak._drift([], 100.0)['drift_percent'] > soak.DRIFT_LIMIT


def test_the_picture_shows_every_node_and_life(tmp_path: Path) -> None:
    path = tmp_path / 'soak.png'
    first, second = ([0.0, 60.0], [100.0, 101.0]), ([90.0, 150.0], [90.0, 91.0])
    empty = tmp_path / 'empty.png'
    faults = [('camera lost', 20.0), ('camera lost', 80.0)]
    soak_picture.draw({'camera_node': [first, second]}, faults, 30.0, path)
    soak_picture.draw({'camera_node': []}, [], 30.0, empty)
    picture = cv2.imread(str(path))
    assert picture is not None and picture.shape[1] == 960
    assert path.stat().st_size > empty.stat().st_size


@pytest.mark.parametrize('size', [(48, 36), (48, 108), (24, 200), (96, 72)])
def test_the_camera_keeps_its_size_whatever_it_shows(tmp_path: Path, size: tuple[int, int]) -> None:
    first, other = tmp_path / 'first.png', tmp_path / 'other.png'
    cv2.imwrite(str(first), np.full((48, 108, 3), 50, np.uint8))
    cv2.imwrite(str(other), np.full((*size, 3), 250, np.uint8))
    with NetworkCamera(first) as camera:
        camera.show(other)
        capture = cv2.VideoCapture(camera.address)
        is_read, frame = capture.read()
        capture.release()
    assert is_read and frame.shape == (48, 108, 3)
    assert abs(int(frame[24, 54, 0]) - 250) < 10
