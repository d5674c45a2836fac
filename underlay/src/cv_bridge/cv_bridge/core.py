# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The bridge itself; the genuine package has it under this module name too."""

from __future__ import annotations

import sys
from array import array

import cv2
import numpy as np
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from cv_bridge.encodings import (
    DEPTH_OF_DTYPE,
    CvBridgeError,
    Encoding,
    convert,
    split_cv_type,
)

__all__ = ['CvBridge', 'CvBridgeError']


class CvBridge:
    """Convert between ROS image messages and numpy arrays as OpenCV uses them.

    Arrays have the shape (height, width) for one channel and (height, width, channels)
    otherwise. Everything that cannot be converted raises CvBridgeError.
    """

    def imgmsg_to_cv2(
        self, img_msg: Image, desired_encoding: str = 'passthrough'
    ) -> np.ndarray:
        """Return the image of a message.

        `passthrough` returns the pixels as they are: a view of the message's own data, unless
        its rows are padded or its bytes are in the other order. Every other encoding returns
        a copy.
        """
        source = Encoding.parse(img_msg.encoding)
        image = _pixels(img_msg, source)
        if desired_encoding == 'passthrough':
            return image
        if not desired_encoding:
            return image.copy()
        return convert(image, source, Encoding.parse(desired_encoding))

    def cv2_to_imgmsg(
        self, cvim: np.ndarray, encoding: str = 'passthrough', header: Header | None = None
    ) -> Image:
        """Return a message that holds a copy of the image.

        `passthrough` names the encoding after the array's type, for example 8UC3.
        Raises CvBridgeError when the array's type is not that of the encoding.
        """
        source = _encoding_of(cvim)
        target = source if encoding == 'passthrough' else Encoding.parse(encoding)
        if (target.depth, target.channels) != (source.depth, source.channels):
            raise CvBridgeError(
                f'encoding specified as {encoding}, but image has incompatible type {source.name}'
            )
        message = Image(encoding=target.name)
        if header is not None:
            message.header = header
        message.height, message.width = cvim.shape[:2]
        message.step = message.width * source.channels * cvim.dtype.itemsize
        message.is_bigendian = _is_bigendian(cvim.dtype)
        message.data = _bytes_of(cvim)
        return message

    def compressed_imgmsg_to_cv2(
        self, cmprs_img_msg: CompressedImage, desired_encoding: str = 'passthrough'
    ) -> np.ndarray:
        """Return the decoded image of a message: 8 bits, mono or BGR, before any conversion."""
        data = _buffer(cmprs_img_msg.data)
        image = cv2.imdecode(data, cv2.IMREAD_ANYCOLOR) if data.size else None
        if image is None:
            raise CvBridgeError(
                f'OpenCV cannot decode {data.size} bytes of format [{cmprs_img_msg.format}]'
            )
        if desired_encoding == 'passthrough':
            return image
        source = Encoding.parse('mono8' if image.ndim == 2 else 'bgr8')
        return convert(image, source, Encoding.parse(desired_encoding or source.name))

    def cv2_to_compressed_imgmsg(
        self, cvim: np.ndarray, dst_format: str = 'jpg'
    ) -> CompressedImage:
        """Return a message with the encoded image; `dst_format` is a file suffix (jpg, png)."""
        _encoding_of(cvim)
        try:
            encoded, data = cv2.imencode(f'.{dst_format}', cvim)
        except cv2.error as error:
            raise CvBridgeError(
                f'OpenCV cannot encode an image of shape {cvim.shape} and type {cvim.dtype} '
                f'as [{dst_format}]: {error.err or error}'
            ) from error
        if not encoded:
            raise CvBridgeError(f'OpenCV cannot encode the image as [{dst_format}]')
        message = CompressedImage(format=dst_format)
        message.data = _bytes_of(data)
        return message

    def encoding_to_cvtype2(self, encoding: str) -> int:
        """Return OpenCV's type number of an encoding, for example `cv2.CV_8UC3` of bgr8."""
        return Encoding.parse(encoding).cv_type

    def encoding_to_dtype_with_channels(self, encoding: str) -> tuple[str, int]:
        """Return numpy's type name and the number of channels, for example ('uint8', 3)."""
        parsed = Encoding.parse(encoding)
        return parsed.dtype, parsed.channels

    def cvtype2_to_dtype_with_channels(self, cvtype: int) -> tuple[str, int]:
        """Return numpy's type name and the number of channels of an OpenCV type number."""
        return split_cv_type(cvtype)

    def dtype_with_channels_to_cvtype2(self, dtype: np.dtype, n_channels: int) -> str:
        """Return the name of the OpenCV type, for example 8UC3."""
        name = np.dtype(dtype).name
        if name not in DEPTH_OF_DTYPE:
            raise CvBridgeError(
                f'images of type {name} are not supported: use one of {", ".join(DEPTH_OF_DTYPE)}'
            )
        return f'{DEPTH_OF_DTYPE[name]}C{n_channels}'


def _encoding_of(image: np.ndarray) -> Encoding:
    if not isinstance(image, np.ndarray):
        raise CvBridgeError(f'the image must be a numpy array, not {type(image).__name__}')
    if image.ndim not in (2, 3):
        raise CvBridgeError(f'the image must have 2 or 3 dimensions, not {image.ndim}')
    channels = image.shape[2] if image.ndim == 3 else 1
    return Encoding.parse(CvBridge().dtype_with_channels_to_cvtype2(image.dtype, channels))


def _pixels(message: Image, encoding: Encoding) -> np.ndarray:
    """Return the pixels of a message in the machine's byte order, rows without padding."""
    dtype = np.dtype(encoding.dtype).newbyteorder('>' if message.is_bigendian else '<')
    pixel_size = encoding.channels * dtype.itemsize
    data = _buffer(message.data)
    _check_size(message, pixel_size, data.size)
    shape: tuple[int, ...] = (message.height, message.width)
    strides: tuple[int, ...] = (message.step, pixel_size)
    if encoding.channels > 1:
        shape += (encoding.channels,)
        strides += (dtype.itemsize,)
    image = np.ndarray(shape, dtype, data, strides=strides)
    return np.ascontiguousarray(image, dtype.newbyteorder('='))


def _check_size(message: Image, pixel_size: int, size: int) -> None:
    shown = f'{message.width}x{message.height} [{message.encoding}]'
    if message.step < message.width * pixel_size:
        raise CvBridgeError(
            f'image {shown} is malformed: step is {message.step} bytes, '
            f'but a row takes {message.width * pixel_size}'
        )
    if size < message.height * message.step:
        raise CvBridgeError(
            f'image {shown} is truncated: it has {size} bytes, '
            f'but its rows take {message.height * message.step}'
        )


def _buffer(data: array | bytes | list | np.ndarray) -> np.ndarray:
    """Return the bytes of a message field as an array, without a copy where that is possible."""
    if isinstance(data, (list, tuple, np.ndarray)):
        return np.asarray(data, np.uint8)
    return np.frombuffer(data, np.uint8) if len(data) else np.empty(0, np.uint8)


def _bytes_of(image: np.ndarray) -> array:
    # Message classes take an array.array as it is, but check every element of anything else.
    data = array('B')
    data.frombytes(np.ascontiguousarray(image).reshape(-1).view(np.uint8).data)
    return data


def _is_bigendian(dtype: np.dtype) -> bool:
    return dtype.byteorder == '>' or (dtype.byteorder == '=' and sys.byteorder == 'big')
