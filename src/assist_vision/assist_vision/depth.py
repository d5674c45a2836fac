# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Where things are, from a depth image that is aligned with the colour image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from assist_common.errors import InputError

from assist_vision.image import DepthImage
from assist_vision.sampling import towards_middle
from assist_vision.scene import Box, Place, SceneObject, area

_GRID = 40
"""At most so many rows and columns of a box are looked at."""
_FEWEST = 12
"""Pixels with a distance that a place needs."""
_LEAST_PART = 0.05
"""Part of the box that must have a distance."""
_STEP = np.log(1.03)
"""Width of a bin of distances: 3 %, about the noise of stereo cameras at 3 m."""
_EMPTY = 0.005
"""Part of the weight below which a bin counts as a gap: the mixed pixels at edges."""
_OWN_PART = 0.2
"""Part of the box that other things must leave for it to be looked at without them."""
_ALIKE = 4.0
"""Times the area of a box up to which another is a thing that may hide a part of it."""
_RIVAL = 1 / 3
"""Part of the heaviest cluster's weight from which a nearer one is the object."""
_FLANK = 1 / 50
"""Part of the tallest bin down to which its neighbours belong to the object."""
_TRIMMED = 0.02
"""Part of the points left out at either end of an axis."""


_BLIND = 0.5
"""Seconds for which an object that is seen keeps its place without depth."""


