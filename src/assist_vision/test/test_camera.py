# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import socket
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from assist_common.errors import ConfigurationError, DeviceError
from assist_vision import calibration
from assist_vision.camera import CameraOptions, check_source, fit_within, is_live, open_source

CALIBRATION = """
image_width: 640
image_height: 480
camera_name: front
distortion_model: plumb_bob
camera_matrix: {rows: 3, cols: 3, data: [500, 0, 320, 0, 500, 240, 0, 0, 1]}
distortion_coefficients: {rows: 1, cols: 5, data: [0.1, 0, 0, 0, 0]}
projection_matrix: {rows: 3, cols: 4, data: [500, 0, 320, 0, 0, 500, 240, 0, 0, 0, 1, 0]}
"""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / 'pictures'
    folder.mkdir()
    for i, name in enumerate(['b.png', 'a.png', 'c.PNG']):
        cv2.imwrite(str(folder / name), np.full((40, 60, 3), 50 * (i + 1), np.uint8))
    (folder / 'notes.txt').write_text('not a picture')
    return folder


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / 'video.mp4'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*'mp4v'), 20.0, (64, 48))
    for i in range(10):
        writer.write(np.full((48, 64, 3), 20 * i, np.uint8))
    writer.release()
    return path


def test_pictures_come_by_name_and_time(pictures: Path) -> None:
    source = open_source(str(pictures), CameraOptions(seconds_per_image=2.0))
    shades = [source.read(time)[0, 0, 0] for time in (0.0, 1.9, 2.0, 4.5, 6.0)]  # type: ignore[index]
    assert shades == [100, 100, 50, 150, 100]
    assert not source.live


def test_pictures_end_without_a_loop(pictures: Path) -> None:
    source = open_source(str(pictures), CameraOptions(seconds_per_image=2.0, loop=False))
    assert source.read(5.9) is not None
    assert source.read(6.0) is None


def test_damaged_pictures_of_a_folder_are_skipped_with_a_warning(pictures: Path) -> None:
    (pictures / 'a.png').write_bytes(b'damaged')
    (pictures / 'bb.png').write_bytes(b'')
    lines: list[str] = []
    source = open_source(str(pictures), CameraOptions(seconds_per_image=1.0), lines.append)
    shades = [source.read(float(time))[0, 0, 0] for time in range(4)]  # type: ignore[index]
    assert shades == [50, 150, 50, 150]
    assert len(lines) == 2 and "a.png' is not a picture" in lines[0] and 'skipped' in lines[0]


def test_a_folder_of_damaged_pictures_only(pictures: Path) -> None:
    for path in pictures.iterdir():
        path.write_bytes(b'damaged')
    with pytest.raises(ConfigurationError, match='None of the pictures'):
        open_source(str(pictures), CameraOptions())


def test_a_single_picture(pictures: Path) -> None:
    source = open_source(str(pictures / 'b.png'), CameraOptions(width=30))
    frame = source.read(100.0)
    assert frame is not None and frame.shape == (20, 30, 3)


def test_a_video_ends_or_loops(video: Path) -> None:
    once = open_source(str(video), CameraOptions(loop=False))
    assert once.rate == pytest.approx(20.0)
    frames = 0
    while once.read(0.0) is not None:
        frames += 1
    assert frames == 10
    again = open_source(str(video), CameraOptions(width=32, height=48))
    shapes = {again.read(0.0).shape for _ in range(25)}  # type: ignore[union-attr]
    assert shapes == {(24, 32, 3)}
    for source in (once, again):
        source.close()


def test_missing_and_damaged_files_are_named(tmp_path: Path) -> None:
    empty = tmp_path / 'empty'
    empty.mkdir()
    damaged = tmp_path / 'damaged.jpg'
    damaged.write_bytes(b'\xff\xd8 not a picture')
    text = tmp_path / 'text.mp4'
    text.write_text('no video')
    for source, words in [
        (str(tmp_path / 'absent.mp4'), 'does not exist'),
        (str(empty), 'has no pictures'),
        (str(damaged), 'is not a picture'),
        (str(text), 'is not a video'),
        ('', 'has no source'),
    ]:
        with pytest.raises(ConfigurationError, match=words):
            open_source(source, CameraOptions())


def test_a_missing_device_is_a_fault_that_can_pass(tmp_path: Path) -> None:
    check_source('/dev/video987')
    for source in ('987', '/dev/video987'):
        with pytest.raises(DeviceError, match='/dev/video987.*not there'):
            open_source(source, CameraOptions())


def test_an_address_that_does_not_answer() -> None:
    with pytest.raises(DeviceError, match='does not open'):
        open_source('http://127.0.0.1:9/stream.mjpg', CameraOptions())


def test_an_address_that_never_answers_is_given_up_in_time() -> None:
    with socket.create_server(('127.0.0.1', 0)) as mute:
        began = time.monotonic()
        with pytest.raises(DeviceError):
            address = f'http://127.0.0.1:{mute.getsockname()[1]}/stream.mjpg'
            open_source(address, CameraOptions(timeout=0.5))
        assert time.monotonic() - began < 4.0


def test_what_can_come_back() -> None:
    assert all(map(is_live, ['0', '/dev/video2', 'rtsp://host/stream']))
    assert not any(map(is_live, ['video.mp4', 'pictures', './0.png']))


def test_fit_within_keeps_the_shape() -> None:
    image = np.zeros((1080, 810, 3), np.uint8)
    assert fit_within(image, 640, 480).shape == (480, 360, 3)
    assert fit_within(image, 0, 0) is image
    assert fit_within(image, 0, 540).shape == (540, 405, 3)


def test_calibration_files(tmp_path: Path) -> None:
    path = tmp_path / 'camera.yaml'
    path.write_text(CALIBRATION)
    found = calibration.load(str(path))
    assert (found.width, found.height, found.model) == (640, 480, 'plumb_bob')
    assert found.camera[0] == 500 and found.distortion[0] == 0.1
    assert found.rectification == (1, 0, 0, 0, 1, 0, 0, 0, 1)


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ('', 'holds no names'),
        ('[1, 2]', 'holds no names'),
        ('image_width: [', 'is not YAML'),
        ('image_width: \xff\x00', 'is not YAML'),
        (CALIBRATION.replace('camera_matrix', 'matrix'), 'no camera_matrix of numbers'),
        (CALIBRATION.replace('500, 0, 320, 0, 500, 240, 0, 0, 1]', '500]'), '1 numbers instead'),
        (CALIBRATION.replace('640', 'wide'), 'no image_width in whole pixels'),
        (CALIBRATION.replace('480', '-480'), 'no image_height in whole pixels'),
        (CALIBRATION.replace('0.1', '.nan'), 'no distortion_coefficients of numbers'),
        (CALIBRATION.replace('0.1, 0, 0, 0, 0', '0.1, 0, 0'), '3 distortion_coefficients'),
        (CALIBRATION.replace('plumb_bob', 'spiral'), "'spiral', which is none of: plumb_bob"),
        (CALIBRATION.replace('[500, 0, 320, 0, 500,', '[0, 0, 320, 0, 0,'), 'no focal length'),
        (CALIBRATION.replace('camera_matrix: {', 'camera_matrix: 7\nx: {'), 'no camera_m'),
    ],
)
def test_wrong_calibration_files(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / 'camera.yaml'
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=words) as caught:
        calibration.load(str(path))
    assert '\n' not in str(caught.value)
    with pytest.raises(ConfigurationError, match='cannot be read'):
        calibration.load(str(tmp_path / 'absent.yaml'))
