# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Time the relations between many objects, and compare those of known scenes with what people say.

Scenes of 10, 25 and 50 objects: boxes anywhere, and rooms put together from the layouts that the
tests have labelled by hand, both also with a place in space for each object. The line to meet: 50
objects in at most 3 ms. The agreement is that of the layouts, as the test of them counts it.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from assist_vision import classes, draw, scene_json
from assist_vision.describe import describe
from assist_vision.pipeline import build_scene
from assist_vision.relations import INVERSE, relate
from assist_vision.scene import Place, SceneObject
from shared import pictures, report

LIMIT = 3.0  # ms for 50 objects
SIZE, FOCUS = (640, 480), 525.0  # pixels
LAYOUTS = Path(__file__).parents[1] / 'src' / 'assist_vision' / 'test' / 'layouts.jsonl'


def main() -> int:
    """Measure, print and write."""
    options = report.parser(__doc__, runs=20).parse_args()
    runs = 3 if options.quick else options.runs
    layouts = [json.loads(line) for line in LAYOUTS.read_text().splitlines()]
    times, counts = {}, {}
    for count in (10, 25, 50):
        for kind, scenes in (('random', random_scenes(count)), ('rooms', rooms(layouts, count))):
            flat = list(scenes)
            for key, made in (
                (f'{count} objects, {kind}', flat),
                (f'{count} objects, {kind}, located', [located(each) for each in flat]),
            ):
                times[key], counts[key] = measure(made, runs)
    worst = max(statistics.median(values) for key, values in times.items() if key.startswith('50'))
    result = {
        'runs': runs,
        'lines': {'relations of 50 objects, ms': report.line(round(worst, 2), LIMIT)},
        'milliseconds': {key: report.spread(values, 3) for key, values in times.items()},
        'relations': {key: report.spread(values) for key, values in counts.items()},
        'agreement': {
            name: agreement([each for each in layouts if each['set'] == name])
            for name in ('worked on', 'held out', 'reported')
        },
        'what only runs when somebody looks': extras(layouts, runs),
    }
    return report.finish(__file__, result, quick=options.quick)


def measure(scenes: list[list[SceneObject]], runs: int) -> tuple[list[float], list[int]]:
    """Return the times in ms, and how many relations each scene has."""
    times = []
    for _ in range(runs):
        for objects in scenes:
            begin = time.perf_counter()
            relate(objects, size=SIZE)
            times.append(1000 * (time.perf_counter() - begin))
    return times, [len(relate(objects, size=SIZE)) for objects in scenes]


def random_scenes(count: int) -> Iterator[list[SceneObject]]:
    """Give scenes with boxes anywhere."""
    random = np.random.default_rng(count)
    labels = sorted(classes.KNOWN)
    for _ in range(20):
        corners = random.uniform((0, 0), (560, 400), (count, 2))
        ends = corners + random.uniform(15, 150, (count, 2))
        yield [
            SceneObject(str(i), str(random.choice(labels)), 0.9, tuple(box))
            for i, box in enumerate(np.hstack([corners, ends]).tolist())
        ]


def rooms(layouts: list[dict[str, Any]], count: int) -> Iterator[list[SceneObject]]:
    """Give scenes of several layouts side by side, each at its scale."""
    random = np.random.default_rng(count)
    for _ in range(20):
        objects: list[SceneObject] = []
        for number, pick in enumerate(random.permutation(len(layouts))):
            across, down = 640 * (number % 4), 480 * (number // 4)
            for each in layouts[pick]['objects']:
                x0, y0, x1, y1 = each['box']
                box = (x0 + across, y0 + down, x1 + across, y1 + down)
                objects.append(SceneObject(str(len(objects)), each['label'], 0.9, box))
        yield objects[:count]


def located(objects: list[SceneObject]) -> list[SceneObject]:
    """Return the objects with places as a camera with a focal length of 525 pixels sees them."""
    random = np.random.default_rng(len(objects))
    found = []
    for each in objects:
        x0, y0, x1, y1 = each.box
        z = float(random.uniform(0.8, 3.0))
        metre = z / FOCUS
        middle = ((x0 + x1 - SIZE[0]) / 2 * metre, (y0 + y1 - SIZE[1]) / 2 * metre, z)
        extent = ((x1 - x0) * metre, (y1 - y0) * metre, 0.1)
        place = Place((z, -middle[0], -middle[1]), (extent[2], extent[0], extent[1]))
        found.append(replace(each, view=Place(middle, extent), place=place))
    return found


def agreement(layouts: list[dict[str, Any]]) -> dict[str, float]:
    """Return how much of what people say is said, and how much of what is said they would say."""
    wanted = heard = told = right = wrong = 0
    for each in layouts:
        scene = scene_json.to_scene(each)
        found = {
            _canonical(relation.subject, relation.predicate, relation.object)
            for relation in relate(scene.objects, size=(scene.width, scene.height))
        }
        say = [_parse(text.split(' or ')) for text in each['say']]
        wanted += len(say)
        heard += sum(1 for wordings in say if wordings & found)
        told += len(found)
        right += len(found & _parse(each['fine']).union(*say))
        wrong += len(found & _parse(each['never']))
    return {
        'scenes': len(layouts),
        'labelled': wanted,
        'recall': round(heard / wanted, 3),
        'precision': round(right / told, 3),
        'nobody would say': wrong,
    }


def extras(layouts: list[dict[str, Any]], runs: int) -> dict[str, dict[str, float]]:
    """Return the times of a picture and of a description, ms."""
    image = pictures.moving_camera(1)[0]
    times: dict[str, list[float]] = {'draw': [], 'describe': []}
    for _ in range(runs):
        for each in layouts:
            scene = build_scene(scene_json.to_scene(each).objects, 640, 480)
            begin = time.perf_counter()
            text = describe(scene)
            times['describe'].append(1000 * (time.perf_counter() - begin))
            begin = time.perf_counter()
            draw.annotate(image, scene, text)
            times['draw'].append(1000 * (time.perf_counter() - begin))
    return {name: report.spread(values) for name, values in times.items()}


def _parse(texts: list[str]) -> set[tuple[str, str, str]]:
    return {_canonical(*text.split()) for text in texts}


def _canonical(subject: str, predicate: str, reference: str) -> tuple[str, str, str]:
    return min((subject, predicate, reference), (reference, INVERSE[predicate], subject))


if __name__ == '__main__':
    sys.exit(main())
