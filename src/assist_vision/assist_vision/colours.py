# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The colour of a thing, as a person would name it; none when that is not sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

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
_STEPS = np.arange(_GRID)
_SURE = 0.45
"""Share of the votes that a colour needs."""
_AHEAD = 1.5
"""How much more than the next one it needs."""
_ACHROMATIC = frozenset(('black', 'white', 'grey'))
_AHEAD_OF_ACHROMATIC = 1.2
"""The same of a colour before these: windows and shadows take nothing from a blue bus."""
_SMALLEST = 6
"""Pixels of a box below which its colour is mostly that of its surroundings."""
_TURNS = 3
"""A thing whose colour is known is looked at in every third image: colours do not change. Nor does
the light, from one of them to the next."""
_MEMORY = 0.75
"""Weight of the past against one more look: about four looks count, so that an odd one does not."""
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
        self._images = 0
        self._light, self._light_until = np.ones(3), 0

    def name(
        self, objects: Sequence[SceneObject], seen: set[str], image: np.ndarray
    ) -> list[SceneObject]:
        """Return the objects with their colours; those not seen in this BGR image keep theirs."""
        coloured = [each for each in objects if each.label not in UNCOLOURED]
        ids = {each.id for each in objects}
        self._votes = {id: votes for id, votes in self._votes.items() if id in ids}
        self._vote(self._due([each for each in coloured if each.id in seen]), image)
        winners = {each.id: winner(self._votes.get(each.id)) for each in coloured}
        return [_with_colour(each, winners.get(each.id)) for each in objects]

    def reset(self) -> None:
        """Forget the past."""
        self._votes = {}
        self._light_until = 0

    def _due(self, things: Sequence[SceneObject]) -> list[SceneObject]:
        self._images += 1
        turns = [(place + self._images) % _TURNS == 0 for place in range(len(things))]
        return [
            each
            for each, is_its_turn in zip(things, turns, strict=True)
            if is_its_turn or each.id not in self._votes
        ]

    def _vote(self, things: Sequence[SceneObject], image: np.ndarray) -> None:
        if not things:
            return
        if self._images >= self._light_until:
            self._light, self._light_until = light_of(image), self._images + _TURNS
        measured = measure(image, [each.box for each in things], self._light)
        for each, shares in zip(things, measured, strict=True):
            if shares is not None:
                past = self._votes.get(each.id, shares)
                self._votes[each.id] = _MEMORY * past + (1 - _MEMORY) * shares


def _with_colour(thing: SceneObject, colour: str | None) -> SceneObject:
    """Return a thing with its colour; '' is none, and None leaves what it has."""
    if colour is None or thing.attributes == ((colour,) if colour else ()):
        return thing
    return replace(thing, attributes=(colour,) if colour else ())


def name_once(objects: Sequence[SceneObject], image: np.ndarray) -> list[SceneObject]:
    """Return the objects of an image that has no past with their colours."""
    return ColourNamer().name(objects, {each.id for each in objects}, image)


def winner(shares: np.ndarray | None) -> str:
    """Return the name that has most of the shares and clearly more than the next, or nothing."""
    if shares is None:
        return ''
    second, first = shares.argsort()[-2:].tolist()
    ahead = _AHEAD
    if NAMES[second] in _ACHROMATIC and NAMES[first] not in _ACHROMATIC:
        ahead = _AHEAD_OF_ACHROMATIC
    sure = shares[first] >= _SURE and shares[first] >= ahead * shares[second]
    return NAMES[first] if sure else ''


def light_of(image: np.ndarray) -> np.ndarray:
    """Return (3,): what to multiply blue, green and red by so that white looks white.

    Shades of grey (Finlayson and Trezzi 2004): the power mean of a picture is grey under white
    light. In a dim picture the brightest things are taken for nearly white.
    """
    rows, columns = _everywhere(image.shape[0]), _everywhere(image.shape[1])
    pixels = image[rows[:, None], columns].reshape(-1, 3).astype(np.float64)
    mean = np.maximum((pixels**_LIGHT).mean(axis=0) ** (1 / _LIGHT), 1.0)
    brightest = max(float(np.percentile(pixels.max(axis=1), 95)), 1.0)
    exposure = min(max(_BRIGHT / brightest, 1.0), _EXPOSURE)
    return exposure * np.clip(mean.mean() / mean, 1 / _CORRECTION, _CORRECTION)


def measure(
    image: np.ndarray, boxes: Sequence[Box], light: np.ndarray
) -> list[np.ndarray | None]:
    """Return the share of each of NAMES in boxes of a BGR image; the middle counts most.

    None for a box that is too small. All boxes are taken together: most of the cost is in calls.
    """
    grids = [
        (_inner(box[1], box[3], image.shape[0]), _inner(box[0], box[2], image.shape[1]))
        for box in boxes
    ]
    least = _SMALLEST * _INNER
    large = [i for i, grid in enumerate(grids) if min(map(len, grid)) >= least]
    shares: list[np.ndarray | None] = [None] * len(boxes)
    if large:
        for i, votes in zip(large, _count(image, [grids[i] for i in large], light), strict=True):
            shares[i] = votes[:_UNNAMED] / votes.sum()
    return shares


def _count(
    image: np.ndarray, grids: Sequence[tuple[np.ndarray, np.ndarray]], light: np.ndarray
) -> np.ndarray:
    """Return the votes for each of NAMES and for none of them, a row for each grid of pixels."""
    pixels = [image[rows[:, None], columns].reshape(-1, 3) for rows, columns in grids]
    lit = np.minimum(np.concatenate(pixels) * light, 255).astype(np.uint8)
    hsv = cv2.cvtColor(lit[None], cv2.COLOR_BGR2HSV)[0]
    names = _TABLE[hsv[:, 0], hsv[:, 1] >> 3, hsv[:, 2] >> 3]
    weights = np.concatenate([_weights(len(rows), len(columns)) for rows, columns in grids])
    width = len(NAMES) + 1
    places = np.repeat(np.arange(len(grids)) * width, [len(each) for each in pixels]) + names
    return np.bincount(places, weights, len(grids) * width).reshape(-1, width)


@lru_cache(maxsize=8)
def _everywhere(size: int) -> np.ndarray:
    return np.linspace(0, size - 1, 3 * _GRID).astype(int)


@lru_cache(maxsize=_GRID * _GRID)
def _weights(rows: int, columns: int) -> np.ndarray:
    return np.outer(towards_middle(rows), towards_middle(columns)).ravel()


def _inner(low: float, high: float, size: int) -> np.ndarray:
    margin = (high - low) * (1 - _INNER) / 2
    first, last = max(0, round(low + margin)), min(size, round(high - margin))
    if last - first <= _GRID:
        return np.arange(first, max(first, last))
    return first + _STEPS * (last - 1 - first) // (_GRID - 1)


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
