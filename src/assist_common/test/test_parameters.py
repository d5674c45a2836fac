# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Typed parameters, without a node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from assist_common.errors import ConfigurationError
from assist_common.parameters import check, parameter


@dataclass(frozen=True)
class Sample:
    rate: float = parameter(1.0, 'rate, Hz', low=0.5, high=60.0)
    count: int = parameter(1, 'count', low=0)
    on: bool = parameter(True, 'switch')
    name: str = parameter('a', 'name', choices=('a', 'b'))
    source: str = parameter('0', 'index or path')
    labels: tuple[str, ...] = parameter((), 'labels')
    sizes: tuple[float, ...] = parameter((1.0,), 'sizes', low=0)


@pytest.mark.parametrize(
    ('name', 'value', 'expected'),
    [
        ('rate', 30, 30.0),
        ('rate', 0.5, 0.5),
        ('count', 5, 5),
        ('on', False, False),
        ('name', 'b', 'b'),
        ('source', 2, '2'),
        ('source', '/dev/video0', '/dev/video0'),
        ('labels', ['x', 'y'], ('x', 'y')),
        ('labels', [], ()),
        ('sizes', [1, 2.5], (1.0, 2.5)),
    ],
)
def test_good_values(name: str, value: Any, expected: Any) -> None:
    result = check(Sample, name, value)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ('name', 'value', 'part'),
    [
        ('rate', 'fast', 'must be a number'),
        ('rate', True, 'must be a number'),
        ('rate', 0.1, 'at least 0.5'),
        ('rate', 61, 'at most 60.0'),
        ('rate', float('nan'), 'finite'),
        ('count', 1.5, 'must be an integer'),
        ('count', -1, 'at least 0'),
        ('on', 1, 'true or false'),
        ('name', 'c', 'one of: a, b'),
        ('source', True, 'must be text'),
        ('source', 2.5, 'must be text'),
        ('labels', 'xy', 'a list of texts'),
        ('labels', ['x', 1], 'a list of texts'),
        ('sizes', [1.0, -1.0], 'at least 0'),
    ],
)
def test_bad_values_are_refused_with_name_and_remedy(name: str, value: Any, part: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        check(Sample, name, value)
    assert f"'{name}'" in str(error.value)
    assert part in str(error.value)
