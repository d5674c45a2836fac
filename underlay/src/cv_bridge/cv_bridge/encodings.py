# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Image encodings of sensor_msgs, and the conversions between them.

Names, channels and depths: sensor_msgs/image_encodings.hpp.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

DTYPE_OF_DEPTH = {
    '8U': 'uint8',
    '8S': 'int8',
    '16U': 'uint16',
    '16S': 'int16',
    '32S': 'int32',
    '32F': 'float32',
    '64F': 'float64',
}
DEPTH_OF_DTYPE = {dtype: depth for depth, dtype in DTYPE_OF_DEPTH.items()}

# OpenCV 5 moved the channel count to other bits of a type; the type of two bytes shows to which.
_CHANNEL_SHIFT = int(cv2.CV_8UC2).bit_length() - 1

_MAX_CHANNELS = 4096 >> _CHANNEL_SHIFT  # CV_CN_MAX: 512 in OpenCV 4, 128 in OpenCV 5

_NAMED = {
    'mono8': ('8U', 1, 'GRAY'),
    'mono16': ('16U', 1, 'GRAY'),
    'rgb8': ('8U', 3, 'RGB'),
    'rgb16': ('16U', 3, 'RGB'),
    'bgr8': ('8U', 3, 'BGR'),
    'bgr16': ('16U', 3, 'BGR'),
    'rgba8': ('8U', 4, 'RGBA'),
    'rgba16': ('16U', 4, 'RGBA'),
    'bgra8': ('8U', 4, 'BGRA'),
    'bgra16': ('16U', 4, 'BGRA'),
    'yuv422': ('8U', 2, 'UYVY'),
    'uyvy': ('8U', 2, 'UYVY'),
    'yuv422_yuy2': ('8U', 2, 'YUY2'),
    'yuyv': ('8U', 2, 'YUY2'),
}
# OpenCV names a Bayer pattern by the second row of its tile, ROS by the first.
_BAYER = {'rggb': 'BayerBG', 'bggr': 'BayerRG', 'gbrg': 'BayerGR', 'grbg': 'BayerGB'}
for _pattern, _layout in _BAYER.items():
    _NAMED[f'bayer_{_pattern}8'] = ('8U', 1, _layout)
    _NAMED[f'bayer_{_pattern}16'] = ('16U', 1, _layout)

_PLAIN = ('GRAY', 'RGB', 'BGR', 'RGBA', 'BGRA')
_CODES = {
    **{(a, b): f'COLOR_{a}2{b}' for a in _PLAIN for b in _PLAIN if a != b},
    **{(yuv, b): f'COLOR_YUV2{b}_{yuv}' for yuv in ('UYVY', 'YUY2') for b in _PLAIN},
    **{(a, b): f'COLOR_{a}2{b}' for a in _BAYER.values() for b in ('GRAY', 'RGB', 'BGR')},
}

_GENERIC = re.compile(r'(8U|8S|16U|16S|32S|32F|64F)(?:C([0-9]+))?')


class CvBridgeError(TypeError):
    """A conversion that is not possible; its text says which, and why."""


@dataclass(frozen=True)
class Encoding:
    """How the bytes of an image are to be read."""

    name: str
    depth: str  # OpenCV's name of one channel's type, for example 8U
    channels: int
    layout: str | None  # meaning of the channels, in OpenCV's words; None for plain numbers

    @staticmethod
    @lru_cache(maxsize=256)
    def parse(name: str) -> Encoding:
        """Return the encoding of that name; raise CvBridgeError for one that is not offered."""
        if name in _NAMED:
            return Encoding(name, *_NAMED[name])
        match = _GENERIC.fullmatch(name)
        channels = int(match[2] or 1) if match else 0
        if match is None or not 1 <= channels <= _MAX_CHANNELS:
            raise CvBridgeError(f'image encoding [{name}] is unknown or not supported')
        return Encoding(name, match[1], channels, None)

    @property
    def dtype(self) -> str:
        """Numpy's name of one channel's type."""
        return DTYPE_OF_DEPTH[self.depth]

    @property
    def bits(self) -> int:
        """Bits of one channel."""
        return int(self.depth[:-1])

    @property
    def cv_type(self) -> int:
        """OpenCV's number for depth and channels, for example `cv2.CV_8UC3`."""
        return cv_depth(self.depth) + ((self.channels - 1) << _CHANNEL_SHIFT)


def cv_depth(depth: str) -> int:
    """Return OpenCV's number for a depth such as 8U."""
    return int(getattr(cv2, f'CV_{depth}'))


def split_cv_type(cv_type: int) -> tuple[str, int]:
    """Return numpy's type name and the number of channels of an OpenCV type number."""
    number = cv_type & ((1 << _CHANNEL_SHIFT) - 1)
    for depth, dtype in DTYPE_OF_DEPTH.items():
        if cv_depth(depth) == number:
            return dtype, (cv_type >> _CHANNEL_SHIFT) + 1
    raise CvBridgeError(f'OpenCV type {cv_type} has no numpy type among {list(DEPTH_OF_DTYPE)}')


def convert(image: np.ndarray, source: Encoding, target: Encoding) -> np.ndarray:
    """Return a new image in the target encoding.

    Colours are converted by OpenCV; between 8 and 16 bits the full ranges are mapped on each
    other. Raises CvBridgeError for a pair that has no conversion.
    """
    if source.name == target.name:
        return image.copy()
    code = _conversion_code(source, target)
    if code is not None:
        image = _convert_colour(image, code, source, target)
    if source.depth == target.depth:
        return image if code is not None else image.copy()
    return _convert_depth(image, source, target)


def _conversion_code(source: Encoding, target: Encoding) -> int | None:
    """Return OpenCV's code for the change of colour, None if the channels stay as they are."""
    pair = f'[{source.name}] to [{target.name}]'
    if source.layout is None or target.layout is None:
        if source.layout is None and target.layout is not None:
            raise CvBridgeError(
                f'unsupported conversion from {pair}: [{source.name}] is not a color format'
            )
        if source.channels != target.channels:
            raise CvBridgeError(
                f'unsupported conversion from {pair}: '
                f'{source.channels} and {target.channels} channels'
            )
        return None
    if source.layout == target.layout and source.layout not in _BAYER.values():
        return None
    name = _CODES.get((source.layout, target.layout))
    if name is None:
        raise CvBridgeError(f'unsupported conversion from {pair}')
    return int(getattr(cv2, name))


def _convert_colour(
    image: np.ndarray, code: int, source: Encoding, target: Encoding
) -> np.ndarray:
    try:
        return cv2.cvtColor(image, code)
    except cv2.error as error:
        raise CvBridgeError(
            f'OpenCV cannot convert {image.shape[1]}x{image.shape[0]} pixels from '
            f'[{source.name}] to [{target.name}]: {error.err or error}'
        ) from error


def _convert_depth(image: np.ndarray, source: Encoding, target: Encoding) -> np.ndarray:
    scale = 1.0
    if (source.bits, target.bits) == (8, 16):
        scale = 65535.0 / 255.0
    elif (source.bits, target.bits) == (16, 8):
        scale = 255.0 / 65535.0
    if image.size == 0:
        return image.astype(target.dtype)
    # One channel, because OpenCV applies a scalar factor to the first channel only.
    flat = np.ascontiguousarray(image).reshape(image.shape[0], -1)
    depth = cv_depth(target.depth)
    scaled = cv2.multiply(flat, scale, dtype=depth)  # type: ignore[call-overload]  # no scalars
    return scaled.reshape(image.shape)
