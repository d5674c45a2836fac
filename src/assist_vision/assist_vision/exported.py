# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Exported YOLO models on OpenVINO or ONNX Runtime, without torch."""

from __future__ import annotations

import ast
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml
from assist_common.errors import ModelError
from assist_common.threads import pool

from assist_vision import letterbox
from assist_vision.detector import USUAL_IMAGE, check_task
from assist_vision.letterbox import Letterbox
from assist_vision.scene import Detection

_LOG = logging.getLogger(__name__)
_CANDIDATES = 1000
"""Most boxes that non-maximum suppression looks at."""

_SHAPES = 2
"""Shapes of images that a model stays ready for."""

Infer = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Network:
    """A loaded model: what it says of itself and how to run it.

    Attributes:
        input_shape: None stands for a side that is free.
        prepare: returns what runs a BGR picture (height, width, 3) uint8 of a width and height; its
            output stays until the next picture.
    """

    metadata: dict[str, Any]
    input_shape: tuple[int | None, ...]
    prepare: Callable[[int, int], Infer]
    device: str


class ExportedDetector:
    """A YOLO detector in the layout of an Ultralytics export.

    The output is (1, 4 + classes, N) with centre, size and a score per class, or, for end-to-end
    models, (1, N, 6) with corners, score and class.
    """

    def __init__(
        self,
        path: str,
        *,
        device: str = 'auto',
        threads: int = 0,
        name: str = '',
        image_size: tuple[int, int] = USUAL_IMAGE,
    ) -> None:
        network = _load(Path(path), device, pool(threads))
        check_task(path, network.metadata.get('task'))
        self.name = name or Path(path).name
        self.device = network.device
        self._names = _names(path, network.metadata)
        self.labels = tuple(self._names.values())
        self._prepare = lru_cache(maxsize=_SHAPES)(network.prepare)
        self._width, self._height = _input_size(path, network)
        self._stride = int(network.metadata.get('stride', 32))
        self._canvas = np.empty((self._height, self._width, 3), np.uint8)
        self._fits = network.input_shape[2] is None and network.input_shape[3] is None
        self._warm_up(path, *image_size)

    def detect(
        self,
        image: np.ndarray,
        *,
        confidence: float = 0.25,
        overlap: float = 0.5,
        labels: frozenset[str] = frozenset(),
    ) -> list[Detection]:
        """See `Detector`."""
        output, lie = self._run(image)
        boxes, scores, classes = _parse(output[0], confidence)
        if labels:
            wanted = [number for number, name in self._names.items() if name in labels]
            keep = np.isin(classes, wanted)
            boxes, scores, classes = boxes[keep], scores[keep], classes[keep]
        # Cut at the border first: what is out of the image must not count as a difference.
        placed = lie.to_image(boxes)
        kept = suppress(placed, scores, classes, overlap)
        return [
            Detection(self._names[int(number)], float(score), (box[0], box[1], box[2], box[3]))
            for box, score, number in zip(
                placed[kept].tolist(), scores[kept], classes[kept], strict=True
            )
            if box[2] > box[0] and box[3] > box[1]
        ]

    def _input_for(self, image: np.ndarray) -> tuple[int, int]:
        if not self._fits:
            return self._width, self._height
        rows, columns = image.shape[:2]
        return letterbox.input_size(columns, rows, max(self._width, self._height), self._stride)

    def _run(self, image: np.ndarray) -> tuple[np.ndarray, Letterbox]:
        width, height = self._input_for(image)
        picture, lie = letterbox.fit(image, width, height, self._canvas_of(width, height))
        try:
            return self._prepare(width, height)(picture), lie
        except RuntimeError as error:
            if not self._fits:
                raise
            # It says of itself that it takes any shape.
            _LOG.warning(
                '%s does not take images of %dx%d, so they get a border: %s',
                self.name,
                width,
                height,
                _first_line(error),
            )
            self._fits = False
            return self._run(image)

    def _canvas_of(self, width: int, height: int) -> np.ndarray:
        """Return the same picture as long as its size stays.

        A new one for each image moves in the heap when something that stays has taken a part of
        its place, and the heap grows by its size.
        """
        if self._canvas.shape[:2] != (height, width):
            self._canvas = np.empty((height, width, 3), np.uint8)
        return self._canvas

    def _warm_up(self, path: str, width: int, height: int) -> None:
        # The first run of a shape allocates and optimises.
        try:
            output, _ = self._run(np.zeros((height, width, 3), np.uint8))
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"model '{path}' does not run: {_first_line(error)}") from error
        self._check_output(path, output)

    def _check_output(self, path: str, output: np.ndarray) -> None:
        expected = 4 + len(self._names)
        end_to_end = output.ndim == 3 and output.shape[2] == 6
        if output.ndim != 3 or not (end_to_end or output.shape[1] == expected):
            raise ModelError(
                f"model '{path}' has an output of shape {output.shape}",
                f'it should be (1, {expected}, N) or (1, N, 6)',
            )


