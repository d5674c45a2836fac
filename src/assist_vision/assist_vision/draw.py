# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures for people: boxes, labels, ids, relations and a sentence, all legible."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from assist_vision.scene import Relation, Scene, SceneObject, area

Colour = tuple[int, int, int]
"""Blue, green, red."""
Rect = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels."""

_PALETTE: tuple[Colour, ...] = (
    (255, 176, 64), (96, 200, 80), (76, 122, 255), (220, 130, 200), (60, 200, 250),
    (200, 200, 60), (140, 110, 250), (110, 220, 180), (250, 140, 120), (90, 160, 240),
)  # fmt: skip
_DARK: Colour = (28, 24, 22)
_WHITE: Colour = (255, 255, 255)
_RELATIONS = 12
"""More would hide the picture."""
_HELD = ('on', 'inside')
"""Their subject lies within the box of the other: an arrow would say nothing."""
_DEEP = ('in_front_of', 'behind')
"""A third thing may stand where their arrow ends, so that the label says whose it is."""


def annotate(image: np.ndarray, scene: Scene, caption: str = '') -> np.ndarray:
    """Return a copy of a BGR image with the scene drawn into it and a caption at its foot."""
    return _Canvas(image.copy()).draw(scene, caption)


def forget() -> None:
    """Give up the texts that were kept because they come again."""
    _text_mask.cache_clear()
    _plate.cache_clear()


def colour_of(label: str) -> Colour:
    """Return the colour of a class, the same in every image and process."""
    return _PALETTE[zlib.crc32(label.encode()) % len(_PALETTE)]


class _Canvas:
    """Draws on one image and keeps labels from covering each other."""

    def __init__(self, image: np.ndarray) -> None:
        self._image = image
        self._height, self._width = image.shape[:2]
        shorter = min(self._height, self._width)
        self._size = int(np.clip(shorter / 34, 11, 40))
        self._line = max(2, round(shorter / 260))
        self._taken: list[Rect] = []

    def draw(self, scene: Scene, caption: str) -> np.ndarray:
        lines = self._reserve_caption(caption)
        far_first = sorted(scene.objects, key=lambda each: -area(each.box))
        for each in far_first:
            self._box(each)
        drawn = _most_telling(scene.relations)
        objects = {each.id: each for each in scene.objects}
        for relation in drawn:
            if relation.predicate not in _HELD:
                self._arrow(objects[relation.subject], objects[relation.object])
        for each in reversed(far_first):
            self._label(each)
        for relation in drawn:
            self._relation_label(relation, objects)
        self._caption(lines)
        return self._image

    def _box(self, thing: SceneObject) -> None:
        rect = self._inside(thing)
        radius = max(1, min(rect[2] - rect[0], rect[3] - rect[1], 8 * self._line) // 4)
        # The dark rim keeps the line visible on a background of its own colour.
        _rounded(self._image, rect, radius, _DARK, self._line + 2)
        _rounded(self._image, rect, radius, colour_of(thing.label), self._line)

    def _label(self, thing: SceneObject) -> None:
        text = ' '.join(filter(None, (*thing.attributes, thing.label, thing.id)))
        colour = colour_of(thing.label)
        mask = _text_mask(f'{text}  {thing.confidence:.0%}', self._size)
        x0, y0, x1, y1 = self._inside(thing)
        width, height = self._chip_size(mask)
        places = [
            (x0, y0 - height),
            (x1 - width, y0 - height),
            (x0 - width // 5, y0 - height),
            (x0, y0),
            (x1 - width, y0),
            (x0, y0 - 2 * height),
            (x0, y1 - height),
            (x0, y1),
        ]
        self._chip(mask, self._free_place(places, width, height), colour, 1.0)

    def _arrow(self, subject: SceneObject, reference: SceneObject) -> None:
        start, end = self._ends(subject, reference)
        length = float(np.hypot(end[0] - start[0], end[1] - start[1]))
        if length < 1:
            return
        tip = min(0.3, 4 * self._line / length)
        for colour, extra in ((_DARK, 2), (_WHITE, 0)):
            thickness = max(1, self._line - 1) + extra
            cv2.arrowedLine(self._image, start, end, colour, thickness, cv2.LINE_AA, tipLength=tip)
            cv2.circle(self._image, start, self._line + 1 + extra // 2, colour, -1, cv2.LINE_AA)

    def _relation_label(self, relation: Relation, objects: dict[str, SceneObject]) -> None:
        subject, reference = objects[relation.subject], objects[relation.object]
        text = relation.predicate.replace('_', ' ')
        held = relation.predicate in _HELD
        if held or relation.predicate in _DEEP:
            text = f'{text} {reference.label} {reference.id}'.rstrip()
        mask = _text_mask(text, max(10, self._size * 5 // 6))
        width, height = self._chip_size(mask)
        places = self._below(subject) if held else self._along(subject, reference, width, height)
        self._chip(mask, self._free_place(places, width, height), _DARK, 0.78)

    def _below(self, subject: SceneObject) -> list[tuple[int, int]]:
        x0, _, _, y1 = self._inside(subject)
        return [(x0, y1 + step * self._line) for step in (1, 6, 12)]

    def _along(
        self, subject: SceneObject, reference: SceneObject, width: int, height: int
    ) -> list[tuple[int, int]]:
        """Return places on the arrow, or beside one that is too short to show under a label."""
        start, end = self._ends(subject, reference)
        short = np.hypot(end[0] - start[0], end[1] - start[1]) < 1.5 * width
        beside = [-height, height] if short else [0, -height, height]
        places = []
        for part in (0.5, 0.35, 0.65, 0.2, 0.8):
            x = round(start[0] + (end[0] - start[0]) * part) - width // 2
            y = round(start[1] + (end[1] - start[1]) * part) - height // 2
            places += [(x, y + shift) for shift in beside]
        return places

    def _reserve_caption(self, text: str) -> list[str]:
        if not text:
            return []
        size = self._caption_size
        lines = _wrap(text, size, self._width - 2 * size)
        self._taken.append((0, self._caption_top(len(lines)), self._width, self._height))
        return lines

    def _caption(self, lines: list[str]) -> None:
        if not lines:
            return
        size, top = self._caption_size, self._caption_top(len(lines))
        _shade(self._image[top:], _DARK, 0.75)
        for row, line in enumerate(lines):
            y = top + size // 2 + round(row * size * 1.45)
            _ink(self._image, _text_mask(line, size), size, y, _WHITE)

    @property
    def _caption_size(self) -> int:
        return round(self._size * 1.15)

    def _caption_top(self, lines: int) -> int:
        return max(0, self._height - round(self._caption_size * (1.45 * lines + 0.8)))

    def _ends(
        self, subject: SceneObject, reference: SceneObject
    ) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return the centre of the subject and the nearest point of the reference's inner half."""
        x, y = _centre(self._inside(subject))
        x0, y0, x1, y1 = self._inside(reference)
        quarter = ((x1 - x0) // 4, (y1 - y0) // 4)
        end = (
            int(np.clip(x, x0 + quarter[0], x1 - quarter[0])),
            int(np.clip(y, y0 + quarter[1], y1 - quarter[1])),
        )
        return (x, y), end if end != (x, y) else _centre((x0, y0, x1, y1))

    def _chip_size(self, mask: np.ndarray) -> tuple[int, int]:
        pad = max(3, mask.shape[0] // 5)
        return mask.shape[1] + 2 * pad + pad, mask.shape[0] + pad

    def _chip(
        self, mask: np.ndarray, place: tuple[int, int], colour: Colour, opacity: float
    ) -> None:
        width, height = self._chip_size(mask)
        x, y = place
        self._taken.append((x, y, x + width, y + height))
        plate = _plate(width, height)
        _ink(self._image, (plate * opacity).astype(np.uint8), x, y, colour)
        left, top = x + (width - mask.shape[1]) // 2, y + (height - mask.shape[0]) // 2
        _ink(self._image, mask, left, top, _DARK if _is_light(colour) else _WHITE)

    def _free_place(
        self, places: Sequence[tuple[int, int]], width: int, height: int
    ) -> tuple[int, int]:
        """Return the first place that covers no label, else the one that covers the least."""
        best, least = (0, 0), float('inf')
        for x, y in (*places, *_around(places[0], width, height)):
            x = int(np.clip(x, 0, max(0, self._width - width)))
            y = int(np.clip(y, 0, max(0, self._height - height)))
            covered = sum(_shared((x, y, x + width, y + height), each) for each in self._taken)
            if covered < least:
                best, least = (x, y), covered
            if covered == 0:
                break
        return best

    def _inside(self, thing: SceneObject) -> Rect:
        x0, y0, x1, y1 = (round(edge) for edge in thing.box)
        right, bottom = self._width - 1, self._height - 1
        return (
            int(np.clip(x0, 0, right)),
            int(np.clip(y0, 0, bottom)),
            int(np.clip(x1, 0, right)),
            int(np.clip(y1, 0, bottom)),
        )


def _most_telling(relations: Iterable[Relation]) -> list[Relation]:
    """Return the first relation of each subject: they come most important first."""
    first: dict[str, Relation] = {}
    for relation in relations:
        first.setdefault(relation.subject, relation)
    return list(first.values())[:_RELATIONS]


def _around(place: tuple[int, int], width: int, height: int) -> Iterator[tuple[int, int]]:
    """Return places in growing rings about one."""
    x, y = place
    for ring in range(1, 7):
        for row in range(-ring, ring + 1):
            columns = range(-ring, ring + 1) if abs(row) == ring else (-ring, ring)
            yield from ((x + column * width // 2, y + row * height) for column in columns)


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


@lru_cache(maxsize=512)
def _text_mask(text: str, size: int) -> np.ndarray:
    """Return (rows, columns) uint8 ink; of the same height for every text of a size."""
    font = _font(size)
    width = max(1, round(font.getlength(text)) + 1)
    picture = Image.new('L', (width, round(size * 1.25)))
    ImageDraw.Draw(picture).text((0, size * 0.62), text, fill=255, font=font, anchor='lm')
    return np.asarray(picture)


@lru_cache(maxsize=256)
def _plate(width: int, height: int) -> np.ndarray:
    picture = Image.new('L', (width * 4, height * 4))
    ImageDraw.Draw(picture).rounded_rectangle(
        (0, 0, width * 4 - 1, height * 4 - 1), radius=height, fill=255
    )
    return np.asarray(picture.resize((width, height), Image.Resampling.LANCZOS))


def _wrap(text: str, size: int, width: int) -> list[str]:
    lines = ['']
    for word in text.split():
        longer = f'{lines[-1]} {word}'.strip()
        if lines[-1] and _font(size).getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _ink(image: np.ndarray, mask: np.ndarray, x: int, y: int, colour: Colour) -> None:
    """Paint a colour through a mask, cut at the border of the image."""
    rows, columns = image.shape[:2]
    x0, y0, x1, y1 = (
        max(x, 0),
        max(y, 0),
        min(x + mask.shape[1], columns),
        min(y + mask.shape[0], rows),
    )
    if x0 >= x1 or y0 >= y1:
        return
    part = image[y0:y1, x0:x1]
    weight = mask[y0 - y : y1 - y, x0 - x : x1 - x, None].astype(np.float32) / 255
    part[:] = part + (np.array(colour, np.float32) - part) * weight


def _shade(part: np.ndarray, colour: Colour, opacity: float) -> None:
    part[:] = part * (1 - opacity) + np.array(colour) * opacity


def _rounded(image: np.ndarray, rect: Rect, radius: int, colour: Colour, thickness: int) -> None:
    x0, y0, x1, y1 = rect
    corners = (
        (x0 + radius, y0 + radius, 180),
        (x1 - radius, y0 + radius, 270),
        (x1 - radius, y1 - radius, 0),
        (x0 + radius, y1 - radius, 90),
    )
    outline = np.concatenate(
        [
            cv2.ellipse2Poly((x, y), (radius, radius), 0, start, start + 90, 15)
            for x, y, start in corners
        ]
    )
    cv2.polylines(image, [outline], True, colour, thickness, cv2.LINE_AA)


def _is_light(colour: Colour) -> bool:
    blue, green, red = colour
    return 0.114 * blue + 0.587 * green + 0.299 * red > 110  # luma of ITU-R BT.601


def _shared(first: Rect, second: Rect) -> int:
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    return max(0, width) * max(0, height)


def _centre(rect: Rect) -> tuple[int, int]:
    return (rect[0] + rect[2]) // 2, (rect[1] + rect[3]) // 2
