# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Real models for OpenVINO whose answer a test chooses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openvino
from openvino import opset13 as ops


def exported(
    folder: Path, output: np.ndarray, names: dict[int, str], task: str = 'detect', size: int = 32
) -> str:
    """Write an OpenVINO model that answers every image with the same output."""
    image = ops.parameter([1, 3, size, size], dtype=np.float32, name='images')
    nothing = ops.multiply(ops.reduce_sum(image, [0, 1, 2, 3], keep_dims=False), np.float32(0))
    answer = ops.add(ops.constant(output.astype(np.float32)), nothing)
    folder.mkdir(exist_ok=True)
    openvino.save_model(openvino.Model([answer], [image]), folder / 'model.xml')
    (folder / 'metadata.yaml').write_text(
        f'task: {task}\nimgsz: [{size}, {size}]\nnames: {names}\n'
    )
    return str(folder)