@dataclass(frozen=True)
class Pinhole:
    """How a camera maps directions to pixels, with the distortion that its images have."""

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    model: str = ''
    distortion: tuple[float, ...] = ()

    def scaled(self, width: int, height: int) -> Pinhole:
        """Return the camera for its images in another size."""
        x, y = width / self.width, height / self.height
        # The centre of the first pixel is at 0, so that its edge is at -0.5.
        return replace(
            self,
            width=width,
            height=height,
            fx=self.fx * x,
            fy=self.fy * y,
            cx=(self.cx + 0.5) * x - 0.5,
            cy=(self.cy + 0.5) * y - 0.5,
        )

    def rays(self, columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return (rows, columns, 2): x/z and y/z of the directions that a grid of pixels sees."""
        x, y = np.meshgrid(columns.astype(float), rows.astype(float))
        if not any(self.distortion):
            return np.stack([(x - self.cx) / self.fx, (y - self.cy) / self.fy], axis=-1)
        pixels = np.stack([x.ravel(), y.ravel()], axis=-1)[:, None]
        matrix = np.array([[self.fx, 0, self.cx], [0, self.fy, self.cy], [0, 0, 1.0]])
        given = np.array(self.distortion)
        fisheye = self.model == 'equidistant'
        undistort = cv2.fisheye.undistortPoints if fisheye else cv2.undistortPoints
        return undistort(pixels, matrix, given).reshape(*x.shape, 2)

    @property
    def view(self) -> float:
        """Return half of the width of what it sees one metre away, without the distortion."""
        return self.width / (2 * self.fx)


@dataclass(frozen=True)
class Transform:
    """What takes points of the camera's optical frame to another frame."""

    frame: str
    rotation: np.ndarray
    """(3, 3)"""
    shift: np.ndarray
    """(3,), m"""

    def apply(self, points: np.ndarray) -> np.ndarray:
        """Return (N, 3) points in the other frame."""
        return points @ self.rotation.T + self.shift


class DepthView:
    """A depth image that shows what a colour image of some size shows.

    Depth of another size is scaled when its aspect is that of the colour image and camera_info
    describes one of the two; then both show the same.
    """

    def __init__(self, depth: DepthImage, camera: Pinhole, width: int, height: int) -> None:
        self._depth = depth
        described = (camera.width, camera.height)
        if described not in ((width, height), depth.size):
            raise InputError(
                f'the camera_info is for {described[0]}x{described[1]} pixels but the image has '
                f'{width}x{height}',
                'remap camera_info to that of the colour camera',
            )
        for size in (depth.size, described):
            # Half a pixel of rounding is the same aspect.
            if abs(size[0] * height - size[1] * width) > 0.5 * max(size[0], width):
                raise InputError(
                    f'{size[0]}x{size[1]} pixels of depth do not show what {width}x{height} of '
                    'colour show',
                    'align depth to colour in the camera driver',
                )
        self._camera = camera.scaled(*depth.size)
        self._scale = (depth.size[0] / width, depth.size[1] / height)

    def points(self, box: Box, *others: Sequence[Box]) -> np.ndarray | None:
        """Return (N, 3) points of the thing in a box, m, in the optical frame, or None.

        `others` are lists of boxes of other things: what the first list covers is left out, or, if
        little remains, what the next one does.

        A box holds the thing, what is behind it and sometimes what hides a part of it, and a
        plain median over it may lie between them. So the distances are put into bins of equal
        ratio, weighted towards the middle of the box. The nearest cluster that is not much lighter
        than the heaviest is the thing: the background is behind it, also where it shows through
        holes, and what hides less than a quarter is too light. Of the cluster the tallest bin
        counts and those about it down to a fiftieth: the top and the sides of the thing, and
        hardly the table that it stands on, which shows in the corners of the box.
        """
        rows, columns = (
            _samples(box[axis], box[axis + 2], self._scale[axis], self._depth.size[axis])
            for axis in (1, 0)
        )
        if not len(rows) or not len(columns):
            return None
        distances = self._depth.metres(rows, columns)
        valid = np.isfinite(distances)
        for boxes in others:
            own = valid & ~self._covered(rows, columns, boxes)
            if np.count_nonzero(own) >= max(_FEWEST, _OWN_PART * valid.size):
                valid = own
                break
        if np.count_nonzero(valid) < max(_FEWEST, _LEAST_PART * valid.size):
            return None
        weights = np.outer(towards_middle(len(rows)), towards_middle(len(columns)))
        chosen = _is_thing(distances[valid], weights[valid])
        rays = self._camera.rays(columns, rows)[valid][chosen]
        z = distances[valid][chosen]
        return np.column_stack([rays * z[:, None], z])

    def _covered(self, rows: np.ndarray, columns: np.ndarray, boxes: Sequence[Box]) -> np.ndarray:
        covered = np.zeros((len(rows), len(columns)), dtype=bool)
        x, y = columns / self._scale[0], rows / self._scale[1]
        for x0, y0, x1, y1 in boxes:
            covered |= np.outer((y >= y0) & (y < y1), (x >= x0) & (x < x1))
        return covered


@dataclass(frozen=True)
class Sight:
    """The depth of one image, and the way from the camera to the frame of the places."""

    view: DepthView
    transform: Transform
    in_base: bool
    """Whether that frame is the robot's base; else it is the camera's optical frame."""


@dataclass(frozen=True)
class _Known:
    time: float
    frame: str
    view: Place
    place: Place


class Locator:
    """Gives objects their places, and remembers those of objects that are hidden for a while."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def locate(
        self,
        objects: Sequence[SceneObject],
        seen: set[str],
        sight: Sight,
        time: float = 0.0,
    ) -> list[SceneObject]:
        """Return the objects with their places, of those that this image shows (`seen`) new ones.

        A place in another frame than that of now is forgotten, and so is that of an object which
        is seen, but without depth, for half a second: it may have moved.

        Args:
            time: of the image in s.
        """
        transform = sight.transform
        located = []
        for each in objects:
            points = None
            if each.id in seen:
                # A table is not among those: the cup on it is within its box.
                others = [other.box for other in objects if other is not each]
                alike, smaller = (
                    [box for box in others if area(box) < limit]
                    for limit in (_ALIKE * area(each.box), area(each.box))
                )
                points = sight.view.points(each.box, alike, smaller)
            if points is not None:
                places = (to_place(points), to_place(transform.apply(points)))
                self._known[each.id] = _Known(time, transform.frame, *places)
            known = self._known.get(each.id)
            if known and each.id in seen and time - known.time > _BLIND:
                del self._known[each.id]
            elif known and known.frame == transform.frame:
                each = replace(each, view=known.view, place=known.place)
            located.append(each)
        ids = {each.id for each in objects}
        self._known = {id: known for id, known in self._known.items() if id in ids}
        return located

    def reset(self) -> None:
        """Forget all places."""
        self._known = {}


def to_place(points: np.ndarray) -> Place:
    """Return the middle and the extent of (N, 3) points along each axis, without stray ones."""
    last = len(points) - 1
    trimmed = round(last * _TRIMMED)
    ordered = np.partition(points, [trimmed, last - trimmed], axis=0)
    low, high = ordered[trimmed], ordered[last - trimmed]
    x, y, z = ((low + high) / 2).tolist()
    width, depth, height = (high - low).tolist()
    return Place((x, y, z), (width, depth, height))


def _samples(low: float, high: float, scale: float, size: int) -> np.ndarray:
    """Return the pixels of an axis to look at, in the scale of the depth image."""
    first = max(0, int(np.ceil(low * scale)))
    last = min(size, int(np.floor(high * scale)))
    count = last - first
    if count <= 0:
        return np.empty(0, dtype=int)
    if count <= _GRID:
        return np.arange(first, last)
    return np.linspace(first, last - 1, _GRID).astype(int)


def _is_thing(distances: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return which of the distances belong to the thing."""
    logs = np.log(distances)
    bins = ((logs - logs.min()) / _STEP).astype(int)
    heights = np.bincount(bins, weights)
    full = heights >= _EMPTY * heights.sum()
    # A cluster is a run of full bins; edges are where fullness changes.
    edges = np.flatnonzero(np.diff(np.concatenate([[False], full, [False]])))
    runs = edges.reshape(-1, 2)
    if not len(runs):
        first, last = 0, len(heights)
    else:
        masses = [heights[begin:end].sum() for begin, end in runs]
        nearest = next(i for i, mass in enumerate(masses) if mass >= _RIVAL * max(masses))
        first, last = runs[nearest]
    top = first + int(heights[first:last].argmax())
    floor = _FLANK * heights[top]
    begin = end = top
    while begin > first and heights[begin - 1] >= floor:
        begin -= 1
    while end + 1 < last and heights[end + 1] >= floor:
        end += 1
    return (bins >= begin) & (bins <= end)
