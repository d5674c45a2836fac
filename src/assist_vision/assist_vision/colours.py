# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The colour of a thing, as a person would name it; none when that is not sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from assist_vision import classes
from assist_vision.sampling import towards_middle
from assist_vision.scene import Box, SceneObject

NAMES = (
    'black', 'white', 'grey', 'red', 'orange', 'brown', 'yellow', 'green', 'blue', 'purple',
    'pink',
)  # fmt: skip
_UNNAMED = len(NAMES)
"""Beige, skin and light wood: for people a colour, but not one of these."""

UNCOLOURED = classes.PEOPLE
"""What they wear has a colour, and they are not named by it."""

_INNER = 0.7
"""Part of the width and the height of the box that is looked at: the rest is often background."""
_GRID = 16
_SURE = 0.45
"""Share of the votes that a colour needs."""
_AHEAD = 1.5
"""How much more than the next one it needs."""
_SMALLEST = 6
"""Pixels of a box below which its colour is mostly that of its surroundings."""
_MEMORY = 0.85
"""Weight of the past against one more image: about seven images count."""
_LIGHT = 6
"""Power of the mean that tells the colour of the light: between the mean (1) and the maximum."""
_BRIGHT = 230.0
"""Of the brightest things of a well exposed picture."""
_EXPOSURE = 1.25
"""A picture of dark things looks dim: not more than so is corrected."""
_CORRECTION = 1.5
"""A picture of one colour looks like coloured light: not more than so is corrected."""


class ColourNamer:
    """Names the colours of objects, steadily over the images of one camera."""

    def __init__(self) -> None:
        self._votes: dict[str, np.ndarray] = {}

    def name(
        self, objects: Sequence[SceneObject], seen: set[str], image: np.ndarray
    ) -> list[SceneObject]:
        """Return the objects with their colours; those not seen in this BGR image keep theirs."""
        light = light_of(image)
        named = []
        for each in objects:
            if each.label not in UNCOLOURED:
                if each.id in seen:
                    self._vote(each, image, light)
                colour = winner(self._votes.get(each.id))
                each = replace(each, attributes=(colour,) if colour else ())
            named.append(each)
        ids = {each.id for each in objects}
        self._votes = {id: votes for id, votes in self._votes.items() if id in ids}
        return named

    def reset(self) -> None:
        """Forget the past."""
        self._votes = {}

    def _vote(self, thing: SceneObject, image: np.ndarray, light: np.ndarray) -> None:
        shares = measure(image, thing.box, light)
        past = self._votes.get(thing.id, shares)
        if shares is not None and past is not None:
            self._votes[thing.id] = _MEMORY * past + (1 - _MEMORY) * shares


def name_once(objects: Sequence[SceneObject], image: np.ndarray) -> list[SceneObject]:
    """Return the objects of an image that has no past with their colours."""
    return ColourNamer().name(objects, {each.id for each in objects}, image)


def winner(shares: np.ndarray | None) -> str:
    """Return the name that has most of the shares and clearly more than the next, or nothing."""
    if shares is None:
        return ''
    second, first = np.argsort(shares)[-2:]
    sure = shares[first] >= _SURE and shares[first] >= _AHEAD * shares[second]
    return NAMES[first] if sure else ''


def light_of(image: np.ndarray) -> np.ndarray:
    """Return (3,): what to multiply blue, green and red by so that white looks white.

    Shades of grey (Finlayson and Trezzi 2004): the power mean of a picture is grey under white
    light. In a dim picture the brightest things are taken for nearly white.
    """
    rows = np.linspace(0, image.shape[0] - 1, 3 * _GRID).astype(int)
    columns = np.linspace(0, image.shape[1] - 1, 3 * _GRID).astype(int)
    pixels = image[np.ix_(rows, columns)].reshape(-1, 3).astype(np.float64)
    mean = np.maximum((pixels**_LIGHT).mean(axis=0) ** (1 / _LIGHT), 1.0)
    brightest = max(float(np.percentile(pixels.max(axis=1), 95)), 1.0)
    exposure = np.clip(_BRIGHT / brightest, 1.0, _EXPOSURE)
    return exposure * np.clip(mean.mean() / mean, 1 / _CORRECTION, _CORRECTION)


def measure(image: np.ndarray, box: Box, light: np.ndarray) -> np.ndarray | None:
    """Return the share of each of NAMES in a box of a BGR image; the middle counts most."""
    rows = _inner(box[1], box[3], image.shape[0])
    columns = _inner(box[0], box[2], image.shape[1])
    if len(rows) < _SMALLEST * _INNER or len(columns) < _SMALLEST * _INNER:
        return None
    pixels = np.clip(image[np.ix_(rows, columns)] * light, 0, 255).astype(np.uint8)
    hsv = cv2.cvtColor(pixels, cv2.COLOR_BGR2HSV).reshape(-1, 3)
    weights = np.outer(towards_middle(len(rows)), towards_middle(len(columns))).ravel()
    names = _TABLE[hsv[:, 0], hsv[:, 1] >> 3, hsv[:, 2] >> 3]
    return np.bincount(names, weights, len(NAMES) + 1)[:_UNNAMED] / weights.sum()


def _inner(low: float, high: float, size: int) -> np.ndarray:
    margin = (high - low) * (1 - _INNER) / 2
    first, last = max(0, round(low + margin)), min(size, round(high - margin))
    if last - first <= _GRID:
        return np.arange(first, max(first, last))
    return np.linspace(first, last - 1, _GRID).astype(int)


def _name_of(hue: np.ndarray, saturation: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Return the index in NAMES of colours in OpenCV's HSV (hue 0 to 179, the rest 0 to 255).

    Without much saturation or light a colour is black, grey or white. The borders of the hues were
    chosen by eye; brown is dark orange, and pink is light red or the hues towards purple.
    """
    borders = [(9, 'red'), (21, 'orange'), (34, 'yellow'), (86, 'green'), (130, 'blue'),
               (150, 'purple'), (170, 'pink'), (180, 'red')]  # fmt: skip
    names = np.full(hue.shape, NAMES.index('red'))
    for upper, name in reversed(borders):
        names[hue < upper] = NAMES.index(name)
    brownish = (hue < 21) & (value < 170) & (saturation < 235)
    names[(names == NAMES.index('orange')) & brownish] = NAMES.index('brown')
    names[(names == NAMES.index('red')) & (hue > 4) & (hue < 9) & (value < 110)] = NAMES.index(
        'brown'
    )
    names[(names == NAMES.index('yellow')) & (value < 110)] = NAMES.index('brown')
    names[(names == NAMES.index('red')) & (saturation < 140) & (value > 180)] = NAMES.index('pink')
    names[(hue > 7) & (hue < 30) & (saturation < 100) & (value > 130)] = _UNNAMED
    pale = saturation < 38
    names[pale] = NAMES.index('grey')
    names[pale & (value > 185)] = NAMES.index('white')
    names[(value < 48) | ((saturation < 115) & (value < 75))] = NAMES.index('black')
    return names


_TABLE = _name_of(*np.meshgrid(np.arange(180), np.arange(4, 256, 8), np.arange(4, 256, 8),
                               indexing='ij'))  # fmt: skip
