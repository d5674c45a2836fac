# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Boxes that neither jitter at rest nor lag in motion."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


class BoxFilter:
    """The 1 Euro filter of Casiez, Roussel and Vogel (CHI 2012) on the edges of boxes.

    A low-pass whose cut-off rises with speed, for all boxes of an image together: most of the cost
    is in calls.
    """

    def __init__(self) -> None:
        self._time = 0.0
        self._rows: dict[int, int] = {}
        self._edges = np.empty((0, 4))
        self._speeds = np.empty((0, 4))

    def update(
        self,
        ids: Sequence[int],
        boxes: np.ndarray,
        time: float,
        *,
        steady: float,
        agility: float,
    ) -> np.ndarray:
        """Return the smoothed edges (n, 4) of the boxes (n, 4) of an image at a time in seconds.

        The state of ids that are not among them is forgotten.

        Args:
            steady: cut-off at rest, Hz.
            agility: how much the cut-off rises with the speed in heights a second.
        """
        elapsed, self._time = time - self._time, time
        before = [self._rows.get(id, -1) for id in ids]
        self._rows = {id: row for row, id in enumerate(ids)}
        edges, speeds = boxes.astype(np.float64), np.zeros((len(ids), 4))
        known = np.array([row >= 0 for row in before], bool)
        if elapsed > 0 and known.any():
            rows = [row for row in before if row >= 0]
            edges[known], speeds[known] = self._advance(
                rows, edges[known], elapsed, steady, agility
            )
        self._edges, self._speeds = edges, speeds
        return edges

    def reset(self) -> None:
        """Forget the past."""
        self._rows = {}

    def _advance(
        self, rows: list[int], boxes: np.ndarray, elapsed: float, steady: float, agility: float
    ) -> tuple[np.ndarray, np.ndarray]:
        edges, speeds = self._edges[rows], self._speeds[rows]
        moves = boxes - edges
        part = _weight(np.ones(1), elapsed)
        speeds = (1.0 - part) * speeds + part / elapsed * moves
        heights = np.maximum(boxes[:, 3] - boxes[:, 1], 1.0)
        fastest = np.abs(speeds).max(axis=1)
        part = _weight(steady + agility * fastest / heights, elapsed)
        return edges + part[:, None] * moves, speeds


def _weight(cutoff: np.ndarray, elapsed: float) -> np.ndarray:
    """Return the weight of a new value in a low-pass of that cut-off in Hz after a time in s."""
    rate = 2 * math.pi * cutoff * elapsed
    return rate / (rate + 1)
