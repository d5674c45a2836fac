# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The plain data that the engines of this package exchange."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels; x grows to the right, y downwards."""


Point = tuple[float, float, float]
"""x, y, z in metres."""

VIEWER = 'viewer'
"""Relations as in the image: left is left in it, and what is nearer to the camera is in front."""
ROBOT = 'robot'
"""Relations as the robot has them: left is +y of its base, nearer is less x (REP-103)."""


@dataclass(frozen=True)
class Place:
    """Where the visible part of a thing is: its middle, and its extent along each axis, m."""

    position: Point
    size: Point


@dataclass(frozen=True)
class Detection:
    """What the model found in one image."""

    label: str
    confidence: float
    box: Box


@dataclass(frozen=True)
class SceneObject:
    """A thing that stays itself from one image to the next."""

    id: str
    label: str
    confidence: float
    box: Box
    attributes: tuple[str, ...] = ()
    """What is seen beyond the class, such as red."""
    view: Place | None = None
    """In the camera's optical frame: x to the right, y down, z forward (REP-103)."""
    place: Place | None = None
    """In the frame that the scene names; None without depth."""


@dataclass(frozen=True)
class Relation:
    """How the subject lies to the object, both given by their ids."""

    subject: str
    predicate: str
    object: str
    confidence: float


@dataclass(frozen=True)
class Scene:
    """All objects in front of the camera and the relations worth a word."""

    width: int
    height: int
    objects: tuple[SceneObject, ...] = ()
    relations: tuple[Relation, ...] = ()
    position_frame: str = ''
    """Frame of the places; empty without depth."""
    relation_frame: str = VIEWER


def area(box: Box) -> float:
    """Return the area of a box in square pixels."""
    return (box[2] - box[0]) * (box[3] - box[1])
