# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from assist_vision.colours import NAMES, ColourNamer, name_once, winner
from assist_vision.detector import Detector
from assist_vision.pipeline import single_image
from assist_vision.scene import SceneObject

SHADES = {
    'black': ((20, 20, 20), (35, 32, 30)),
    'white': ((240, 240, 240), (225, 228, 222)),
    'grey': ((128, 128, 128), (100, 104, 102)),
    'red': ((200, 30, 30), (160, 20, 35)),
    'orange': ((240, 130, 30), (230, 110, 20)),
    'brown': ((110, 70, 40), (90, 55, 30)),
    'yellow': ((240, 210, 40), (230, 220, 60)),
    'green': ((40, 150, 60), (60, 120, 50)),
    'blue': ((30, 70, 180), (60, 110, 200)),
    'purple': ((120, 50, 150), (100, 40, 140)),
    'pink': ((240, 130, 170), (250, 160, 180)),
}
LIGHTS = {
    'daylight': (1.0, 1.0, 1.0),
    'lamp': (1.12, 1.0, 0.85),
    'shade': (0.88, 1.0, 1.1),
    'dusk': (0.75, 0.75, 0.75),
}
CUP = SceneObject('1', 'cup', 0.9, (220, 140, 420, 340))


def room(rgb: tuple[int, int, int], light: tuple[float, float, float]) -> np.ndarray:
    """Return a BGR picture of a thing before a grey wall with a white door, in some light."""
    random = np.random.default_rng(1)
    picture = np.full((480, 640, 3), 150.0)
    picture[:, 40:160] = 235
    picture[400:] = (120, 110, 100)
    picture[140:340, 220:420] = rgb
    picture *= random.normal(1.0, 0.06, (480, 640, 1))
    picture += random.normal(0, 4, picture.shape)
    return np.clip(picture * light, 0, 255).astype(np.uint8)[..., ::-1]


def name(picture: np.ndarray, thing: SceneObject = CUP) -> tuple[str, ...]:
    return name_once([thing], picture)[0].attributes


def test_every_name_is_tried() -> None:
    assert set(SHADES) == set(NAMES)


@pytest.mark.parametrize('light', LIGHTS)
@pytest.mark.parametrize('colour', SHADES)
def test_colours_in_different_light(colour: str, light: str) -> None:
    for rgb in SHADES[colour]:
        assert name(room(rgb, LIGHTS[light])) == (colour,), rgb


def test_windows_take_no_colour_from_a_thing_and_its_paint_none_from_what_is_dark() -> None:
    for share, other, wanted in ((0.40, 'black', 'blue'), (0.40, 'red', '')):
        shares = np.zeros(len(NAMES))
        shares[NAMES.index('blue')] = 0.5
        shares[NAMES.index(other)] = share
        assert winner(shares) == wanted
    shares = np.zeros(len(NAMES))
    shares[[NAMES.index('black'), NAMES.index('blue')]] = 0.5, 0.4
    assert winner(shares) == ''
    assert winner(None) == ''


def test_two_colours_are_none() -> None:
    picture = room((200, 30, 30), LIGHTS['daylight'])
    picture[140:340, 320:420] = (180, 70, 30)
    assert name(picture) == ()


def test_the_middle_counts_and_not_the_corners() -> None:
    picture = room((200, 30, 30), LIGHTS['daylight'])
    for rows in (slice(140, 190), slice(290, 340)):
        picture[rows, 220:270] = picture[rows, 370:420] = (60, 150, 40)
    assert name(picture) == ('red',)


def test_what_is_too_small_or_beyond_the_image_has_no_colour() -> None:
    picture = room((200, 30, 30), LIGHTS['daylight'])
    assert name(picture, replace(CUP, box=(300.0, 200.0, 303.0, 204.0))) == ()
    assert name(picture, replace(CUP, box=(-90.0, -90.0, -10.0, -10.0))) == ()
    assert name(picture, replace(CUP, box=(700.0, 500.0, 800.0, 600.0))) == ()


def test_people_are_not_named_by_a_colour() -> None:
    picture = room((20, 20, 20), LIGHTS['daylight'])
    assert name(picture, replace(CUP, label='person')) == ()


def test_one_odd_image_does_not_change_the_name() -> None:
    namer = ColourNamer()
    red, blue = room((200, 30, 30), LIGHTS['daylight']), room((30, 70, 180), LIGHTS['daylight'])
    told = []
    for picture in (*[red] * 5, blue, *[red] * 5, *[blue] * 12):
        told.append(namer.name([CUP], {'1'}, picture)[0].attributes)
    assert told[:11] == [('red',)] * 11
    assert told[-1] == ('blue',)
    assert sum(before != after for before, after in zip(told, told[1:], strict=False)) <= 2


def test_what_is_hidden_keeps_its_colour_and_what_is_gone_is_forgotten() -> None:
    namer = ColourNamer()
    red, blue = room((200, 30, 30), LIGHTS['daylight']), room((30, 70, 180), LIGHTS['daylight'])
    namer.name([CUP], {'1'}, red)
    for _ in range(20):
        assert namer.name([CUP], set(), blue)[0].attributes == ('red',)
    namer.name([], set(), blue)
    assert namer.name([CUP], set(), blue)[0].attributes == ()


def test_photographs(bus: np.ndarray, zidane: np.ndarray, coco: Detector) -> None:
    def colours(picture: np.ndarray, label: str) -> set[tuple[str, ...]]:
        found = single_image(coco.detect(picture, confidence=0.25, overlap=0.4), 0.25)
        return {each.attributes for each in name_once(found, picture) if each.label == label}

    assert colours(bus, 'bus') == {('blue',)}
    assert colours(zidane, 'tie') == {('black',)}
    assert colours(bus, 'person') == {()}
