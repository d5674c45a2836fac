# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The weights in an ONNX file, read without a package that runs it: those take 30 MB and more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from assist_common.errors import ModelError
from numpy.typing import NDArray

# Field numbers are those of onnx.proto; the encoding is that of Protocol Buffers:
# https://protobuf.dev/programming-guides/encoding
_GRAPH = 7  # of ModelProto
_INITIALIZER = 5  # of GraphProto
_DATA_TYPE, _NAME, _RAW_DATA = 2, 8, 9  # of TensorProto
_FLOAT = 1
_VARINT, _BYTES = 0, 2


def read(content: bytes) -> dict[str, NDArray[np.float32]]:
    """Return every tensor of floats by its name, flat.

    Raises:
        ModelError: this is no ONNX file, or a damaged one.
    """
    try:
        tensors = [
            dict(_fields(tensor))
            for graph in _values(memoryview(content), _GRAPH)
            for tensor in _values(graph, _INITIALIZER)
        ]
        return {
            str(tensor[_NAME], 'utf-8'): np.frombuffer(tensor[_RAW_DATA], '<f4')
            for tensor in tensors
            if tensor[_DATA_TYPE] == _FLOAT
        }
    except (ValueError, TypeError, LookupError) as error:
        raise ModelError(f'this is no sound ONNX file ({error})') from error


def _values(message: memoryview, wanted: int) -> Iterator[memoryview]:
    return (value for number, value in _fields(message) if number == wanted)


def _fields(message: memoryview) -> Iterator[tuple[int, Any]]:
    """Yield the number and the value of each field, an int or a memoryview."""
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        value, position = _varint(message, position)
        number, wire_type = key >> 3, key & 7
        if wire_type == _VARINT:
            yield number, value
        elif wire_type == _BYTES and value <= len(message) - position:
            yield number, message[position : position + value]
            position += value
        else:
            raise ValueError(f'field {number} of type {wire_type} at byte {position}')


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    """Return the number that is encoded at this position, and the position after it."""
    value = shift = 0
    while True:
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, position
