# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from dataclasses import replace

import pytest
from assist_vision import scene_json
from assist_vision.describe import describe
from assist_vision.nouns import counted, indefinite, match, plural
from assist_vision.scene import Place, SceneObject
from hypothesis import given
from scenes import COUCH, COUPLE, DESK, KITCHEN, PASSENGER, STREET, SUIT, scene, thing
from test_layouts import FILE
from test_relations import objects


@pytest.mark.parametrize(
    ('things', 'text'),
    [
        ((), 'I see nothing that I know.'),
        (STREET, 'Three people are standing in front of a bus.'),
        (COUCH, 'A cat is on a couch.'),
        (COUPLE, 'Two people are standing next to each other.'),
        (PASSENGER, 'A person is in a bus.'),
        (DESK, 'A cup and a laptop are on a dining table.'),
        (SUIT, 'A person is wearing a tie.'),
        (KITCHEN, 'A banana is in a bowl. The bowl is in a refrigerator.'),
        ((thing('1', 'apple', 10, 10, 20, 20),), 'There is an apple.'),
        (
            (
                thing('1', 'apple', 5, 5, 15, 15),
                thing('2', 'apple', 600, 5, 610, 15),
                thing('3', 'mouse', 300, 470, 305, 475),
            ),
            'There are two apples and a mouse.',
        ),
        (
            (*COUCH, thing('3', 'mouse', 630, 5, 635, 9)),
            'A cat is on a couch. There is also a mouse.',
        ),
    ],
)
def test_the_whole_scene(things: tuple[SceneObject, ...], text: str) -> None:
    assert describe(scene(*things)) == text


@pytest.mark.parametrize(
    ('things', 'label', 'text'),
    [
        (DESK, 'cup', 'The cup is on the dining table and to the left of the laptop.'),
        (DESK, 'dining table', 'The dining table is in view, with the cup and the laptop on it.'),
        (DESK, 'knife', 'I see no knife.'),
        ((), 'cup', 'I see no cup.'),
        (STREET, 'bus', 'The bus is behind three people.'),
        (KITCHEN, 'refrigerator', 'The refrigerator is in view on the left, with the bowl in it.'),
        (SUIT, 'person', 'The person is in view on the right, wearing a tie.'),
        (
            COUPLE,
            'person',
            'There are two people: one is on the left and one is in the middle.',
        ),
        (DESK, 'laptop', 'The laptop is on the dining table.'),
        (DESK, 'The Table', 'The dining table is in view, with the cup and the laptop on it.'),
        (STREET, 'people', 'Three people are in front of the bus.'),
        ((thing('1', 'tv', 250, 5, 400, 90),), 'TV', 'The tv is in view in the middle.'),
        ((thing('1', 'cup', 500, 5, 540, 60),), 'cups', 'The cup is in view on the right.'),
        (
            (*COUCH, thing('3', 'cat', 520, 380, 600, 440)),
            'cat',
            'There are two cats: one is on the couch and one is to the right of the couch.',
        ),
        (STREET, 'person', 'Three people are in front of the bus.'),
        ((thing('1', 'cup', 5, 5, 9, 9),), 'cup', 'The cup is in view on the left.'),
    ],
)
def test_where_something_is(things: tuple[SceneObject, ...], label: str, text: str) -> None:
    assert describe(scene(*things), label) == text


def test_how_far_something_is() -> None:
    cup = replace(thing('1', 'cup', 5, 5, 9, 9), view=Place((0.3, 0.4, 1.2), (0.1, 0.1, 0.1)))
    assert describe(scene(cup), 'cup') == 'The cup is in view on the left, 1.3 m away.'


@pytest.mark.parametrize(
    ('words', 'label'),
    [
        ('teddy bear', 'teddy bear'), ('bear', 'bear'), ('Bears', 'bear'),
        ('glasses', 'wine glass'),
        ('phone', 'cell phone'), ('an umbrella', 'umbrella'), ('knives', 'knife'), ('bea', ''),
        ('', ''), ('dining', ''),
    ],
)  # fmt: skip
def test_what_somebody_means(words: str, label: str) -> None:
    labels = ['teddy bear', 'bear', 'wine glass', 'cell phone', 'umbrella', 'knife', 'dining table']
    assert match(labels, words) == label


LAYOUTS = [json.loads(line) for line in FILE.read_text().splitlines()]


@pytest.mark.parametrize(
    ('name', 'text'),
    [
        ('telephone on a book', 'A book is on a dining table. A cell phone is on the book.'),
        ('person and cat on a couch', 'A cat is on a couch. A person is sitting on the couch.'),
        ('person in bed', 'A person is lying on a bed.'),
        ('wheelchair', 'A person is sitting in a wheelchair.'),
        ('cat under the table', 'A cat is under a dining table.'),
        ('under an umbrella', 'A person is under an umbrella.'),
        (
            'open refrigerator',
            'Two bottles, an apple and a bowl are in a refrigerator.',
        ),
        (
            'working at the laptop',
            'A laptop is on a dining table. A person is behind the dining table.',
        ),
        (
            'picnic',
            'A handbag, a bottle and a sandwich are on a bench. A dog is under the bench.',
        ),
        (
            'kitchen floor',
            'A cat is in front of an oven. A refrigerator and a chair are next to the oven.',
        ),
        (
            'toothbrush in a cup',
            'A toothbrush is in a cup. The cup is to the left of a sink.',
        ),
    ],
)
def test_rooms(name: str, text: str) -> None:
    (layout,) = (each for each in LAYOUTS if each['name'] == name)
    assert describe(scene(*scene_json.to_scene(layout).objects)) == text


@given(things=objects())
def test_every_scene_can_be_told(things: list[SceneObject]) -> None:
    for label in ('', things[0].label):
        text = describe(scene(*things), label)
        assert text[0].isupper() and text.endswith('.') and '  ' not in text
    for each in things:
        word = plural(each.label).split()[-1]
        told = describe(scene(*things))
        assert each.label in told or word in told


@pytest.mark.parametrize(
    ('label', 'one', 'several'),
    [
        ('person', 'a person', 'two people'),
        ('umbrella', 'an umbrella', 'two umbrellas'),
        ('bus', 'a bus', 'two buses'),
        ('bench', 'a bench', 'two benches'),
        ('knife', 'a knife', 'two knives'),
        ('toothbrush', 'a toothbrush', 'two toothbrushes'),
        ('scissors', 'a pair of scissors', 'two pairs of scissors'),
        ('teddy bear', 'a teddy bear', 'two teddy bears'),
        ('baby', 'a baby', 'two babies'),
        ('toy', 'a toy', 'two toys'),
    ],
)
def test_articles_and_plurals(label: str, one: str, several: str) -> None:
    assert indefinite(label) == counted(1, label) == one
    assert counted(2, label) == several
    assert counted(30, label) == f'30 {plural(label)}'