def suppress(
    boxes: np.ndarray, scores: np.ndarray, classes: np.ndarray, overlap: float
) -> np.ndarray:
    """Return the indices of the boxes to keep, most confident first.

    Non-maximum suppression: of boxes of one class that overlap more than `overlap` the most
    confident stays.
    """
    order = np.argsort(-scores, kind='stable')[:_CANDIDATES]
    if not order.size:
        return order
    # Shifting each class to a place of its own lets one pass do all classes.
    offset = classes[order, None] * (boxes.max() + 1)
    shifted = boxes[order] + offset
    sizes = shifted[:, 2:] - shifted[:, :2]
    kept = cv2.dnn.NMSBoxes(
        np.concatenate([shifted[:, :2], sizes], axis=1).tolist(),
        scores[order].tolist(),
        score_threshold=0.0,
        nms_threshold=overlap,
    )
    return order[np.asarray(kept, dtype=np.int64).reshape(-1)]


def _parse(output: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if output.shape[1] == 6 and output.shape[0] != 6:
        rows = output[output[:, 4] >= confidence]
        return rows[:, :4], rows[:, 4], rows[:, 5].astype(np.int64)
    best = output[4:].max(axis=0)
    columns = output[:, best >= confidence]
    centre, size = columns[:2].T, columns[2:4].T
    boxes = np.concatenate([centre - size / 2, centre + size / 2], axis=1)
    return boxes, columns[4:].max(axis=0), columns[4:].argmax(axis=0)


def _load(path: Path, device: str, threads: int) -> Network:
    if not path.exists():
        raise ModelError(f"there is no model '{path}'")
    source = next(iter(sorted(path.glob('*.xml')))) if path.is_dir() else path
    try:
        return _load_openvino(source, device, threads)
    except ImportError:
        if source.suffix != '.onnx':
            raise ModelError(
                f"model '{path}' needs OpenVINO", 'install the Python package openvino'
            ) from None
        _LOG.warning('OpenVINO is not installed; ONNX Runtime, which is slower, stands in for it')
    return _load_onnx(source, device, threads)


def _load_openvino(source: Path, device: str, threads: int) -> Network:
    import openvino

    core = openvino.Core()
    wanted = _openvino_device(device, core.available_devices)
    options: dict[str, Any] = {'PERFORMANCE_HINT': 'LATENCY'}
    if wanted == 'CPU':
        options['INFERENCE_NUM_THREADS'] = threads
        # A pinned thread waits, and the others for it, while something else has its core.
        options['ENABLE_CPU_PINNING'] = False
    try:
        model = core.read_model(source)
        shape = tuple(
            None if size.is_dynamic else size.get_length() for size in model.input().partial_shape
        )
    except RuntimeError as error:
        raise _unreadable(source, error) from error

    def prepare(width: int, height: int) -> Infer:
        # A fixed shape is a few per cent faster than one that is free.
        if None in shape:
            model.reshape([1, 3, height, width])
        whole = _take_pictures(model.clone(), width, height)
        request = core.compile_model(whole, wanted, options).create_infer_request()

        def infer(picture: np.ndarray) -> np.ndarray:
            given = [np.ascontiguousarray(picture)[None]]
            # Else it copies the output, which is read before the next image comes.
            request.infer(given, share_inputs=True, share_outputs=True)
            return request.get_output_tensor(0).data

        return infer

    return Network(_openvino_metadata(model, source), shape, prepare, f'{wanted}, OpenVINO')


def _take_pictures(model: Any, width: int, height: int) -> Any:
    """Return the model with an input (1, height, width, 3), BGR, uint8."""
    import openvino
    from openvino.preprocess import ColorFormat, PrePostProcessor

    steps = PrePostProcessor(model)
    given = steps.input().tensor()
    given.set_element_type(openvino.Type.u8).set_shape([1, height, width, 3])
    given.set_layout(openvino.Layout('NHWC')).set_color_format(ColorFormat.BGR)
    steps.input().model().set_layout(openvino.Layout('NCHW'))
    change = steps.input().preprocess()
    change.convert_element_type(openvino.Type.f32).convert_color(ColorFormat.RGB).scale(255.0)
    return steps.build()


def _openvino_device(device: str, available: list[str]) -> str:
    wanted = {'auto': 'CPU', 'cpu': 'CPU'}.get(device, device.removeprefix('intel:').upper())
    if wanted not in available:
        listed = ', '.join(sorted(f'intel:{name.lower()}' for name in available if name != 'CPU'))
        raise ModelError(
            f"device '{device}' is not one that OpenVINO finds here",
            f'use auto, cpu{", " if listed else ""}{listed}',
        )
    return wanted


def _openvino_metadata(model: Any, source: Path) -> dict[str, Any]:
    sidecar = source.with_name('metadata.yaml')
    if source.suffix == '.xml':
        return _read_yaml(sidecar) if sidecar.exists() else {}
    keys = ('names', 'task', 'imgsz', 'stride')
    return {
        key: _literal(model.get_rt_info(['framework', key]).astype(str))
        for key in keys
        if model.has_rt_info(['framework', key])
    }


def _load_onnx(source: Path, device: str, threads: int) -> Network:
    try:
        import onnxruntime
    except ImportError as error:
        raise ModelError(
            f"model '{source}' needs OpenVINO or ONNX Runtime",
            'install the Python package openvino or onnxruntime',
        ) from error
    if device not in ('auto', 'cpu'):
        raise ModelError(f"device '{device}' is not one of ONNX Runtime here", 'use auto or cpu')
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    try:
        session = onnxruntime.InferenceSession(
            str(source), options, providers=['CPUExecutionProvider']
        )
    except Exception as error:  # its exceptions share no base class but this
        raise _unreadable(source, error) from error
    entry = session.get_inputs()[0]
    shape = tuple(size if isinstance(size, int) else None for size in entry.shape)
    metadata = {
        key: _literal(text)
        for key, text in session.get_modelmeta().custom_metadata_map.items()
        if key in ('names', 'task', 'imgsz', 'stride')
    }

    def infer(picture: np.ndarray) -> np.ndarray:
        return session.run(None, {entry.name: letterbox.to_blob(picture)})[0]

    return Network(metadata, shape, lambda width, height: infer, 'CPU, ONNX Runtime')


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding='utf-8'))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ModelError(f"'{path}' cannot be read: {_first_line(error)}") from error
    return content if isinstance(content, dict) else {}


def _names(path: str, metadata: dict[str, Any]) -> dict[int, str]:
    names = metadata.get('names')
    if isinstance(names, list):
        names = dict(enumerate(names))
    if not isinstance(names, dict) or not names:
        raise ModelError(
            f"model '{path}' does not name its classes",
            'use a model that Ultralytics made or exported',
        )
    return {int(number): str(name) for number, name in sorted(names.items())}


def _input_size(path: str, network: Network) -> tuple[int, int]:
    if len(network.input_shape) != 4 or network.input_shape[1] not in (3, None):
        raise ModelError(
            f"model '{path}' wants an input of shape {network.input_shape}",
            'it should be (1, 3, height, width)',
        )
    size = network.metadata.get('imgsz', [640, 640])
    height, width = size if isinstance(size, list) else (size, size)
    return network.input_shape[3] or width, network.input_shape[2] or height


def _unreadable(source: Path, error: Exception) -> ModelError:
    return ModelError(
        f"model '{source}' cannot be read, it is damaged or of another format",
        f'get it anew ({_first_line(error)})',
    )


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:160] if lines else type(error).__name__
