# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Scenes as JSON, as the commands read and write them.

{"width": 640, "height": 480, "objects": [{"id": "1", "label": "cup", "box": [x0, y0, x1, y1]}]}
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from assist_common.errors import InputError

from assist_vision.scene import Box, Relation, Scene, SceneObject


def read_scenes(lines: Iterable[str]) -> Iterator[Scene | InputError]:
    """Give the scenes of a text as soon as their lines have come: one JSON object a line.

    A text that is one JSON object, or a list of them, over several lines is read, too. In place
    of what is no scene comes an error that says which line or scene it is and why.
    """
    found = False
    for where, value in _values(iter(lines)):
        found = True
        try:
            yield value if isinstance(value, InputError) else to_scene(value, where)
        except InputError as error:
            yield error
    if not found:
        yield InputError('there is no scene to read')


def to_scene(value: Any, where: str = 'the scene') -> Scene:
    """Return one scene from what a JSON parser made of it."""
    if not isinstance(value, dict) or not isinstance(value.get('objects'), list):
        raise InputError(f'{where} is not an object with a list "objects"')
    width, height = (_size(value, key, where) for key in ('width', 'height'))
    objects = [_object(each, i, where) for i, each in enumerate(value['objects'])]
    ids = [each.id for each in objects]
    for id in ids:
        if ids.count(id) > 1:
            raise InputError(f'{where} has more than one object with the id "{id}"')
    return Scene(width, height, tuple(objects))


def from_scene(scene: Scene, **more: Any) -> dict[str, Any]:
    """Return a scene as plain values for a JSON writer."""
    return {
        'width': scene.width,
        'height': scene.height,
        'objects': [
            {
                'id': each.id,
                'label': each.label,
                'confidence': round(each.confidence, 3),
                'attributes': list(each.attributes),
                'box': [round(edge, 1) for edge in each.box],
            }
            for each in scene.objects
        ],
        'relations': from_relations(scene.relations),
        **more,
    }


def from_relations(relations: Sequence[Relation]) -> list[dict[str, Any]]:
    """Return relations as plain values for a JSON writer."""
    return [
        {
            'subject': each.subject,
            'predicate': each.predicate,
            'object': each.object,
            'confidence': round(each.confidence, 3),
        }
        for each in relations
    ]


def _values(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    first = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        alone, first = first, False
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            if alone and line.strip()[-1] in '{[,':
                yield from _whole(line + ''.join(lines))
                return
            yield f'line {number}', InputError(f'line {number} is not JSON: {error.msg}')
            continue
        yield from _each(value, f'line {number}')


def _whole(text: str) -> Iterator[tuple[str, Any]]:
    try:
        yield from _each(json.loads(text), 'the scene')
    except json.JSONDecodeError as error:
        yield '', InputError(f'line {error.lineno} is not JSON: {error.msg}')


def _each(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        yield from ((f'scene {i}', each) for i, each in enumerate(value, start=1))
    else:
        yield where, value


def _size(value: dict[str, Any], key: str, where: str) -> int:
    size = value.get(key)
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise InputError(f'{where} needs "{key}" in pixels')
    return size


def _object(value: Any, position: int, where: str) -> SceneObject:
    if not isinstance(value, dict) or not isinstance(value.get('label'), str):
        raise InputError(f'object {position + 1} of {where} has no "label"')
    name = f'{value["label"]} (object {position + 1} of {where})'
    confidence = value.get('confidence', 1.0)
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)):
        raise InputError(f'the confidence of {name} is not a number')
    id = str(value.get('id', position + 1))
    return SceneObject(id, value['label'], float(confidence), _box(value.get('box'), name))


def _box(value: Any, name: str) -> Box:
    numbers = isinstance(value, list) and all(
        isinstance(edge, (int, float)) and not isinstance(edge, bool) and math.isfinite(edge)
        for edge in value
    )
    if not numbers or len(value) != 4:
        raise InputError(f'the box of {name} is not four numbers: x0, y0, x1, y1')
    x0, y0, x1, y1 = (float(edge) for edge in value)
    if x1 <= x0 or y1 <= y0:
        raise InputError(f'the box of {name} is empty: x1 must exceed x0, and y1 y0')
    return (x0, y0, x1, y1)
