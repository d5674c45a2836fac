# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The command relate: print how the objects of a scene lie to each other."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable

from assist_common.errors import InputError

from assist_vision import scene_json
from assist_vision.relations import relate, relate_all
from assist_vision.scene import Relation, Scene


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        if not options.file:
            return _relate(sys.stdin, options)
        with open(options.file, encoding='utf-8') as text:
            return _relate(text, options)
    except (OSError, UnicodeDecodeError) as error:
        print(f'relate: {options.file or "standard input"}: {error}', file=sys.stderr)
        return 1


def _relate(text: Iterable[str], options: argparse.Namespace) -> int:
    """Print the relations of each scene; what cannot be read is named, and the next one tried."""
    failed = printed = 0
    for scene in scene_json.read_scenes(text):
        if isinstance(scene, InputError):
            print(f'relate: {options.file or "standard input"}: {scene}', file=sys.stderr)
            failed = 1
            continue
        find = relate_all if options.all else relate
        found = find(scene.objects, size=(scene.width, scene.height))
        if options.json:
            print(json.dumps({'relations': scene_json.from_relations(found)}), flush=True)
        else:
            print('\n' * bool(printed) + as_text(scene, found), flush=True)
        printed += 1
    return failed


def as_text(scene: Scene, relations: tuple[Relation, ...]) -> str:
    """Return one relation a line: 'cup 1  left_of  laptop 2  0.98'."""
    names = {
        each.id: each.label if each.label == each.id else f'{each.label} {each.id}'
        for each in scene.objects
    }
    rows = [
        (names[each.subject], each.predicate, names[each.object], f'{each.confidence:.2f}')
        for each in relations
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    return '\n'.join(
        '  '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog='relate', description=__doc__)
    parser.add_argument(
        'file',
        nargs='?',
        help='scene in JSON, or several, one a line; without it standard input is read. '
        '{"width": 640, "height": 480, "objects": [{"id": "1", "label": "cup", '
        '"box": [x0, y0, x1, y1]}]}',
    )
    parser.add_argument('--all', action='store_true', help='every relation, without pruning')
    parser.add_argument('--json', action='store_true', help='one JSON object a scene')
    return parser
