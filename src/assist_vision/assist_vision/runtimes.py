# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A `.pt` on the processor: exported to the fastest runtime that works, the next one if not."""

from __future__ import annotations

import dataclasses
import importlib.util
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assist_common.errors import ModelError

from assist_vision import export
from assist_vision.detector import USUAL_IMAGE, Detector, is_downloadable
from assist_vision.export import TITLES, ExportError
from assist_vision.model_cache import Recipe

_GPUS = ('/dev/nvidia0', '/dev/nvhost-gpu', '/dev/nvgpu', '/dev/kfd')
"""Device files of NVIDIA cards, of Jetson boards before and after JetPack 6, of AMD cards."""


def on_processor(device: str) -> bool:
    """Tell whether a device is the processor; 'auto' is where there is no GPU that torch uses.

    Torch is asked only where there is a GPU: its import takes seconds and hundreds of megabytes.
    """
    if device != 'auto':
        return device == 'cpu'
    return not (any(Path(each).exists() for each in _GPUS) and _torch_sees_gpu())


def load(
    path: str,
    recipe: Recipe,
    *,
    threads: int = 0,
    image_size: tuple[int, int] = USUAL_IMAGE,
    log: Any = None,
) -> Detector:
    """Return a detector of a `.pt` on the first runtime that works: see `detector.load`.

    Raises:
        ModelError: missing, damaged, not for detection, or it runs nowhere.
        ConfigurationError: int8 without what it needs.
    """
    log = log or logging.getLogger(__name__)
    model = _find(path, log)

    def on_torch() -> Detector:
        from assist_vision.ultralytics_detector import UltralyticsDetector

        return UltralyticsDetector(
            str(model), device='cpu', threads=threads, size=recipe.size, image_size=image_size
        )

    def on_exported(recipe: Recipe) -> Detector:
        options = {'device': 'cpu', 'threads': threads, 'image_size': image_size}
        return _load_exported(model, recipe, options, log)

    onnx = dataclasses.replace(recipe, runtime='onnx', precision='fp32')
    attempts: list[tuple[str, Callable[[], Detector]]] = [
        ('openvino', lambda: on_exported(recipe)),
        ('onnx', lambda: on_exported(onnx)),
        ('torch', on_torch),
    ]
    for (name, attempt), (following, _) in zip(attempts, attempts[1:], strict=False):
        try:
            return attempt()
        except ExportError as error:
            log.warning(
                f'{model.name} could not be exported to {TITLES[name]}: {error}; '
                f'{TITLES[following]} is tried.'
            )
    return on_torch()


def _find(path: str, log: Any) -> Path:
    if Path(path).exists():
        return Path(path)
    if is_downloadable(path):
        return export.fetch(path, log)
    raise ModelError(f"there is no model '{path}'")


def _load_exported(model: Path, recipe: Recipe, options: dict[str, Any], log: Any) -> Detector:
    from assist_vision.exported import ExportedDetector

    if recipe.runtime == 'openvino' and importlib.util.find_spec('openvino') is None:
        raise ExportError('the Python package openvino is not installed')
    for attempt in range(2):
        made = export.export(model, recipe, log)
        try:
            return ExportedDetector(str(made), name=model.name, **options)
        except ModelError as error:
            export.forget(model, recipe)
            if attempt:
                raise ExportError(str(error)) from error
            log.warning(f'The export of {model.name} is damaged and is made anew: {error}')
    raise AssertionError('unreachable')


def _torch_sees_gpu() -> bool:
    try:
        import torch
    except ImportError:
        return False
    return torch.cuda.is_available()
