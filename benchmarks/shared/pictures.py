# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A detection model of the size that robots use, and pictures of a moving camera.

The model is YOLOv8n as Ultralytics builds it from its own description. No trained weights come with
it: they are random from a fixed seed, normalised on the pictures, and the head is scaled so that as
many boxes come out of it as of a busy room. The time that a network takes does not depend on its
weights.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np

WIDTH, HEIGHT = 640, 480
_SURE, _UNSURE = 0.25, 0.1  # confidences, the defaults of detector_node
_SURE_BOXES, _UNSURE_BOXES = 25, 60  # before non-maximum suppression


def photograph(name: str) -> np.ndarray:
    """Return one of the photographs that Ultralytics ships, BGR."""
    return cv2.imread(str(_ultralytics() / 'assets' / name))


def moving_camera(count: int, name: str = 'bus.jpg') -> list[np.ndarray]:
    """Return frames of 640x480 of a camera that turns over a photograph and comes closer."""
    image = photograph(name)
    image = cv2.resize(image, None, fx=900 / image.shape[1], fy=900 / image.shape[1])
    rows, columns = image.shape[:2]
    frames = []
    for phase in np.linspace(0, 2 * np.pi, count, endpoint=False):
        scale = 0.95 + 0.05 * np.cos(phase)
        width, height = round(WIDTH * scale), round(HEIGHT * scale)
        x = round((columns - width) * (0.5 + 0.4 * np.sin(phase)))
        y = round((rows - height) * (0.5 + 0.1 * np.sin(2 * phase)))
        frames.append(cv2.resize(image[y : y + height, x : x + width], (WIDTH, HEIGHT)))
    return frames


def video(folder: Path, frames: list[np.ndarray], rate: float) -> Path:
    """Write the frames as a video."""
    path = folder / 'camera.avi'
    writer = cv2.VideoWriter(
        str(path), cv2.VideoWriter.fourcc(*'MJPG'), rate, (frames[0].shape[1], frames[0].shape[0])
    )
    for frame in frames:
        writer.write(frame)
    writer.release()
    return path


def yolov8n(folder: Path, frames: list[np.ndarray]) -> tuple[Path, Path]:
    """Make the model; return it in Ultralytics' format and exported to OpenVINO for 640x480."""
    os.environ['YOLO_OFFLINE'] = 'true'
    os.environ['YOLO_AUTOINSTALL'] = 'false'
    os.environ['YOLO_CONFIG_DIR'] = str(folder)
    cores, threads = os.sched_getaffinity(0), os.environ.get('OMP_NUM_THREADS')
    import torch
    import yaml
    from ultralytics.models import YOLO

    torch.manual_seed(0)
    model = YOLO('yolov8n.yaml', verbose=False)
    names = yaml.safe_load((_ultralytics() / 'cfg' / 'datasets' / 'coco.yaml').read_text())['names']
    model.model.names = {int(number): str(name) for number, name in names.items()}
    _see_much(model.model, frames[:: len(frames) // 8])
    path = folder / 'yolov8n.pt'
    model.save(str(path))
    exported = YOLO(str(path)).export(format='openvino', imgsz=(HEIGHT, WIDTH), verbose=False)
    # Each process that this one starts would be bound to one core by OpenVINO, which ran here, and
    # told by Ultralytics to take one thread.
    os.sched_setaffinity(0, cores)
    if threads is None:
        os.environ.pop('OMP_NUM_THREADS', None)
    else:
        os.environ['OMP_NUM_THREADS'] = threads
    return path, Path(exported)


def torchscript(model: Path) -> Path:
    """Export a model to TorchScript for 640x480, which runs in torch."""
    from ultralytics.models import YOLO

    return Path(YOLO(str(model)).export(format='torchscript', imgsz=(HEIGHT, WIDTH), verbose=False))


def _see_much(network: Any, frames: list[np.ndarray]) -> None:
    """Scale the scores of the head so that so many boxes of these frames are sure and unsure."""
    import torch

    blobs = torch.from_numpy(cv2.dnn.blobFromImages(frames, scalefactor=1 / 255, swapRB=True))
    norms = [layer for layer in network.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    usual = norms[0].momentum
    last = [branch[-1] for branch in network.model[-1].cv3]
    scores: list[Any] = []
    with torch.no_grad():
        for layer in norms:
            layer.momentum = 1.0
        network.train()(blobs)
        for layer in norms:
            layer.momentum = usual
        hooks = [
            layer.register_forward_hook(lambda _, __, output: scores.append(output.flatten(2)))
            for layer in last
        ]
        network.eval()(blobs)
        for hook in hooks:
            hook.remove()
        best = torch.cat(scores, 2).max(dim=1).values.flatten().sort(descending=True).values
        sure, unsure = (float(best[count * len(frames)]) for count in (_SURE_BOXES, _UNSURE_BOXES))
        factor = (_logit(_SURE) - _logit(_UNSURE)) / (sure - unsure)
        for layer in last:
            layer.weight *= factor
            layer.bias *= factor
            layer.bias += _logit(_SURE) - factor * sure


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _ultralytics() -> Path:
    # Found without importing the package, which would bring torch into the process.
    spec = importlib.util.find_spec('ultralytics')
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit('Ultralytics is missing: pip install ultralytics-opencv-headless')
    return Path(spec.submodule_search_locations[0])
