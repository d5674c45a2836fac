# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest
from assist_vision import draw
from assist_vision.draw import _Canvas, annotate, colour_of
from scenes import DESK, KITCHEN, STREET, scene, thing

GREY = np.full((480, 640, 3), 128, np.uint8)


def test_the_image_itself_is_left_alone() -> None:
    image = GREY.copy()
    picture = annotate(image, scene(*DESK), 'A cup is on a table.')
    assert np.array_equal(image, GREY)
    assert picture.shape == image.shape and picture.dtype == np.uint8
    assert not np.array_equal(picture, image)


def test_boxes_have_the_colour_of_their_class() -> None:
    picture = annotate(GREY, scene(thing('1', 'cup', 100, 100, 300, 300)))
    assert tuple(picture[200, 100].tolist()) == colour_of('cup')
    assert np.array_equal(picture[200, 200], GREY[0, 0])


def test_no_label_covers_another() -> None:
    canvas = _Canvas(GREY.copy())
    crowd = [thing(str(i), 'person', 200 + 8 * i, 150 + 5 * i, 320, 400) for i in range(6)]
    canvas.draw(scene(*crowd, *DESK[1:]), 'Many people.')
    taken = canvas._taken
    for i, first in enumerate(taken):
        for second in taken[:i]:
            width = min(first[2], second[2]) - max(first[0], second[0])
            height = min(first[3], second[3]) - max(first[1], second[1])
            assert width <= 0 or height <= 0


def test_labels_stay_in_the_picture() -> None:
    canvas = _Canvas(GREY.copy())
    corners = [(0, 0), (600, 0), (0, 450), (600, 450)]
    canvas.draw(
        scene(*(thing(str(i), 'cup', x, y, x + 40, y + 30) for i, (x, y) in enumerate(corners))), ''
    )
    for x0, y0, x1, y1 in canvas._taken:
        assert 0 <= x0 < x1 <= 640 and 0 <= y0 < y1 <= 480


@pytest.mark.parametrize('shape', [(1, 1, 3), (16, 16, 3), (40, 2000, 3), (2000, 40, 3)])
def test_any_size(shape: tuple[int, int, int]) -> None:
    beyond = thing('1', 'cup', -50, -50, 5000, 5000)
    flat = thing('2', 'bowl', 3, 3, 3, 3)
    picture = annotate(np.zeros(shape, np.uint8), scene(beyond, flat), 'word ' * 50)
    assert picture.shape == shape


def test_the_caption_is_at_the_foot() -> None:
    picture = annotate(GREY, scene(), 'Nothing.')
    assert np.array_equal(picture[:400], GREY[:400])
    assert picture[460:].min() < 60 and picture[440:].max() > 200


def test_drawing_is_the_same_after_forgetting() -> None:
    first = annotate(GREY, scene(*STREET, *KITCHEN[:1]), 'Text.')
    draw.forget()
    assert np.array_equal(first, annotate(GREY, scene(*STREET, *KITCHEN[:1]), 'Text.'))
