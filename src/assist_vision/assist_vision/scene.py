# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The plain data that the engines of this package exchange."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels; x grows to the right, y downwards."""


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
