# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The fuzzy measures that the rules of relations are products of."""

from __future__ import annotations

import numpy as np

Matrix = np.ndarray
"""(N, N): how much object i has the relation to object j."""


def rise(value: np.ndarray, low: float | np.ndarray, high: float | np.ndarray) -> np.ndarray:
    """Return 0 up to low, 1 from high."""
    # np.clip costs twice as much on matrices of this size.
    scaled = np.asarray((value - low) / (high - low))
    np.maximum(scaled, 0.0, out=scaled)
    return np.minimum(scaled, 1.0, out=scaled)


def fall(value: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return 1 up to low, 0 from high."""
    return 1.0 - rise(value, low, high)


def along(low: np.ndarray, high: np.ndarray) -> tuple[Matrix, Matrix]:
    """Return the overlap and the gap of all pairs of spans on an axis."""
    signed = np.minimum.outer(high, high) - np.maximum.outer(low, low)
    return np.maximum(signed, 0.0), np.maximum(-signed, 0.0)


def directed(order: Matrix, shared: Matrix, gap: Matrix, side_gap: Matrix) -> Matrix:
    """Return how much i lies in a direction from j, of those that are in that `order`.

    Falls with the shared extent, and to 0.4 when the gap across is the larger: the cosine squared
    of the direction of the gap, as in fuzzy directional relations (Krishnapuram, Keller and Ma
    1993).
    """
    squares = gap**2 + side_gap**2
    aligned = np.where(squares > 0, gap**2 / np.maximum(squares, 1e-12), 1.0)
    return order * fall(shared, 0.0, 0.5) * (0.4 + 0.6 * aligned)
