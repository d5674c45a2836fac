# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The bridge does to images and messages what the genuine one does."""

from __future__ import annotations

import sys
from array import array

import cv2
import cv_bridge
import numpy as np
import pytest
from cv_bridge import CvBridge, CvBridgeError
from cv_bridge.core import CvBridge as CoreCvBridge
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

BRIDGE = CvBridge()
DTYPES = ['uint8', 'int8', 'uint16', 'int16', 'int32', 'float32', 'float64']


def picture(height: int = 6, width: int = 8, channels: int = 3, dtype: str = 'uint8') -> np.ndarray:
    shape = (height, width) if channels == 1 else (height, width, channels)
    values = np.random.default_rng(1).integers(0, 127, shape)
    return values.astype(dtype)


def message(image: np.ndarray, encoding: str, padding: int = 0) -> Image:
    """Build a message by hand, so that reading is tested apart from writing."""
    rows = [row.tobytes() + b'\xee' * padding for row in image]
    return Image(
        height=image.shape[0],
        width=image.shape[1],
        encoding=encoding,
        step=len(rows[0]),
        is_bigendian=image.dtype.byteorder == '>',
        data=array('B', b''.join(rows)),
    )


@pytest.mark.parametrize('channels', [1, 2, 3, 4])
@pytest.mark.parametrize('dtype', DTYPES)
def test_every_type_makes_the_round_trip(dtype: str, channels: int) -> None:
    image = picture(channels=channels, dtype=dtype)
    sent = BRIDGE.cv2_to_imgmsg(image)
    assert sent.encoding == BRIDGE.dtype_with_channels_to_cvtype2(image.dtype, channels)
    assert (sent.height, sent.width) == (6, 8)
    assert sent.step == 8 * channels * image.dtype.itemsize
    received = BRIDGE.imgmsg_to_cv2(sent)
    assert received.dtype == image.dtype
    np.testing.assert_array_equal(received, image)


def test_message_takes_encoding_and_header() -> None:
    header = Header(frame_id='camera')
    sent = BRIDGE.cv2_to_imgmsg(picture(), 'bgr8', header=header)
    assert (sent.encoding, sent.header.frame_id) == ('bgr8', 'camera')
    assert isinstance(sent.data, array)


def test_slice_of_an_image_is_sent_without_gaps() -> None:
    image = picture(10, 10)
    received = BRIDGE.imgmsg_to_cv2(BRIDGE.cv2_to_imgmsg(image[2:7:2, 1:9], 'bgr8'))
    np.testing.assert_array_equal(received, image[2:7:2, 1:9])


def test_passthrough_is_a_view_of_the_message() -> None:
    sent = message(picture(), 'bgr8')
    BRIDGE.imgmsg_to_cv2(sent)[0, 0, 0] = 200
    assert sent.data[0] == 200


@pytest.mark.parametrize('desired', ['bgr8', ''])
def test_same_encoding_is_a_copy(desired: str) -> None:
    sent = message(picture(), 'bgr8')
    before = sent.data[0]
    BRIDGE.imgmsg_to_cv2(sent, desired)[0, 0, 0] = 200
    assert sent.data[0] == before


@pytest.mark.parametrize(('channels', 'dtype'), [(1, 'uint8'), (3, 'uint8'), (1, 'uint16')])
@pytest.mark.parametrize('padding', [1, 5])
def test_padding_of_rows_is_dropped(channels: int, dtype: str, padding: int) -> None:
    image = picture(channels=channels, dtype=dtype)
    encoding = BRIDGE.dtype_with_channels_to_cvtype2(image.dtype, channels)
    received = BRIDGE.imgmsg_to_cv2(message(image, encoding, padding))
    np.testing.assert_array_equal(received, image)
    assert received.flags.c_contiguous


@pytest.mark.parametrize('order', ['<', '>'])
def test_byte_order_is_respected(order: str) -> None:
    image = np.array([[1, 2], [258, 65534]], dtype=f'{order}u2')
    sent = BRIDGE.cv2_to_imgmsg(image, 'mono16')
    assert bool(sent.is_bigendian) == (order == '>')
    received = BRIDGE.imgmsg_to_cv2(sent)
    assert received.dtype.isnative
    np.testing.assert_array_equal(received, image)
    np.testing.assert_array_equal(BRIDGE.imgmsg_to_cv2(sent, 'mono8'), [[0, 0], [1, 255]])


