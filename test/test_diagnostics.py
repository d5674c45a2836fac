# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The aggregator's groups take every status of the graph, each once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from assist.nodes import NODES

CONFIG = Path(__file__).resolve().parents[1] / 'config' / 'diagnostics.yaml'


def groups(settings: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield path and prefixes of every GenericAnalyzer, those of groups included."""
    for value in settings.values():
        if not isinstance(value, dict):
            continue
        if value['type'] == 'diagnostic_aggregator/AnalyzerGroup':
            yield from groups(value['analyzers'])
        else:
            assert value['type'] == 'diagnostic_aggregator/GenericAnalyzer'
            yield value['path'], value['startswith']


def groups_of(name: str) -> list[str]:
    settings = yaml.safe_load(CONFIG.read_text())['analyzers']['ros__parameters']
    return [
        path
        for path, prefixes in groups(settings)
        if any(name.startswith(prefix) for prefix in prefixes)
    ]


@pytest.mark.parametrize('node', NODES)
def test_every_node_has_one_group(node: str) -> None:
    assert len(groups_of(f'{node}: lifecycle')) == 1


def test_every_status_of_the_running_graph_has_one_group(run: Any) -> None:
    seen = run.observer.seen.statuses
    assert {name.split(':')[0] for name in seen} == set(NODES)
    assert {name: len(groups_of(name)) for name in seen} == dict.fromkeys(seen, 1)
    assert all(status.hardware_id for status in seen.values())
