# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Every figure that has a line to keep, out of all JSON files beside the benchmarks, as a table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1]
TABLE = FOLDER / 'figures.md'

HEAD = """# Figures

Made from the JSON files here by the benchmarks themselves; `python3 -m shared.figures` in this
folder makes it anew. [docs/benchmarks.md](../docs/benchmarks.md) tells what they do.

| file | figure | line | result |
| --- | --- | --- | --- |
"""


def table(folder: Path = FOLDER) -> str:
    """Return the table as Markdown."""
    rows = [
        _row(path.name, name, figure)
        for path in sorted(folder.glob('*.json'))
        for name, figure in _figures(json.loads(path.read_text()), ())
    ]
    return HEAD + '\n'.join(rows) + '\n'


def write() -> None:
    """Make the committed table anew."""
    TABLE.write_text(table())


def _figures(value: Any, names: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(value, dict):
        return
    if {'value', 'met'} <= set(value):
        yield ', '.join(name for name in names if name != 'lines'), value
        return
    for name, part in value.items():
        yield from _figures(part, (*names, name))


def _row(file: str, name: str, figure: dict[str, Any]) -> str:
    least = 'at_least' in figure
    limit = f'{"at least" if least else "at most"} {figure["at_least" if least else "at_most"]:g}'
    missed = '' if figure['met'] else ' **missed**'
    return f'| `{file}` | {name.replace("_", " ")} | {limit} | {figure["value"]:g}{missed} |'


if __name__ == '__main__':
    write()