def test_byte_order_of_single_bytes_means_nothing() -> None:
    sent = message(picture(), 'bgr8')
    sent.is_bigendian = sys.byteorder == 'little'
    np.testing.assert_array_equal(BRIDGE.imgmsg_to_cv2(sent), picture())


@pytest.mark.parametrize('kind', [list, bytes])
def test_data_of_another_kind_is_read(kind: type) -> None:
    sent = message(picture(), 'bgr8')
    plain = type('Plain', (), {name: getattr(sent, name) for name in (
        'height', 'width', 'encoding', 'step', 'is_bigendian')})()
    plain.data = kind(sent.data)
    np.testing.assert_array_equal(BRIDGE.imgmsg_to_cv2(plain), picture())


COLOURS = {'rgb8': 3, 'bgr8': 3, 'rgba8': 4, 'bgra8': 4, 'mono8': 1}


@pytest.mark.parametrize('target', COLOURS)
@pytest.mark.parametrize('source', COLOURS)
def test_colours(source: str, target: str) -> None:
    """A colour whose channels all differ arrives with every channel in its place."""
    red, green, blue = 200, 100, 50
    grey = round(0.299 * red + 0.587 * green + 0.114 * blue)
    if source == 'mono8':
        red = green = blue = grey
    pixel = {'r': red, 'g': green, 'b': blue, 'a': 255, 'm': grey}

    def values(encoding: str) -> list[int]:
        return [grey] if encoding == 'mono8' else [pixel[c] for c in encoding[:-1]]

    shape = (4, 4) if source == 'mono8' else (4, 4, COLOURS[source])
    image = np.broadcast_to(np.array(values(source), np.uint8), (4, 4, COLOURS[source]))
    converted = BRIDGE.imgmsg_to_cv2(message(image.reshape(shape), source), target)
    assert converted.dtype == np.uint8
    assert converted.ndim == (2 if target == 'mono8' else 3)
    assert np.atleast_1d(converted[2, 2]).tolist() == values(target)


# Where red, green and blue lie in the two-by-two tile that gives the pattern its name.
@pytest.mark.parametrize('pattern', ['rggb', 'bggr', 'gbrg', 'grbg'])
@pytest.mark.parametrize(('bits', 'scale'), [(8, 1), (16, 257)])
def test_bayer_of_one_colour_becomes_that_colour(pattern: str, bits: int, scale: int) -> None:
    colour = {'r': 200, 'g': 100, 'b': 50}
    tile = np.array([colour[c] for c in pattern]).reshape(2, 2) * scale
    raw = np.tile(tile, (8, 8)).astype(f'uint{bits}')
    converted = BRIDGE.imgmsg_to_cv2(message(raw, f'bayer_{pattern}{bits}'), 'bgr8')
    assert converted[8, 8].tolist() == [50, 100, 200]
    raw_again = BRIDGE.imgmsg_to_cv2(message(raw, f'bayer_{pattern}{bits}'))
    np.testing.assert_array_equal(raw_again, raw)


@pytest.mark.parametrize('encoding', ['yuv422', 'uyvy', 'yuv422_yuy2', 'yuyv'])
def test_yuv422(encoding: str) -> None:
    """Full red in BT.601 video range is Y 81, U 90, V 240."""
    luma, chroma = 81, (90, 240)
    pair = [(c, luma) if encoding in ('yuv422', 'uyvy') else (luma, c) for c in chroma]
    image = np.tile(np.array(pair, np.uint8), (4, 2, 1))
    blue, green, red = BRIDGE.imgmsg_to_cv2(message(image, encoding), 'bgr8')[1, 1].tolist()
    assert red > 250
    assert max(blue, green) < 5
    assert BRIDGE.imgmsg_to_cv2(message(image, encoding), 'mono8')[1, 1] == luma


