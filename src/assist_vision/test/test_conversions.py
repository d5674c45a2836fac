# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from assist_common.errors import InputError
from assist_msgs.msg import Scene as SceneMessage
from assist_vision import conversions
from assist_vision.calibration import Calibration
from assist_vision.scene import ROBOT, Detection, Place, Scene
from assist_vision.tracker import Tracker
from builtin_interfaces.msg import Time
from geometry_msgs.msg import Quaternion, TransformStamped
from scenes import DESK, scene
from sensor_msgs.msg import CameraInfo, CompressedImage
from std_msgs.msg import Header

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
    with pytest.raises(InputError, match='before its end'):
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
    message = conversions.SceneWriter().to_detections(tracks, HEADER)
    assert message.header == HEADER
    (detection,) = message.detections
    assert detection.id == '1' and detection.header == HEADER
    (result,) = detection.results
    assert (result.hypothesis.class_id, result.hypothesis.score) == ('cup', 0.5)
    centre = detection.bbox.center.position
    assert (centre.x, centre.y) == (20, 40)
    assert (detection.bbox.size_x, detection.bbox.size_y) == (20, 40)


def test_scenes() -> None:
    message = conversions.SceneWriter().to_scene(scene(*DESK), HEADER)
    assert message.header == HEADER
    assert (message.image_width, message.image_height) == (640, 480)
    assert [each.label for each in message.objects] == ['cup', 'laptop', 'dining table']
    ids = {each.id for each in message.objects}
    assert message.relations
    assert all({each.subject_id, each.object_id} <= ids for each in message.relations)


def info(**change: object) -> CameraInfo:
    fields: dict[str, object] = {
        'width': 640,
        'height': 480,
        'distortion_model': 'plumb_bob',
        'd': [0.0] * 5,
        'k': [500.0, 0, 320, 0, 510, 240, 0, 0, 1],
        'p': [450.0, 0, 300, 0, 0, 460, 230, 0, 0, 0, 1, 0],
    }
    return CameraInfo(**{**fields, **change})


def test_raw_images_follow_k_and_d_and_rectified_ones_p() -> None:
    distorted = info(d=[0.1, 0.0, 0.0, 0.0, 0.0])
    raw = conversions.from_camera_info(distorted, rectified=False)
    assert (raw.fx, raw.fy, raw.cx, raw.cy) == (500, 510, 320, 240)
    assert raw.distortion == (0.1, 0, 0, 0, 0)
    rectified = conversions.from_camera_info(distorted, rectified=True)
    assert (rectified.fx, rectified.fy, rectified.cx, rectified.cy) == (450, 460, 300, 230)
    assert rectified.distortion == ()


def test_binning_and_region_of_interest() -> None:
    message = info(binning_x=2, binning_y=2)
    message.roi.x_offset, message.roi.y_offset = 20, 40
    message.roi.width, message.roi.height = 400, 300
    camera = conversions.from_camera_info(message, rectified=False)
    assert (camera.width, camera.height) == (200, 150)
    assert (camera.fx, camera.fy, camera.cx, camera.cy) == (250, 255, 150, 100)


@pytest.mark.parametrize(
    ('change', 'words'),
    [
        ({'k': [0.0] * 9}, 'not calibrated: K'),
        ({'k': [float('nan')] * 9}, 'not calibrated: K'),
        ({'k': [-5.0, 0, 320, 0, 510, 240, 0, 0, 1]}, 'not calibrated: K'),
        ({'d': [0.1] * 3}, "3 coefficients of distortion model 'plumb_bob'"),
        ({'d': [0.1] * 5, 'distortion_model': 'spiral'}, "model 'spiral', which is unknown"),
    ],
)
def test_camera_infos_that_tell_nothing(change: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        conversions.from_camera_info(info(**change), rectified=False)


def test_transforms() -> None:
    half = math.sqrt(0.5)
    message = TransformStamped()
    message.header.frame_id = 'base_link'
    message.transform.rotation = Quaternion(x=0.0, y=0.0, z=half, w=half)
    message.transform.translation.z = 1.0
    transform = conversions.from_transform(message)
    assert transform.frame == 'base_link'
    assert transform.apply(np.array([[2.0, 0.0, 0.0]])) == pytest.approx(np.array([[0.0, 2, 1]]))
    stay = conversions.stay_in('camera').apply(np.array([[2.0, 0.0, 0.0]]))
    assert stay == pytest.approx(np.array([[2.0, 0, 0]]))


def test_places_and_attributes_of_a_scene() -> None:
    place = Place((1.0, 2.0, 3.0), (0.1, 0.2, 0.3))
    thing = replace(DESK[0], place=place, view=place, attributes=('red',))
    made = Scene(640, 480, (thing, DESK[1]), (), 'base_link', ROBOT)
    message = conversions.SceneWriter().to_scene(made, HEADER)
    assert message.position_frame == 'base_link'
    assert message.relation_frame == SceneMessage.ROBOT
    first, second = message.objects
    assert first.located and first.attributes == ['red']
    assert (first.position.x, first.position.y, first.position.z) == (1, 2, 3)
    assert (first.size.x, first.size.y, first.size.z) == (0.1, 0.2, 0.3)
    assert not second.located and second.attributes == []
    flat = conversions.SceneWriter().to_scene(scene(*DESK), HEADER)
    assert flat.position_frame == '' and flat.relation_frame == SceneMessage.VIEWER


def test_a_writer_leaves_nothing_of_the_image_before() -> None:
    writer = conversions.SceneWriter()
    place = Place((1.0, 2.0, 3.0), (0.1, 0.2, 0.3))
    full = [replace(each, id=f'9{each.id}', place=place, attributes=('red',)) for each in DESK]
    writer.to_scene(scene(*full), HEADER)
    cups = [Detection('cup', 0.5, (10, 20, 30, 60))] * 3
    writer.to_detections(Tracker().update(cups, 1.0), HEADER)
    for shown in (scene(*DESK[:2]), scene(*DESK), scene()):
        assert writer.to_scene(shown, HEADER) == conversions.SceneWriter().to_scene(shown, HEADER)
    tracks = Tracker().update([Detection('bowl', 0.6, (11, 21, 31, 61))], 1.0)
    fresh = conversions.SceneWriter().to_detections(tracks, HEADER)
    assert writer.to_detections(tracks, HEADER) == fresh
