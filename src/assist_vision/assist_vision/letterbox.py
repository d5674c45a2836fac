# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Fit an image into the input of a network and bring boxes back."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

_GREY = 114
"""The border that Ultralytics pads with, in training too."""


@dataclass(frozen=True)
class Letterbox:
    """How an image lies in the input of the network: scaled, then shifted, never stretched."""

    scale: float
    left: int
    top: int
    width: int
    height: int

    def to_image(self, boxes: np.ndarray) -> np.ndarray:
        """Return (N, 4) boxes of the network in pixels of the image, cut at its border."""
        moved = (boxes - np.array([self.left, self.top] * 2)) / self.scale
        return np.clip(moved, 0, np.array([self.width, self.height] * 2))


def input_size(columns: int, rows: int, longest: int, stride: int) -> tuple[int, int]:
    """Return the width and height of the smallest input that an image fits into, scaled.

    Args:
        longest: its longer side, pixels.
        stride: both sides are multiples of it, as the network needs them.
    """
    scale = longest / max(columns, rows)
    width, height = (-(-round(side * scale) // stride) * stride for side in (columns, rows))
    return max(stride, width), max(stride, height)


def fit(
    image: np.ndarray, width: int, height: int, canvas: np.ndarray | None = None
) -> tuple[np.ndarray, Letterbox]:
    """Return the picture (height, width, 3) for the network, and how the image lies in it.

    An image that fits as it is comes back as it is.

    Args:
        canvas: a picture of that size to draw on, instead of a new one.
    """
    rows, columns = image.shape[:2]
    scale = min(width / columns, height / rows)
    inner = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    lie = Letterbox(scale, left, top, columns, rows)
    if (columns, rows) == (width, height):
        return image, lie
    picture = np.empty((height, width, 3), np.uint8) if canvas is None else canvas
    if inner != (width, height):
        picture[:] = _GREY
    inside = picture[top : top + inner[1], left : left + inner[0]]
    if inner == (columns, rows):
        inside[:] = image
    else:
        cv2.resize(image, inner, dst=inside, interpolation=cv2.INTER_LINEAR)
    return picture, lie


def to_blob(picture: np.ndarray) -> np.ndarray:
    """Return a BGR picture as the input (1, 3, height, width), float32 RGB from 0 to 1."""
    return cv2.dnn.blobFromImage(picture, scalefactor=1 / 255, swapRB=True)