def test_depth_maps_full_range_on_full_range() -> None:
    wide = np.array([[0, 128, 257, 32896, 65535]], np.uint16)
    narrow = BRIDGE.imgmsg_to_cv2(message(wide, 'mono16'), 'mono8')
    np.testing.assert_array_equal(narrow, [[0, 0, 1, 128, 255]])
    back = BRIDGE.imgmsg_to_cv2(message(narrow, 'mono8'), 'mono16')
    np.testing.assert_array_equal(back, [[0, 0, 257, 32896, 65535]])
    assert back.dtype == np.uint16


def test_depth_and_colour_together() -> None:
    wide = np.full((2, 2), 25700, np.uint16)
    converted = BRIDGE.imgmsg_to_cv2(message(wide, 'mono16'), 'bgr8')
    assert converted.dtype == np.uint8
    assert converted[0, 0].tolist() == [100, 100, 100]
    wide = np.full((2, 2, 3), 25700, np.uint16) * np.array([1, 0, 2], np.uint16)
    np.testing.assert_array_equal(
        BRIDGE.imgmsg_to_cv2(message(wide, 'bgr16'), 'rgb8')[0, 0], [200, 0, 100]
    )


def test_plain_numbers_keep_their_value() -> None:
    depth = np.array([[0, 1500], [65535, 2]], np.uint16)
    metres = BRIDGE.imgmsg_to_cv2(message(depth, '16UC1'), '32FC1')
    assert metres.dtype == np.float32
    np.testing.assert_array_equal(metres, depth)
    back = BRIDGE.imgmsg_to_cv2(message(metres - np.float32(1), '32FC1'), '16UC1')
    np.testing.assert_array_equal(back, [[0, 1499], [65534, 1]])


@pytest.mark.parametrize(('source', 'target'), [
    ('16UC1', 'bgr8'),
    ('32FC1', 'mono8'),
    ('8UC3', 'rgb8'),
    ('bgr8', '8UC1'),
    ('8UC1', '8UC3'),
    ('bgr8', 'yuv422'),
    ('mono8', 'bayer_rggb8'),
    ('bayer_rggb8', 'bgra8'),
    ('bayer_rggb8', 'bayer_rggb16'),
])
def test_unsupported_conversion_is_named(source: str, target: str) -> None:
    dtype, channels = BRIDGE.encoding_to_dtype_with_channels(source)
    sent = message(picture(channels=channels, dtype=dtype), source)
    with pytest.raises(CvBridgeError, match=rf'\[{source}\] to \[{target}\]'):
        BRIDGE.imgmsg_to_cv2(sent, target)


@pytest.mark.parametrize('encoding', ['', 'nv12', 'jpeg', '8UC0', '8UC99999', 'rgb9'])
def test_unknown_encoding_is_named(encoding: str) -> None:
    sent = message(picture(), 'bgr8')
    sent.encoding = encoding
    with pytest.raises(CvBridgeError, match=rf'\[{encoding}\]'):
        BRIDGE.imgmsg_to_cv2(sent)
    if encoding:
        with pytest.raises(CvBridgeError, match=rf'\[{encoding}\]'):
            BRIDGE.imgmsg_to_cv2(message(picture(), 'bgr8'), encoding)


def test_truncated_image_is_refused_in_one_sentence() -> None:
    sent = message(picture(), 'bgr8')
    sent.data = sent.data[:-1]
    with pytest.raises(CvBridgeError) as error:
        BRIDGE.imgmsg_to_cv2(sent, 'rgb8')
    assert str(error.value) == (
        'image 8x6 [bgr8] is truncated: it has 143 bytes, but its rows take 144'
    )


def test_short_step_is_refused() -> None:
    sent = message(picture(), 'bgr8')
    sent.step = 23
    with pytest.raises(CvBridgeError, match='step is 23 bytes, but a row takes 24'):
        BRIDGE.imgmsg_to_cv2(sent)


def test_empty_image() -> None:
    sent = Image(encoding='bgr8')
    assert BRIDGE.imgmsg_to_cv2(sent).shape == (0, 0, 3)
    with pytest.raises(CvBridgeError, match=r'0x0 pixels from \[bgr8\] to \[mono8\]'):
        BRIDGE.imgmsg_to_cv2(sent, 'mono8')


