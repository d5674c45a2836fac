# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""From the bytes of an image message to BGR pixels, whatever the encoding and the row step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from assist_common.errors import InputError

Convert = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Encoding:
    """How a pixel is stored, and how it becomes BGR."""

    channels: int
    to_bgr: Convert
    bytes_per_channel: int = 1


def _colour(code: int) -> Convert:
    return lambda pixels: cv2.cvtColor(pixels, code)


def _high_byte(pixels: np.ndarray) -> np.ndarray:
    return cv2.cvtColor((pixels >> 8).astype(np.uint8), cv2.COLOR_GRAY2BGR)


_GREY = Encoding(1, _colour(cv2.COLOR_GRAY2BGR))
_UYVY = Encoding(2, _colour(cv2.COLOR_YUV2BGR_UYVY))
_YUYV = Encoding(2, _colour(cv2.COLOR_YUV2BGR_YUYV))

ENCODINGS: dict[str, Encoding] = {
    'bgr8': Encoding(3, np.ascontiguousarray),
    'rgb8': Encoding(3, _colour(cv2.COLOR_RGB2BGR)),
    'bgra8': Encoding(4, _colour(cv2.COLOR_BGRA2BGR)),
    'rgba8': Encoding(4, _colour(cv2.COLOR_RGBA2BGR)),
    'mono8': _GREY,
    'mono16': Encoding(1, _high_byte, bytes_per_channel=2),
    '8UC1': _GREY,
    '8UC3': Encoding(3, np.ascontiguousarray),
    '8UC4': Encoding(4, _colour(cv2.COLOR_BGRA2BGR)),
    'uyvy': _UYVY,
    'yuv422': _UYVY,
    'yuyv': _YUYV,
    'yuv422_yuy2': _YUYV,
    # OpenCV names a Bayer pattern by its second row, ROS by its first.
    'bayer_rggb8': Encoding(1, _colour(cv2.COLOR_BayerBG2BGR)),
    'bayer_bggr8': Encoding(1, _colour(cv2.COLOR_BayerRG2BGR)),
    'bayer_gbrg8': Encoding(1, _colour(cv2.COLOR_BayerGR2BGR)),
    'bayer_grbg8': Encoding(1, _colour(cv2.COLOR_BayerGB2BGR)),
}
"""The names are those of sensor_msgs/image_encodings."""

DEPTH_ENCODINGS = ('16UC1', '32FC1')


def to_bgr(
    data: bytes | bytearray | memoryview | np.ndarray,
    *,
    width: int,
    height: int,
    encoding: str,
    step: int,
    big_endian: bool = False,
) -> np.ndarray:
    """Return the image as (height, width, 3) uint8 in BGR order.

    Args:
        data: the rows one after the other.
        step: bytes from the start of a row to the start of the next; padding is skipped.

    Raises:
        InputError: no pixels, an unknown encoding, or fewer bytes than the size says.
    """
    layout = _layout(encoding)
    if width < 1 or height < 1:
        raise InputError(f'the image is {width}x{height} pixels', 'look at the camera driver')
    row = width * layout.channels * layout.bytes_per_channel
    if step < row:
        raise InputError(
            f'the image step is {step} bytes but {width} pixels of {encoding} need {row}',
            'look at the camera driver',
        )
    flat = np.frombuffer(data, dtype=np.uint8)
    needed = step * (height - 1) + row
    if flat.size < needed:
        raise InputError(
            f'the image has {flat.size} bytes but {width}x{height} {encoding} needs {needed}',
            'look at the camera driver and the transport',
        )
    rows = np.lib.stride_tricks.as_strided(flat, (height, row), (step, 1), writeable=False)
    return layout.to_bgr(_pixels(rows, layout, width, height, big_endian))


def decode(data: bytes | bytearray | memoryview | np.ndarray) -> np.ndarray:
    """Return a compressed image (JPEG, PNG ...) as (height, width, 3) uint8 in BGR order.

    Raises:
        InputError: the bytes are not a whole image.
    """
    buffer = np.frombuffer(data, dtype=np.uint8)
    try:
        image = cv2.imdecode(buffer, cv2.IMREAD_COLOR) if buffer.size else None
    except cv2.error:
        image = None
    if image is None:
        raise InputError(f'{buffer.size} bytes of a compressed image cannot be decoded')
    return image


def _layout(encoding: str) -> Encoding:
    layout = ENCODINGS.get(encoding)
    if layout:
        return layout
    if encoding in DEPTH_ENCODINGS:
        raise InputError(
            f'encoding {encoding} is a depth image', 'remap image_raw to a colour image'
        )
    raise InputError(
        f"encoding '{encoding}' is unknown", f'use one of: {", ".join(sorted(ENCODINGS))}'
    )


def _pixels(
    rows: np.ndarray, layout: Encoding, width: int, height: int, big_endian: bool
) -> np.ndarray:
    pixels = np.ascontiguousarray(rows)
    if layout.bytes_per_channel == 2:
        pixels = pixels.view('>u2' if big_endian else '<u2')
    shape = (height, width) if layout.channels == 1 else (height, width, layout.channels)
    return pixels.reshape(shape)
