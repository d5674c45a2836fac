# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Depth of scenes whose geometry is known: boxes on a table, seen by a camera on a robot.

The robot's base is x forward, y left, z up (REP-103), the camera's frame x right, y down, z
forward.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from assist_vision.depth import DepthView, Pinhole, Sight, Transform
from assist_vision.image import DepthImage
from assist_vision.scene import Box, SceneObject

Triple = tuple[float, float, float]

CAMERA = Pinhole(width=640, height=480, fx=525.0, fy=525.0, cx=319.5, cy=239.5)


@dataclass(frozen=True)
class Block:
    """A box with its edges along the axes of the robot's base, m."""

    label: str
    low: Triple
    high: Triple


@dataclass(frozen=True)
class World:
    """Blocks on a floor, seen from a height and a tilt downwards (radians), turned to the left."""

    blocks: tuple[Block, ...]
    height: float = 1.2
    tilt: float = 0.45
    turn: float = 0.0
    camera: Pinhole = field(default=CAMERA)

    @property
    def transform(self) -> Transform:
        """The way from the camera to the base."""
        axes = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
        tilt, turn = self.tilt, self.turn
        down = np.array(
            [[np.cos(tilt), 0, np.sin(tilt)], [0, 1, 0], [-np.sin(tilt), 0, np.cos(tilt)]]
        )
        left = np.array(
            [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]
        )
        return Transform('base_link', left @ down @ axes, np.array([0.0, 0.0, self.height]))

    def render(self) -> tuple[np.ndarray, list[Box], np.ndarray]:
        """Return depth in m (nan: sky), the box of each block, and the number of the block seen.

        The number is -1 for the floor, and -2 for the sky.
        """
        return _render(self)

    def sight(self, depth: np.ndarray | None = None) -> Sight:
        """Return the depth of this world, or another, as the engine takes it."""
        if depth is None:
            depth = self.render()[0]
        view = DepthView(DepthImage(depth, 1.0), self.camera, self.camera.width, self.camera.height)
        return Sight(view, self.transform, in_base=True)

    def objects(self) -> list[SceneObject]:
        """Return what a detector would find."""
        boxes = self.render()[1]
        return [
            SceneObject(str(number), block.label, 0.9, box)
            for number, (block, box) in enumerate(zip(self.blocks, boxes, strict=True), start=1)
        ]

    def visible_middle(self, number: int) -> np.ndarray:
        """Return the middle of the extent of what is seen of a block, in the base."""
        depth, _, seen = self.render()
        camera, transform = self.camera, self.transform
        rays = camera.rays(np.arange(camera.width), np.arange(camera.height))
        mask = seen == number
        z = depth[mask]
        points = transform.apply(np.column_stack([rays[mask] * z[:, None], z]))
        return (points.min(axis=0) + points.max(axis=0)) / 2


@cache
def _render(world: World) -> tuple[np.ndarray, list[Box], np.ndarray]:
    camera, transform = world.camera, world.transform
    rays = camera.rays(np.arange(camera.width), np.arange(camera.height))
    aims = np.concatenate([rays, np.ones((*rays.shape[:2], 1))], axis=2)
    aims = aims @ transform.rotation.T
    depth = np.where(aims[..., 2] < -1e-9, -world.height / aims[..., 2], np.inf)
    seen = np.where(np.isfinite(depth), -1, -2)
    alone = []
    for number, block in enumerate(world.blocks):
        hit = _hit(transform.shift, aims, np.array(block.low), np.array(block.high))
        alone.append(np.isfinite(hit))
        nearer = hit < depth
        depth, seen = np.where(nearer, hit, depth), np.where(nearer, number, seen)
    boxes = [_box(mask) for mask in alone]
    return np.where(np.isfinite(depth), depth, np.nan), boxes, seen


def noisy(depth: np.ndarray, seed: int) -> np.ndarray:
    """Return depth as a structured-light camera gives it.

    Noise that grows with the square of the distance (Khoshelham and Elberink 2012), whole
    millimetres, holes, and mixed pixels at edges.
    """
    random = np.random.default_rng(seed)
    worn = depth + random.normal(0, 1, depth.shape) * 0.0015 * depth**2
    beside = np.roll(worn, 1, axis=1)
    edge = np.abs(worn - beside) > 0.05
    worn = np.where(edge, (worn + beside) / 2, worn)
    holes = random.uniform(size=depth.shape) < 0.1
    return np.where(holes, np.nan, np.round(worn, 3))


def _hit(eye: np.ndarray, aims: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the depth at which each ray enters a box (slab method), infinite where it misses."""
    with np.errstate(divide='ignore', invalid='ignore'):
        first, second = (low - eye) / aims, (high - eye) / aims
    enter = np.minimum(first, second).max(axis=-1)
    leave = np.maximum(first, second).min(axis=-1)
    return np.where((enter <= leave) & (enter > 0), enter, np.inf)


def _box(mask: np.ndarray) -> Box:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))


TABLE = World(
    (
        Block('cup', (0.95, 0.25, 0.7), (1.03, 0.33, 0.8)),
        Block('laptop', (1.05, -0.18, 0.7), (1.10, 0.14, 0.92)),
        Block('bottle', (1.25, -0.35, 0.7), (1.32, -0.28, 0.98)),
        Block('dining table', (0.8, -0.6, 0.66), (1.6, 0.6, 0.7)),
    )
)
