# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""One interface for all object detectors, and the choice of the one that runs a given model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from assist_common.errors import ConfigurationError, ModelError

from assist_vision.model_cache import Recipe
from assist_vision.scene import Detection

USUAL_IMAGE = (640, 480)
"""Width and height of the images of most cameras."""
_DOWNLOADABLE = re.compile(
    r'(yolov(8|10)[nsmlx]|yolov9[tsmce]|yolo(11|12|26)[nsmlx]|rtdetr-[lx])\.pt'
)


class Detector(Protocol):
    """Finds objects in an image."""

    name: str
    """Of the model, for people."""
    device: str
    """What it runs on, for people, such as 'CPU, OpenVINO'."""
    labels: tuple[str, ...]
    """The classes that it knows."""

    def detect(
        self,
        image: np.ndarray,
        *,
        confidence: float = 0.25,
        overlap: float = 0.5,
        labels: frozenset[str] = frozenset(),
    ) -> list[Detection]:
        """Return what is in a BGR image of (height, width, 3) uint8, most confident first.

        Args:
            confidence: least confidence.
            overlap: intersection over union above which two boxes of a class are one object.
            labels: only these classes; empty: all.
        """
        ...


def load(
    path: str,
    *,
    device: str = 'auto',
    threads: int = 0,
    size: int = 640,
    precision: str = 'fp32',
    calibration: str = '',
    image_size: tuple[int, int] = USUAL_IMAGE,
    log: Any = None,
) -> Detector:
    """Return a detector that is warm: its first image of `image_size` takes as long as the others.

    ONNX files and OpenVINO folders run on OpenVINO or ONNX Runtime, without torch. So does a `.pt`
    on the processor: it is exported once, see `runtimes`. Everything else that Ultralytics can
    load runs there.

    Args:
        path: of the model, or a name that Ultralytics downloads.
        device: 'auto', or one that the runtime knows: 'cpu', 'cuda:0', 'intel:gpu'.
        threads: of the processor; 0: see `assist_common.threads`.
        size: longest side of the input of a `.pt`, pixels.
        precision: 'fp32', or 'int8' for a `.pt` on the processor.
        calibration: folder with pictures for int8.
        image_size: width and height of the images to be ready for.
        log: what is done and takes long is said there, by `info` and `warning`.

    Raises:
        ModelError: missing, damaged, or not a detection model.
        ConfigurationError: int8 without what it needs.
    """
    from assist_vision import runtimes

    plain = path.endswith('.pt') and runtimes.on_processor(device)
    if precision != 'fp32' and not plain:
        raise ConfigurationError(
            f"precision {precision} is for a .pt on the processor, not '{path}' on '{device}'",
            'use fp32',
        )
    if is_exported(path):
        from assist_vision.exported import ExportedDetector

        return ExportedDetector(path, device=device, threads=threads, image_size=image_size)
    if plain:
        recipe = Recipe('openvino', size, precision, calibration)
        return runtimes.load(path, recipe, threads=threads, image_size=image_size, log=log)
    if Path(path).is_dir():
        raise ModelError(f"folder '{path}' has no model", 'an OpenVINO export has a file .xml')
    from assist_vision.ultralytics_detector import UltralyticsDetector

    return UltralyticsDetector(
        path, device=device, threads=threads, size=size, image_size=image_size
    )


def is_exported(path: str) -> bool:
    """Tell whether a model runs without torch: an ONNX file, an OpenVINO file or folder."""
    place = Path(path)
    return place.suffix in ('.onnx', '.xml') or (place.is_dir() and any(place.glob('*.xml')))


def is_downloadable(name: str) -> bool:
    """Tell whether a name is that of a detection model which Ultralytics downloads."""
    return _DOWNLOADABLE.fullmatch(name) is not None


def check_task(path: str, task: str | None) -> None:
    """Raise a ModelError unless the task of a model is detection."""
    if task is None:
        raise ModelError(
            f"model '{path}' does not say what it was made for",
            'use a model that Ultralytics made or exported',
        )
    if task != 'detect':
        raise ModelError(f"model '{path}' is made for '{task}'", "use one for 'detect'")


def check_labels(detector: Detector, labels: Iterable[str]) -> frozenset[str]:
    """Return the classes to look for.

    Raises:
        ConfigurationError: the model does not know one of them.
    """
    unknown = sorted(set(labels) - set(detector.labels))
    if unknown:
        raise ConfigurationError(
            f"model '{detector.name}' has no class {', '.join(unknown)}",
            f'it knows {", ".join(detector.labels)}',
        )
    return frozenset(labels)
