# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""How objects lie to each other in space, for those whose places are known.

The frame has the axes forward, left and up (REP-103): those of the robot's base, or, for the
viewer, of the camera. The words of the rules:

extent: of an object along an axis, m. A camera sees the front of a thing only, so that a
horizontal extent below a third of the largest is taken as a third.
gap: empty space between two objects along an axis, 0 where they overlap.
shared: overlap along an axis, in parts of the smaller extent.
size: the largest extent; the scale of a pair is the geometric mean of both sizes.

What is in front of a thing is between it and who looks: nearer, as people say it of things that
have no front of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from assist_vision import ramps
from assist_vision.ramps import Matrix
from assist_vision.scene import ROBOT, VIEWER, Place, SceneObject

_THINNEST = 1 / 3
_SMALLEST = 0.01
"""Metres; what is smaller is measured no better."""


class Solids:
    """The geometry of all pairs of objects; it means nothing for one that is not located.

    What only pairs need is computed when it is asked for: mostly nothing is located.
    """

    def __init__(self, objects: Sequence[SceneObject], frame: str) -> None:
        self.known, middle, extent = _stack(
            [each.place if frame == ROBOT else each.view for each in objects], frame
        )
        extent = np.maximum(np.abs(extent), _SMALLEST)
        size = extent.max(axis=1)
        extent[:, :2] = np.maximum(extent[:, :2], _THINNEST * size[:, None])
        self.middle = middle
        self.extent = extent
        self._size = size
        self.both = np.outer(self.known, self.known)
        """Whether both of a pair are located."""
        self.others = self.both * (1.0 - np.eye(len(objects)))
        """1 for two different objects that are both located, else 0."""
        self.viewed, position, size = _stack([each.view for each in objects], VIEWER)
        self.depth = position[:, 0]
        """How far the middle is from the camera, m."""
        self.front = self.depth - np.abs(size[:, 0]) / 2
        """How far the nearest part is from the camera, m."""

    @cached_property
    def scale(self) -> Matrix:
        """The scale of each pair."""
        return np.sqrt(np.outer(self._size, self._size))

    @cached_property
    def gap(self) -> list[Matrix]:
        """The gap of each pair, axis by axis."""
        return [gap for _, gap in self._spans]

    @cached_property
    def shared(self) -> list[Matrix]:
        """What each pair shares, axis by axis."""
        return [
            overlap / np.minimum.outer(self.extent[:, axis], self.extent[:, axis])
            for axis, (overlap, _) in enumerate(self._spans)
        ]

    @cached_property
    def distance(self) -> Matrix:
        """The distance of each pair, m."""
        return np.sqrt(sum(gap**2 for gap in self.gap))

    @cached_property
    def _spans(self) -> list[tuple[Matrix, Matrix]]:
        return [ramps.along(low, high) for low, high in _edges(self.middle, self.extent)]


def left_of(solids: Solids) -> Matrix:
    """Middle further left, and at most half of the smaller extent shared.

    Falls to 0.4 when i lies rather above, below, before or behind than beside.
    """
    return _directed(solids, 1, towards=1.0)


def above(solids: Solids) -> Matrix:
    """Middle further up; else as left_of."""
    return _directed(solids, 2, towards=1.0)


def in_front_of(solids: Solids) -> Matrix:
    """Middle less far forward: nearer to who looks; else as left_of."""
    return _directed(solids, 0, towards=-1.0)


def near(solids: Solids) -> Matrix:
    """The distance in space is small: 1 at contact, 0.5 at 0.75 and 0 at 1.5 scales."""
    return ramps.fall(solids.distance / solids.scale, 0.0, 1.5) * solids.others


def next_to(solids: Solids) -> Matrix:
    """Side by side: half of the smaller height shared, little ground shared, a small gap.

    0.5 at a gap of 0.75 mean widths. Falls to 0.2 when one is in front of the other rather than
    beside it, and when one is three to eight times as high as the other.
    """
    forward, left, up = range(3)
    heights = solids.extent[:, up]
    ratio = np.maximum.outer(heights, heights) / np.minimum.outer(heights, heights)
    apart = ramps.fall(solids.shared[forward] * solids.shared[left], 0.2, 0.6)
    ahead, aside = solids.gap[forward] ** 2, solids.gap[left] ** 2
    beside = np.where(ahead + aside > 0, aside / np.maximum(ahead + aside, 1e-12), 1.0)
    widths = solids.extent[:, left]
    gap = np.hypot(solids.gap[forward], solids.gap[left]) / (np.add.outer(widths, widths) / 2)
    return (
        ramps.rise(solids.shared[up], 0.1, 0.5)
        * apart
        * (0.2 + 0.8 * beside)
        * ramps.fall(gap, 0.0, 1.5)
        * ramps.fall(ratio, 3.0, 8.0)
        * solids.others
    )


def touching(solids: Solids) -> Matrix:
    """Whether they can touch: the distance is at most 0.2 scales, and 0 from 0.6 scales.

    1 where a place is unknown: then the picture decides.
    """
    if not solids.known.any():
        return np.ones_like(solids.others)
    return np.where(solids.both, ramps.fall(solids.distance / solids.scale, 0.2, 0.6), 1.0)


def not_before(solids: Solids) -> Matrix:
    """Whether i can be in or on j: its middle is no nearer to the camera than the front of j.

    0 from a fifth of a scale before it. 1 where a place is unknown.
    """
    if not solids.viewed.any():
        return np.ones_like(solids.others)
    both = np.outer(solids.viewed, solids.viewed)
    beyond = np.subtract.outer(solids.depth, solids.front) / solids.scale
    return np.where(both, ramps.rise(beyond, -0.2, -0.05), 1.0)


def _directed(solids: Solids, axis: int, *, towards: float) -> Matrix:
    middle = towards * solids.middle[:, axis]
    order = np.greater.outer(middle, middle)
    across = solids.distance**2 - solids.gap[axis] ** 2
    return (
        ramps.directed(order, solids.shared[axis], solids.gap[axis], np.sqrt(np.maximum(across, 0)))
        * solids.others
    )


def _stack(places: Sequence[Place | None], frame: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return who has a place, and the positions and sizes, (N, 3): forward, left and up.

    The signs of a size mean nothing.
    """
    known = np.array([place is not None for place in places], dtype=bool)
    nowhere = (0.0, 0.0, 0.0)
    positions, sizes = (
        np.array([getattr(place, name) if place else nowhere for place in places]).reshape(-1, 3)
        for name in ('position', 'size')
    )
    if frame == ROBOT:
        return known, positions, sizes
    x, y, z = positions.T
    return known, np.column_stack([z, -x, -y]), sizes[:, [2, 0, 1]]


def _edges(middle: np.ndarray, extent: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    return [
        (middle[:, axis] - extent[:, axis] / 2, middle[:, axis] + extent[:, axis] / 2)
        for axis in range(3)
    ]
