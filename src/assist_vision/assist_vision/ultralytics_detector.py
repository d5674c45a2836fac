# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Models that Ultralytics runs: .pt on a GPU, TensorRT and the rest.

Ultralytics is licensed under AGPL-3.0. This is the only module that imports it, when a model asks
for it, and only to run it behind the interface `Detector` or to export it; exported models run
without it.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from assist_common.errors import ModelError
from assist_common.threads import pool

from assist_vision import model_cache
from assist_vision.detector import USUAL_IMAGE, check_task, is_downloadable
from assist_vision.scene import Detection

_TORCHVISION = 'torchvision'
_STAND_IN = ModuleType(_TORCHVISION)
"""What Ultralytics imports instead as it reads a TorchScript model: with torchvision comes the
compiler of torch, 160 MB that nothing needs without a GPU."""


class UltralyticsDetector:
    """A detection model of the Ultralytics library."""

    def __init__(
        self,
        path: str,
        *,
        device: str = 'auto',
        threads: int = 0,
        size: int = 640,
        image_size: tuple[int, int] = USUAL_IMAGE,
    ) -> None:
        self._model = open_model(path)
        self._model.add_callback('on_predict_start', _begin)
        self.name = Path(path).name
        self._size = size
        self._device = '' if device == 'auto' else device
        self._names: dict[int, str] = {}
        self._warm_up(path, pool(threads), image_size)
        self.labels = tuple(self._names.values())
        self.device = self._describe_device()

    def detect(
        self,
        image: np.ndarray,
        *,
        confidence: float = 0.25,
        overlap: float = 0.5,
        labels: frozenset[str] = frozenset(),
    ) -> list[Detection]:
        """See `Detector`."""
        wanted = [number for number, name in self._names.items() if name in labels]
        if labels and not wanted:
            return []  # Ultralytics takes an empty list for all classes
        found = self._predict(image, conf=confidence, iou=overlap, classes=wanted or None).boxes
        rows = found.data.cpu().numpy()
        return [
            Detection(self._names[int(row[5])], float(row[4]), tuple(row[:4].tolist()))
            for row in rows[np.argsort(-rows[:, 4], kind='stable')]
            if row[2] > row[0] and row[3] > row[1]
        ]

    def _predict(self, image: np.ndarray, **options: Any) -> Any:
        results = self._model.predict(
            image,
            device=self._device or None,
            imgsz=self._size,
            verbose=False,
            save=False,
            **options,
        )
        return results[0]

    def _warm_up(self, path: str, threads: int, image_size: tuple[int, int]) -> None:
        import torch

        try:
            result = self._first(np.zeros((*image_size[::-1], 3), np.uint8))
        except Exception as error:  # the libraries beneath raise errors of every kind
            reason = str(error).strip().splitlines() or [type(error).__name__]
            raise ModelError(f"model '{path}' does not run: {reason[0][:160]}") from error
        self._names = dict(result.names)
        # Ultralytics leaves one core unused when it selects the device, just before.
        torch.set_num_threads(threads)

    def _first(self, image: np.ndarray) -> Any:
        """Load the model and run it; torchvision is loaded only for one that has layers of it."""
        if _TORCHVISION in sys.modules:
            return self._predict(image)
        sys.modules[_TORCHVISION] = _STAND_IN
        try:
            return self._predict(image)
        except Exception as error:
            if _TORCHVISION not in str(error):
                raise
        finally:
            _dismiss_stand_in()
        self._model.predictor = None
        importlib.import_module(_TORCHVISION)
        return self._predict(image)

    def _describe_device(self) -> str:
        backend = self._model.predictor.model
        runtime = {'pt': 'torch'}.get(backend.format, backend.format)
        device = str(self._model.predictor.device)
        return f'{"CPU" if device == "cpu" else device}, {runtime}'


def _begin(predictor: Any) -> None:
    """Leave Ultralytics' own warm-up out without a GPU, once its model is loaded.

    There it does little else than import torchvision, for a faster suppression of boxes that
    Ultralytics also has without.
    """
    _dismiss_stand_in()
    if predictor.device.type == 'cpu':
        predictor.done_warmup = True


def _dismiss_stand_in() -> None:
    if sys.modules.get(_TORCHVISION) is _STAND_IN:
        del sys.modules[_TORCHVISION]


def _settle_environment() -> None:
    """Keep Ultralytics from probing the network, installing packages and writing to strange places.

    It reads these when it is imported. A model is still downloaded when it is asked for by name.
    """
    folder = model_cache.folder()
    (folder / 'ultralytics').mkdir(parents=True, exist_ok=True)
    os.environ.setdefault('YOLO_CONFIG_DIR', str(folder / 'ultralytics'))
    os.environ['YOLO_OFFLINE'] = 'true'
    os.environ['YOLO_AUTOINSTALL'] = 'false'
    os.environ.setdefault('YOLO_VERBOSE', 'false')


def open_model(path: str, called: str = '') -> Any:
    """Return a detection model of the Ultralytics library, downloaded when it is missing.

    Args:
        called: its name in errors, where that is another.

    Raises:
        ModelError: missing, damaged, or not a detection model.
    """
    _settle_environment()
    model = _load(path, called or path)
    check_task(called or path, model.task)
    return model


def _load(path: str, called: str) -> Any:
    try:
        from ultralytics.models import YOLO
        from ultralytics.utils import SETTINGS
    except ImportError as error:
        raise ModelError(
            f"model '{called}' needs Ultralytics",
            'install the Python package ultralytics, or use an exported model (.onnx)',
        ) from error
    if SETTINGS.get('sync'):
        SETTINGS.update({'sync': False})
    place = Path(path)
    if not place.exists():
        if not is_downloadable(path):
            raise ModelError(f"there is no model '{called}'")
        place = model_cache.downloaded(path)
        place.parent.mkdir(parents=True, exist_ok=True)
    try:
        return YOLO(str(place))
    except ConnectionError as error:
        raise ModelError(
            f"model '{called}' cannot be downloaded",
            'look at the network connection, or give the path of a model file',
        ) from error
    except Exception as error:  # the libraries beneath raise errors of every kind
        raise ModelError(
            f"model '{called}' cannot be read, it is damaged or of another format",
            f'get it anew ({type(error).__name__})',
        ) from error
