# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Time the grammar: loading it, and understanding each sentence of the test sets once.

Two hundred objects of many classes are in the scene, half of them of classes that the grammar does
not know by itself; learning one label more is timed too, since that is done before a sentence.
Every sentence is new, those that are no commands included: they take longest.
Lines to meet: p99 of one sentence 10 ms, load 1 s, intent_node 150 MB. Writes parsing.json.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from assist_intent import grounding, resources
from assist_intent.grammar import Grammar
from assist_intent.types import Scene, SceneObject
from shared.nodes import graph, started
from shared.report import finish, line, parser
from understanding import load

OBJECTS = 200
LOADS = 5
LABELS = 50
SETTLED = 3.0
"""Seconds after which a node has read what it needs."""


def main() -> int:
    """Time it, and write the figures."""
    options = parser(__doc__, runs=3).parse_args()
    names = (
        ('understanding_dev',) if options.quick else ('understanding_test', 'understanding_reject')
    )
    texts = [row['text'] for name in names for row in load(name)]
    loads = [timed(partial(Grammar.load, resources.grammar_path())) for _ in range(LOADS)]
    times = [sample for _ in range(options.runs) for sample in parse_times(texts)]
    p50, p99, most = (1000 * float(value) for value in np.percentile(times, [50, 99, 100]))
    result = {
        'parse_p99_ms': line(round(p99, 2), 10.0),
        'parse_p50_ms': round(p50, 2),
        'parse_max_ms': round(most, 2),
        'learn_label_p99_ms': line(round(label_ms(), 2), 10.0),
        'load_seconds': line(round(statistics.median(loads), 3), 1.0),
        'intent_node_mb': line(round(memory(), 1), 150.0),
        'sentences': len(texts),
        'objects': OBJECTS,
    }
    return finish(__file__, result, quick=options.quick)


def timed(do: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def parse_times(texts: list[str]) -> list[float]:
    """Return the seconds of each sentence, understood and looked for in the scene."""
    grammar, scene = Grammar.load(resources.grammar_path()), crowded()
    grammar.know_labels(item.label for item in scene.objects)

    def understand(text: str) -> None:
        grounding.ground(grammar.understand(text), scene, 0.0, 2.0)

    return [timed(partial(understand, text)) for text in texts]


def label_ms() -> float:
    """Return the p99 of the time to learn one more label, ms."""
    grammar = Grammar.load(resources.grammar_path())
    times = [timed(partial(grammar.know_labels, [f'gadget {number}'])) for number in range(LABELS)]
    return 1000 * float(np.percentile(times, 99))


def crowded() -> Scene:
    """Return a scene with many objects."""
    known = ('cup', 'bottle', 'book', 'chair', 'apple', 'bowl', 'spoon', 'person')
    labels = [
        known[number // 2 % len(known)] if number % 2 else f'part {number}'
        for number in range(OBJECTS)
    ]
    return Scene(
        tuple(
            SceneObject(f'{label}_{number}', label, 0.9, number, 240, 20, 40)
            for number, label in enumerate(labels)
        ),
        seen_at=0.0,
    )


def memory() -> float:
    """Return what the node has resident when it runs, MB."""
    with graph() as probe, started('assist_intent', 'intent_node') as process:
        probe.wait_active('intent_node')
        probe.spin_for(SETTLED)
        return float(process.memory_info().rss) / 1e6


if __name__ == '__main__':
    sys.exit(main())
