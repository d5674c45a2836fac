# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import array

import cv2
import numpy as np
import pytest
from assist_common.errors import InputError
from assist_vision.image import ENCODINGS, decode, to_bgr

BLUE, GREEN, RED = (255, 0, 0), (0, 255, 0), (0, 0, 255)
PICTURE = np.zeros((8, 12, 3), np.uint8)
PICTURE[:, :4], PICTURE[:, 4:8], PICTURE[:, 8:] = BLUE, GREEN, RED
ALPHA = np.full((8, 12, 1), 255, np.uint8)


def read(pixels: np.ndarray, encoding: str, padding: int = 0, **options: object) -> np.ndarray:
    rows = np.ascontiguousarray(pixels).reshape(len(pixels), -1).view(np.uint8)
    padded = np.pad(rows, ((0, 0), (0, padding)), constant_values=77)
    return to_bgr(
        padded.tobytes(),
        width=pixels.shape[1],
        height=pixels.shape[0],
        encoding=encoding,
        step=padded.shape[1],
        **options,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize('padding', [0, 5])
@pytest.mark.parametrize(
    ('encoding', 'pixels'),
    [
        ('bgr8', PICTURE),
        ('8UC3', PICTURE),
        ('rgb8', PICTURE[..., ::-1]),
        ('bgra8', np.concatenate([PICTURE, ALPHA], axis=2)),
        ('8UC4', np.concatenate([PICTURE, ALPHA], axis=2)),
        ('rgba8', np.concatenate([PICTURE[..., ::-1], ALPHA], axis=2)),
    ],
)
def test_colours_keep_their_order_and_padding_is_skipped(
    encoding: str, pixels: np.ndarray, padding: int
) -> None:
    assert np.array_equal(read(pixels, encoding, padding), PICTURE)


def test_grey_has_the_same_value_in_all_channels() -> None:
    grey = np.arange(96, dtype=np.uint8).reshape(8, 12)
    for encoding in ('mono8', '8UC1'):
        assert np.array_equal(read(grey, encoding), np.repeat(grey[..., None], 3, axis=2))


@pytest.mark.parametrize('big_endian', [False, True])
def test_mono16_keeps_the_high_byte(big_endian: bool) -> None:
    grey = np.array([[0x1234, 0xFF00]], dtype='>u2' if big_endian else '<u2')
    assert read(grey, 'mono16', big_endian=big_endian)[0, :, 0].tolist() == [0x12, 0xFF]


@pytest.mark.parametrize(
    ('encoding', 'first'),
    [('uyvy', 1), ('yuv422', 1), ('yuyv', 0), ('yuv422_yuy2', 0)],
)
def test_yuv_colours(encoding: str, first: int) -> None:
    # ITU-R BT.601, limited range: red is Y 81, U 90, V 240.
    luma, chroma = 81, (90, 240)
    pixels = np.zeros((2, 4, 2), np.uint8)
    pixels[..., first] = luma
    pixels[:, 0::2, 1 - first], pixels[:, 1::2, 1 - first] = chroma
    blue, green, red = read(pixels, encoding)[0, 0].tolist()
    assert red > 245 and green < 10 and blue < 10


def test_two_pixels_of_yuv_share_their_colour() -> None:
    for encoding in ('uyvy', 'yuv422', 'yuyv', 'yuv422_yuy2'):
        with pytest.raises(InputError, match='3 pixels wide'):
            to_bgr(bytes(12), width=3, height=2, encoding=encoding, step=6)
        assert to_bgr(bytes(20), width=4, height=2, encoding=encoding, step=12).shape == (2, 4, 3)


@pytest.mark.parametrize('pattern', ['rggb', 'bggr', 'gbrg', 'grbg'])
def test_bayer_colours(pattern: str) -> None:
    # A red surface: only the pixels under red filters are bright.
    cell = np.array([[255 * (c == 'r') for c in pattern]], np.uint8).reshape(2, 2)
    blue, green, red = read(np.tile(cell, (6, 6)), f'bayer_{pattern}8')[6, 6].tolist()
    assert red > 200 and green < 60 and blue < 60


@pytest.mark.parametrize(
    ('change', 'words'),
    [
        ({'width': 0}, '0x8'),
        ({'height': 0}, '12x0'),
        ({'step': 35}, 'step is 35'),
        ({'height': 9}, 'needs 324'),
        ({'encoding': 'nonsense'}, "'nonsense' is unknown"),
        ({'encoding': ''}, 'is unknown'),
        ({'encoding': '16UC1'}, 'depth image'),
        ({'encoding': '32FC1'}, 'depth image'),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, object], words: str) -> None:
    options: dict[str, object] = {'width': 12, 'height': 8, 'encoding': 'bgr8', 'step': 36}
    with pytest.raises(InputError, match=words):
        to_bgr(PICTURE.tobytes(), **(options | change))  # type: ignore[arg-type]


def test_every_encoding_refuses_a_truncated_image() -> None:
    for encoding, layout in ENCODINGS.items():
        step = 12 * layout.channels * layout.bytes_per_channel
        with pytest.raises(InputError, match='bytes but'):
            to_bgr(bytes(step * 8 - 1), width=12, height=8, encoding=encoding, step=step)


def test_the_last_row_may_lack_its_padding() -> None:
    data = np.pad(PICTURE.reshape(8, 36), ((0, 0), (0, 4))).tobytes()[:-4]
    assert np.array_equal(to_bgr(data, width=12, height=8, encoding='bgr8', step=40), PICTURE)


@pytest.mark.parametrize('suffix', ['.jpg', '.png', '.webp', '.bmp'])
def test_compressed_colours_keep_their_order(suffix: str) -> None:
    encoded = cv2.imencode(suffix, np.repeat(np.repeat(PICTURE, 4, axis=0), 4, axis=1))[1]
    decoded = decode(encoded.tobytes())[16, 8::16].astype(int)
    assert np.abs(decoded - np.array([BLUE, GREEN, RED])).max() < 12


def test_compressed_grey_and_alpha_become_colour() -> None:
    grey = np.arange(96, dtype=np.uint8).reshape(8, 12)
    with_alpha = np.concatenate([PICTURE, ALPHA // 2], axis=2)
    assert np.array_equal(decode(cv2.imencode('.png', grey)[1])[..., 1], grey)
    assert np.array_equal(decode(cv2.imencode('.png', with_alpha)[1]), PICTURE)


def test_bytes_of_every_kind_are_taken() -> None:
    raw = PICTURE.tobytes()
    for data in (raw, bytearray(raw), memoryview(raw), array.array('B', raw), PICTURE.ravel()):
        image = to_bgr(data, width=12, height=8, encoding='bgr8', step=36)
        assert np.array_equal(image, PICTURE)


def test_decode_reads_png_and_refuses_the_rest() -> None:
    encoded = cv2.imencode('.png', PICTURE)[1].tobytes()
    assert np.array_equal(decode(encoded), PICTURE)
    for broken in (b'', b'no image at all', encoded[:20]):
        with pytest.raises(InputError):
            decode(broken)


@pytest.mark.parametrize('suffix', ['.jpg', '.png'])
def test_a_truncated_picture_is_refused_and_bytes_after_it_are_not(suffix: str) -> None:
    picture = np.random.default_rng(5).integers(0, 255, (120, 160, 3), np.uint8)
    encoded = cv2.imencode(suffix, picture)[1].tobytes()
    for length in (0.3, 0.7, 0.95):
        with pytest.raises(InputError, match='before its end'):
            decode(encoded[: int(length * len(encoded))])
    for rest in (b'', bytes(3), b'rest' * 10):
        assert decode(encoded + rest).shape == picture.shape


def test_the_end_of_a_thumbnail_is_not_that_of_the_picture() -> None:
    picture = np.random.default_rng(5).integers(0, 255, (120, 160, 3), np.uint8)
    encoded = cv2.imencode('.jpg', picture)[1].tobytes()
    thumbnail = cv2.imencode('.jpg', picture[:16, :16])[1].tobytes()
    comment = b'\xff\xe1' + (len(thumbnail) + 2).to_bytes(2, 'big') + thumbnail
    whole = encoded[:2] + comment + encoded[2:]
    assert decode(whole).shape == picture.shape
    with pytest.raises(InputError, match='before its end'):
        decode(whole[: int(0.7 * len(whole))])
