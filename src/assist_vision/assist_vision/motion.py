# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Where boxes are expected: a Kalman filter for each, all of an image computed together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_POSITION_NOISE = 1 / 20  # of the box height: standard deviation of a measurement (SORT, DeepSORT)
_VELOCITY_NOISE = 30**1.5 / 160  # heights/s after 1 s: 1/160 a frame at 30 frames/s, there


class BoxMotion:
    """Centre, width and height of each box move with a constant velocity.

    The four of a box share one covariance (2, 2) of value and velocity, since all have the same
    noise. Rows are counted from 0 in the order in which boxes were added.
    """

    def __init__(self) -> None:
        self._states = np.empty((0, 2, 4))
        self._covariances = np.empty((0, 2, 2))

    @property
    def boxes(self) -> np.ndarray:
        """Return the estimated boxes (N, 4) as x0, y0, x1, y1 in pixels."""
        middles, halves = self._states[:, 0, :2], self._states[:, 0, 2:] / 2
        return np.concatenate([middles - halves, middles + halves], axis=1)

    def predict(self, elapsed: float) -> None:
        """Move all boxes on by a time in s."""
        noise = (_VELOCITY_NOISE * self._states[:, 0, 3]) ** 2
        move = np.array([[1.0, elapsed], [0.0, 1.0]])
        self._states = move @ self._states
        self._states[:, 0, 2:] = np.maximum(self._states[:, 0, 2:], 1.0)
        growth = np.array([[elapsed**3 / 3, elapsed**2 / 2], [elapsed**2 / 2, elapsed]])
        self._covariances = move @ self._covariances @ move.T + growth * noise[:, None, None]

    def correct(self, rows: Sequence[int], boxes: np.ndarray) -> None:
        """Take measured boxes (M, 4) for M different rows."""
        measured = _measurements(boxes)
        states, covariances = self._states[rows], self._covariances[rows]
        noise = (_POSITION_NOISE * measured[:, 3]) ** 2
        gains = covariances[:, 0] / (covariances[:, :1, 0] + noise[:, None])
        states += gains[:, :, None] * (measured - states[:, 0])[:, None, :]
        covariances -= gains[:, :, None] * covariances[:, :1]
        self._states[rows], self._covariances[rows] = states, covariances

    def keep(self, rows: Sequence[int]) -> None:
        """Forget all rows but these, which are counted anew."""
        self._states, self._covariances = self._states[rows], self._covariances[rows]

    def add(self, boxes: np.ndarray) -> None:
        """Add measured boxes (M, 4) that nothing is known of yet, as the last rows."""
        measured = _measurements(boxes)
        states = np.stack([measured, np.zeros_like(measured)], axis=1)
        heights = measured[:, 3]
        covariances = np.zeros((len(boxes), 2, 2))
        covariances[:, 0, 0] = (2 * _POSITION_NOISE * heights) ** 2
        covariances[:, 1, 1] = (2 * heights) ** 2
        self._states = np.concatenate([self._states, states])
        self._covariances = np.concatenate([self._covariances, covariances])


def _measurements(boxes: np.ndarray) -> np.ndarray:
    low, high = boxes[:, :2], boxes[:, 2:]
    return np.concatenate([(low + high) / 2, high - low], axis=1)
