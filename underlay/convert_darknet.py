#!/usr/bin/env python3
# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Convert a darknet YOLOv3 network into an ONNX file that `ultralytics.YOLO` loads.

The network takes one RGB image in 0..1, (1, 3, height, width), and gives (1, 4 + classes, boxes):
centre x, centre y, width and height in pixels, then each class's probability. Formulas: J. Redmon
and A. Farhadi, YOLOv3: An Incremental Improvement, 2018, section 2.1; layer semantics and file
formats: darknet (https://github.com/pjreddie/darknet), parser.c.
"""
from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Floats = NDArray[np.float32]

# Names that Ultralytics and the COCO data set spell differently from darknet's coco.names.
CURRENT_NAMES = {
    'motorbike': 'motorcycle', 'aeroplane': 'airplane', 'sofa': 'couch',
    'pottedplant': 'potted plant', 'diningtable': 'dining table', 'tvmonitor': 'tv',
}
BATCH_NORM_EPSILON = 1e-6  # darknet, batchnorm_layer.c
LEAKY_SLOPE = 0.1  # darknet, activations.h
HEADER_VALUES = 5  # int32: major, minor, revision, and 64 bits of images seen
OPSET = 17
IR_VERSION = 8  # the first to carry opset 17: the oldest run times read the file


class ConversionError(ValueError):
    """The network cannot be converted; the text says why."""


@dataclass(frozen=True)
class Section:
    """One section of a darknet configuration file."""

    kind: str
    options: dict[str, str]

    def integer(self, name: str, default: int | None = None) -> int:
        text = self.options.get(name)
        if text is None and default is None:
            raise ConversionError(f'[{self.kind}] has no {name}')
        return int(text) if text is not None else int(default or 0)

    def integers(self, name: str) -> list[int]:
        return [int(text) for text in self.options[name].split(',')]


def read_sections(text: str) -> list[Section]:
    """Parse a darknet configuration file."""
    sections: list[Section] = []
    for line in text.splitlines():
        content = line.partition('#')[0].strip()
        if content.startswith('['):
            sections.append(Section(content.strip('[]'), {}))
        elif content:
            name, _, value = content.partition('=')
            sections[-1].options[name.strip()] = value.strip()
    return sections


class Weights:
    """The numbers of a darknet weights file, taken in order."""

    def __init__(self, path: Path) -> None:
        self._values = np.fromfile(path, dtype=np.float32, offset=4 * HEADER_VALUES)
        self._next = 0

    def take(self, *shape: int) -> Floats:
        count = int(np.prod(shape))
        taken = self._values[self._next:self._next + count]
        if taken.size < count:
            raise ConversionError('the weights file is shorter than the configuration says')
        self._next += count
        return taken.reshape(shape)

    @property
    def left(self) -> int:
        return self._values.size - self._next


@dataclass(frozen=True)
class Tensor:
    """A layer's output: its name in the graph, channels, and input pixels per cell and axis."""

    name: str
    channels: int
    stride: int


class Graph:
    """Builds the ONNX graph node by node."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, operation: str, *inputs: str, **attributes: Any) -> str:
        """Add a node with one output and return the output's name."""
        name = f'{operation.lower()}_{len(self.nodes)}'
        self.nodes.append(
            helper.make_node(operation, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, value: NDArray[np.generic]) -> str:
        name = f'constant_{len(self.constants)}'
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name


class Converter:
    """Turns the layers of one network into ONNX nodes."""

    def __init__(self, sections: list[Section], weights: Weights) -> None:
        if not sections or sections[0].kind != 'net':
            raise ConversionError('the configuration does not begin with [net]')
        self.width = sections[0].integer('width')
        self.height = sections[0].integer('height')
        self.stride = 1
        self.classes = 0
        self.graph = Graph()
        self._weights = weights
        self._heads: list[str] = []
        self._outputs: list[Tensor] = []
        layers = {
            'convolutional': self._convolutional, 'maxpool': self._maxpool, 'route': self._route,
            'upsample': self._upsample, 'yolo': self._yolo,
        }
        current = Tensor('images', sections[0].integer('channels'), 1)
        for section in sections[1:]:
            if section.kind not in layers:
                raise ConversionError(f'layer [{section.kind}] is not supported')
            current = layers[section.kind](section, current)
            self.stride = max(self.stride, current.stride)
            self._outputs.append(current)
        if weights.left:
            raise ConversionError(f'{weights.left} weights are left over')

    def _convolutional(self, section: Section, source: Tensor) -> Tensor:
        filters, size = section.integer('filters'), section.integer('size')
        stride, padding = section.integer('stride'), size // 2 if section.integer('pad', 0) else 0
        bias = self._weights.take(filters)
        scale = np.ones(filters, np.float32)
        if section.integer('batch_normalize', 0):
            gain, mean, variance = (self._weights.take(filters) for _ in range(3))
            scale = gain / np.sqrt(variance + BATCH_NORM_EPSILON)
            bias = bias - mean * scale
        kernel = self._weights.take(filters, source.channels, size, size)
        kernel = kernel * scale[:, None, None, None]
        name = self.graph.add(
            'Conv', source.name, self.graph.constant(kernel.astype(np.float32)),
            self.graph.constant(bias.astype(np.float32)), kernel_shape=[size, size],
            strides=[stride, stride], pads=[padding] * 4)
        activation = section.options.get('activation', 'linear')
        if activation == 'leaky':
            name = self.graph.add('LeakyRelu', name, alpha=LEAKY_SLOPE)
        elif activation != 'linear':
            raise ConversionError(f'activation {activation} is not supported')
        return Tensor(name, filters, source.stride * stride)

    def _maxpool(self, section: Section, source: Tensor) -> Tensor:
        size, stride = section.integer('size'), section.integer('stride')
        before = (size - 1) // 2
        after = size - 1 - before if stride == 1 else 0
        name = self.graph.add('MaxPool', source.name, kernel_shape=[size, size],
                              strides=[stride, stride], pads=[before, before, after, after])
        return Tensor(name, source.channels, source.stride * stride)

    def _route(self, section: Section, source: Tensor) -> Tensor:
        count = len(self._outputs)
        parts = [self._outputs[at if at >= 0 else count + at] for at in section.integers('layers')]
        if len(parts) == 1:
            return parts[0]
        name = self.graph.add('Concat', *(part.name for part in parts), axis=1)
        return Tensor(name, sum(part.channels for part in parts), parts[0].stride)

    def _upsample(self, section: Section, source: Tensor) -> Tensor:
        factor = section.integer('stride')
        scales = self.graph.constant(np.array([1, 1, factor, factor], np.float32))
        name = self.graph.add('Resize', source.name, '', scales, mode='nearest',
                              coordinate_transformation_mode='asymmetric', nearest_mode='floor')
        return Tensor(name, source.channels, source.stride // factor)

    def _yolo(self, section: Section, source: Tensor) -> Tensor:
        """Boxes and class scores from raw values: b = sigmoid(t) + cell, size = anchor * e^t."""
        graph, self.classes = self.graph, section.integer('classes')
        anchors = np.array(section.integers('anchors'), np.float32).reshape(-1, 2)
        anchors = anchors[section.integers('mask')]
        rows, columns = self.height // source.stride, self.width // source.stride
        shape = graph.constant(np.array([1, len(anchors), 5 + self.classes, rows * columns]))
        parts = graph.add('Reshape', source.name, shape)

        def part(first: int, last: int) -> str:
            ends = (graph.constant(np.array([value])) for value in (first, last, 2))
            return graph.add('Slice', parts, *ends)

        y, x = np.divmod(np.arange(rows * columns), columns)
        cells = graph.constant(np.stack([x, y]).astype(np.float32)[None, None])
        stride = graph.constant(np.array(source.stride, np.float32))
        sizes = graph.constant(anchors[None, :, :, None])
        centres = graph.add('Add', graph.add('Sigmoid', part(0, 2)), cells)
        centres = graph.add('Mul', centres, stride)
        extents = graph.add('Mul', graph.add('Exp', part(2, 4)), sizes)
        objectness = graph.add('Sigmoid', part(4, 5))
        scores = graph.add('Mul', graph.add('Sigmoid', part(5, 5 + self.classes)), objectness)
        boxes = graph.add('Concat', centres, extents, scores, axis=2)
        flat = graph.constant(np.array([1, 4 + self.classes, len(anchors) * rows * columns]))
        boxes = graph.add('Transpose', boxes, perm=[0, 2, 1, 3])
        self._heads.append(graph.add('Reshape', boxes, flat))
        return source

    def model(self, names: list[str]) -> onnx.ModelProto:
        """The finished model, with the metadata by which Ultralytics knows it."""
        if len(names) != self.classes:
            raise ConversionError(f'{len(names)} class names for {self.classes} classes')
        self.graph.nodes.append(helper.make_node('Concat', self._heads, ['output0'], axis=2))
        image = helper.make_tensor_value_info(
            'images', TensorProto.FLOAT, [1, 3, self.height, self.width])
        boxes = helper.make_tensor_value_info(
            'output0', TensorProto.FLOAT, [1, 4 + self.classes, None])
        graph = helper.make_graph(self.graph.nodes, 'yolo', [image], [boxes], self.graph.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', OPSET)],
                                  ir_version=IR_VERSION, producer_name='assist')
        helper.set_model_props(model, {
            'task': 'detect', 'batch': '1', 'stride': str(self.stride),
            'imgsz': str([self.height, self.width]), 'names': str(dict(enumerate(names))),
        })
        onnx.checker.check_model(model)
        return model


def convert(configuration: Path, weights: Path, names: Path, target: Path) -> None:
    """Convert a network; `target` appears only when it is whole."""
    converter = Converter(read_sections(configuration.read_text()), Weights(weights))
    labels = [CURRENT_NAMES.get(name, name) for name in names.read_text().split('\n') if name]
    temporary = target.with_name(f'{target.name}.{os.getpid()}.tmp')
    temporary.write_bytes(converter.model(labels).SerializeToString())
    temporary.replace(target)


def main() -> None:
    parser = argparse.ArgumentParser(description='Convert a darknet YOLOv3 network to ONNX.')
    for name in ('configuration', 'weights', 'names', 'target'):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args()
    convert(**vars(arguments))


if __name__ == '__main__':
    main()
