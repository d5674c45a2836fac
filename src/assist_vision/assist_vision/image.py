# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""From the bytes of an image message to BGR pixels or depths, whatever the encoding and step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from assist_common.errors import InputError

_JPEG, _JPEG_SCAN, _JPEG_END = b'\xff\xd8', b'\xff\xda', b'\xff\xd9'
_PNG, _PNG_END = b'\x89PNG', b'IEND'
_TAIL = 4096
"""Bytes at the end of a PNG in which its last chunk begins."""

Convert = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Encoding:
    """How a pixel is stored, and how it becomes BGR."""

    channels: int
    to_bgr: Convert
    bytes_per_channel: int = 1
    floating: bool = False


@dataclass(frozen=True)
class DepthImage:
    """Distances along the optical axis, (height, width), in parts of `unit` metres."""

    pixels: np.ndarray
    unit: float

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

    def metres(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return the distances of a grid of pixels in m, nan where the camera saw none.

        REP-118: 0 is invalid in whole millimetres, nan and infinities in metres.
        """
        values = self.pixels[np.ix_(rows, columns)].astype(np.float64) * self.unit
        return np.where(np.isfinite(values) & (values > 0), values, np.nan)


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

_DEPTHS = {
    '16UC1': Encoding(1, np.ascontiguousarray, bytes_per_channel=2),
    '32FC1': Encoding(1, np.ascontiguousarray, bytes_per_channel=4, floating=True),
}
"""Of REP-118: whole millimetres, and metres."""


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
    rows = _rows(data, layout, width, height, encoding, step)
    return layout.to_bgr(_pixels(rows, layout, width, height, big_endian))


def to_depth(
    data: bytes | bytearray | memoryview | np.ndarray,
    *,
    width: int,
    height: int,
    encoding: str,
    step: int,
    big_endian: bool = False,
) -> DepthImage:
    """Return a depth image; the arguments are those of `to_bgr`.

    Raises:
        InputError: not a depth encoding of REP-118, no pixels, or fewer bytes than the size says.
    """
    layout = _DEPTHS.get(encoding)
    if layout is None:
        raise InputError(
            f"encoding '{encoding}' is not depth", 'publish 16UC1 (mm) or 32FC1 (m), see REP-118'
        )
    rows = _rows(data, layout, width, height, encoding, step)
    pixels = _pixels(rows, layout, width, height, big_endian)
    return DepthImage(pixels, unit=1.0 if layout.floating else 0.001)


def decode(data: bytes | bytearray | memoryview | np.ndarray) -> np.ndarray:
    """Return a compressed image (JPEG, PNG ...) as (height, width, 3) uint8 in BGR order.

    Raises:
        InputError: the bytes are not a whole image.
    """
    buffer = np.frombuffer(data, dtype=np.uint8)
    if not _is_whole(buffer.tobytes()):
        raise InputError(
            f'a compressed image ends after {buffer.size} bytes, before its end',
            'look at the camera driver and the transport',
        )
    try:
        image = cv2.imdecode(buffer, cv2.IMREAD_COLOR) if buffer.size else None
    except cv2.error:
        image = None
    if image is None:
        raise InputError(f'{buffer.size} bytes of a compressed image cannot be decoded')
    return image


def _is_whole(data: bytes) -> bool:
    """Tell whether a JPEG or PNG has its end; bytes after it do not matter.

    Some versions of OpenCV give the rest of a truncated picture as grey.
    """
    if data.startswith(_JPEG):
        # In the data of a scan neither marker occurs; a thumbnail has its end before the last scan.
        return data.rfind(_JPEG_END) > data.rfind(_JPEG_SCAN)
    return not data.startswith(_PNG) or _PNG_END in data[-_TAIL:]


def _rows(
    data: bytes | bytearray | memoryview | np.ndarray,
    layout: Encoding,
    width: int,
    height: int,
    encoding: str,
    step: int,
) -> np.ndarray:
    if width < 1 or height < 1:
        raise InputError(f'the image is {width}x{height} pixels', 'look at the camera driver')
    row = width * layout.channels * layout.bytes_per_channel
    if step < row:
        raise InputError(
            f'the image step is {step} bytes but {width} pixels of {encoding} need {row}',
            'look at the camera driver',
        )
    if width % 2 and layout in (_UYVY, _YUYV):
        raise InputError(
            f'the image is {width} pixels wide but two pixels of {encoding} share their colour',
            'look at the camera driver',
        )
    flat = np.frombuffer(data, dtype=np.uint8)
    needed = step * (height - 1) + row
    if flat.size < needed:
        raise InputError(
            f'the image has {flat.size} bytes but {width}x{height} {encoding} needs {needed}',
            'look at the camera driver and the transport',
        )
    return np.lib.stride_tricks.as_strided(flat, (height, row), (step, 1), writeable=False)


def _layout(encoding: str) -> Encoding:
    layout = ENCODINGS.get(encoding)
    if layout:
        return layout
    if encoding in _DEPTHS:
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
    if layout.bytes_per_channel > 1:
        kind = 'f' if layout.floating else 'u'
        pixels = pixels.view(f'{">" if big_endian else "<"}{kind}{layout.bytes_per_channel}')
    shape = (height, width) if layout.channels == 1 else (height, width, layout.channels)
    return pixels.reshape(shape)
