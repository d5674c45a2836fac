# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Scenes made by hand, with what a person would say of them."""

from __future__ import annotations

from assist_vision.pipeline import build_scene
from assist_vision.scene import Scene, SceneObject


def thing(id: str, label: str, *box: float) -> SceneObject:
    return SceneObject(id, label, 0.9, (box[0], box[1], box[2], box[3]))


DESK = (
    thing('1', 'cup', 100, 300, 150, 360),
    thing('2', 'laptop', 300, 250, 500, 380),
    thing('3', 'dining table', 0, 330, 640, 480),
)
STREET = (
    thing('1', 'person', 217, 394, 349, 889),
    thing('2', 'person', 33, 384, 218, 909),
    thing('3', 'person', 686, 345, 810, 880),
    thing('4', 'bus', 10, 230, 800, 740),
)
KITCHEN = (
    thing('1', 'banana', 120, 120, 160, 150),
    thing('2', 'bowl', 100, 110, 180, 170),
    thing('3', 'refrigerator', 50, 50, 300, 400),
)
COUCH = (thing('1', 'cat', 200, 200, 300, 280), thing('2', 'couch', 50, 180, 500, 400))
RIDER = (thing('1', 'person', 250, 60, 350, 280), thing('2', 'horse', 180, 180, 450, 420))
PASSENGER = (thing('1', 'person', 300, 150, 350, 220), thing('2', 'bus', 50, 80, 600, 420))
DINER = (thing('1', 'person', 200, 50, 320, 320), thing('2', 'dining table', 50, 250, 600, 470))
COUPLE = (thing('1', 'person', 100, 50, 200, 400), thing('2', 'person', 210, 60, 310, 400))
SUIT = (thing('1', 'person', 300, 40, 560, 480), thing('2', 'tie', 400, 160, 430, 300))
SHELF = (thing('1', 'clock', 100, 20, 160, 80), thing('2', 'book', 100, 200, 160, 280))
FAR_APART = (thing('1', 'cup', 5, 5, 15, 15), thing('2', 'mouse', 620, 460, 635, 475))
ODD = (thing('1', 'widget', 200, 100, 260, 200), thing('2', 'gadget', 150, 200, 320, 300))


def scene(*objects: SceneObject) -> Scene:
    return build_scene(objects, 640, 480)
