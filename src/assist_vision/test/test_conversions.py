# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import cv2
import numpy as np
import pytest
from assist_common.errors import InputError
from assist_vision import conversions
from assist_vision.calibration import Calibration
from assist_vision.scene import Detection
from assist_vision.tracker import Tracker
from builtin_interfaces.msg import Time
from scenes import DESK, scene
from sensor_msgs.msg import CompressedImage
from std_msgs.msg import Header
from visualization_msgs.msg import Marker

HEADER = Header(stamp=Time(sec=3, nanosec=7), frame_id='camera_optical_frame')
PICTURE = np.random.default_rng(0).integers(0, 255, (12, 16, 3), np.uint8)
CALIBRATION = Calibration(
    16, 12, 'plumb_bob', (0.0,) * 5, (1.0,) * 9, (0.0,) * 9, tuple(map(float, range(12)))
)


def test_images_there_and_back() -> None:
    message = conversions.to_image(PICTURE, HEADER)
    assert (message.width, message.height, message.step) == (16, 12, 48)
    assert message.encoding == 'bgr8' and message.header == HEADER
    assert np.array_equal(conversions.from_image(message), PICTURE)


def test_slices_of_images_become_whole_messages() -> None:
    message = conversions.to_image(PICTURE[::2, 3:9], HEADER)
    assert np.array_equal(conversions.from_image(message), PICTURE[::2, 3:9])


def test_compressed_images() -> None:
    data = cv2.imencode('.png', PICTURE)[1].tobytes()
    message = CompressedImage(header=HEADER, format='png', data=data)
    assert np.array_equal(conversions.from_image(message), PICTURE)
    with pytest.raises(InputError, match='cannot be decoded'):
        conversions.from_image(CompressedImage(data=data[:30]))


def test_camera_info_is_calibrated_only_for_the_size_that_was_calibrated() -> None:
    info = conversions.to_camera_info(CALIBRATION, 16, 12, HEADER)
    assert info.k.tolist() == [1.0] * 9 and list(info.d) == [0.0] * 5
    assert info.distortion_model == 'plumb_bob' and info.p[11] == 11.0
    for other in (
        conversions.to_camera_info(CALIBRATION, 32, 24, HEADER),
        conversions.to_camera_info(None, 32, 24, HEADER),
    ):
        assert (other.width, other.height, other.k[0]) == (32, 24, 0.0)


def test_detections_carry_the_track_and_the_header() -> None:
    tracks = Tracker().update([Detection('cup', 0.5, (10, 20, 30, 60))], 1.0)
    message = conversions.to_detections(tracks, HEADER)
    assert message.header == HEADER
    (detection,) = message.detections
    assert detection.id == '1' and detection.header == HEADER
    (result,) = detection.results
    assert (result.hypothesis.class_id, result.hypothesis.score) == ('cup', 0.5)
    centre = detection.bbox.center.position
    assert (centre.x, centre.y) == (20, 40)
    assert (detection.bbox.size_x, detection.bbox.size_y) == (20, 40)


def test_scenes() -> None:
    message = conversions.to_scene(scene(*DESK), HEADER)
    assert message.header == HEADER
    assert (message.image_width, message.image_height) == (640, 480)
    assert [each.label for each in message.objects] == ['cup', 'laptop', 'dining table']
    ids = {each.id for each in message.objects}
    assert message.relations
    assert all({each.subject_id, each.object_id} <= ids for each in message.relations)


def test_markers_clear_the_old_ones_and_lie_before_the_camera() -> None:
    markers = conversions.to_markers(scene(*DESK), HEADER).markers
    assert markers[0].action == Marker.DELETEALL
    assert len(markers) == 1 + 2 * len(DESK)
    assert all(marker.header == HEADER for marker in markers)
    points = [point for marker in markers for point in marker.points]
    assert all(point.z == 1.0 and abs(point.x) < 0.6 and abs(point.y) < 0.5 for point in points)
