# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The table of figures says what the results of the benchmarks say."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / 'benchmarks'


@pytest.fixture(autouse=True)
def path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delitem(sys.modules, 'shared', raising=False)


def test_the_committed_table_is_current() -> None:
    from shared import figures

    assert figures.TABLE.read_text() == figures.table(), 'python3 -m shared.figures in benchmarks/'


def test_what_misses_its_line_is_told(tmp_path: Path) -> None:
    from shared import figures

    result = {
        'lines': {'p95_ms': {'value': 12.5, 'at_most': 10, 'met': False}},
        'node': {'speed': {'value': 3, 'at_least': 2.5, 'met': True}, 'runs': 3},
    }
    (tmp_path / 'sample.json').write_text(json.dumps(result))
    assert figures.table(tmp_path).splitlines()[-2:] == [
        '| `sample.json` | p95 ms | at most 10 | 12.5 **missed** |',
        '| `sample.json` | node, speed | at least 2.5 | 3 |',
    ]