@pytest.mark.parametrize(('image', 'fault'), [
    ([[1, 2]], 'numpy array, not list'),
    (np.zeros(3, np.uint8), '2 or 3 dimensions, not 1'),
    (np.zeros((2, 2), np.int64), 'type int64'),
    (np.zeros((2, 2), bool), 'type bool'),
])
def test_image_that_cannot_be_sent_is_refused(image: object, fault: str) -> None:
    with pytest.raises(CvBridgeError, match=fault):
        BRIDGE.cv2_to_imgmsg(image)


def test_encoding_must_fit_the_image() -> None:
    with pytest.raises(CvBridgeError, match='specified as mono8, but .* incompatible type 8UC3'):
        BRIDGE.cv2_to_imgmsg(picture(), 'mono8')


def test_compressed_round_trip_without_loss() -> None:
    sent = BRIDGE.cv2_to_compressed_imgmsg(picture(), 'png')
    assert sent.format == 'png'
    np.testing.assert_array_equal(BRIDGE.compressed_imgmsg_to_cv2(sent), picture())
    np.testing.assert_array_equal(
        BRIDGE.compressed_imgmsg_to_cv2(sent, 'rgb8'), picture()[:, :, ::-1]
    )


def test_compressed_is_jpg_by_default() -> None:
    sent = BRIDGE.cv2_to_compressed_imgmsg(np.full((16, 16, 3), 90, np.uint8))
    assert sent.format == 'jpg'
    assert bytes(sent.data[:2]) == b'\xff\xd8'
    assert abs(int(BRIDGE.compressed_imgmsg_to_cv2(sent)[8, 8, 0]) - 90) < 3


def test_compressed_mono() -> None:
    sent = BRIDGE.cv2_to_compressed_imgmsg(picture(channels=1), 'png')
    np.testing.assert_array_equal(BRIDGE.compressed_imgmsg_to_cv2(sent), picture(channels=1))
    assert BRIDGE.compressed_imgmsg_to_cv2(sent, 'bgr8').shape == (6, 8, 3)


@pytest.mark.parametrize('data', [b'', b'no image at all'])
def test_undecodable_data_is_refused(data: bytes) -> None:
    sent = CompressedImage(format='jpeg', data=array('B', data))
    with pytest.raises(CvBridgeError, match=rf'cannot decode {len(data)} bytes.*\[jpeg\]'):
        BRIDGE.compressed_imgmsg_to_cv2(sent)


def test_unknown_compression_is_named() -> None:
    with pytest.raises(CvBridgeError, match=r'\[nonsense\]'):
        BRIDGE.cv2_to_compressed_imgmsg(picture(), 'nonsense')


@pytest.mark.parametrize(('encoding', 'cv_type', 'dtype', 'channels'), [
    ('bgr8', cv2.CV_8UC3, 'uint8', 3),
    ('mono16', cv2.CV_16UC1, 'uint16', 1),
    ('bayer_rggb8', cv2.CV_8UC1, 'uint8', 1),
    ('yuv422', cv2.CV_8UC2, 'uint8', 2),
    ('8SC4', cv2.CV_8SC4, 'int8', 4),
    ('16SC2', cv2.CV_16SC2, 'int16', 2),
    ('32SC3', cv2.CV_32SC3, 'int32', 3),
    ('32FC1', cv2.CV_32FC1, 'float32', 1),
    ('64FC4', cv2.CV_64FC4, 'float64', 4),
    ('64F', cv2.CV_64FC1, 'float64', 1),
])
def test_type_numbers(encoding: str, cv_type: int, dtype: str, channels: int) -> None:
    assert BRIDGE.encoding_to_cvtype2(encoding) == cv_type
    assert BRIDGE.encoding_to_dtype_with_channels(encoding) == (dtype, channels)
    assert BRIDGE.cvtype2_to_dtype_with_channels(cv_type) == (dtype, channels)


def test_import_paths_of_upstream() -> None:
    assert CoreCvBridge is CvBridge
    assert issubclass(CvBridgeError, TypeError)


def test_what_is_not_offered_is_named() -> None:
    with pytest.raises(AttributeError, match='cv_bridge.cvtColorForDisplay'):
        _ = cv_bridge.cvtColorForDisplay
