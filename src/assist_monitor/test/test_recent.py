# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from assist_monitor.recent import FORGET_AFTER, LOOK_AGAIN, Recent


def keys(recent: Recent[str, int]) -> list[str]:
    return [key for key, _, _ in recent.items()]


def three(*expected: str) -> Recent[str, int]:
    return Recent(3, silent_after=2.0, expected=expected.__contains__)


def test_the_latest_value_counts() -> None:
    recent = three()
    assert recent.put('a', 1, 0.0)
    assert recent.put('a', 2, 1.0)
    assert recent.get('a') == (2, 1.0)
    assert recent.get('b') is None


def test_strangers_are_forgotten_after_minutes() -> None:
    recent = three('a')
    recent.put('a', 1, 0.0)
    recent.put('x', 1, 0.0)
    recent.put('y', 1, 10.0)
    recent.forget(FORGET_AFTER)
    assert keys(recent) == ['a', 'x', 'y']
    recent.forget(FORGET_AFTER + 1.0)
    assert keys(recent) == ['a', 'y']
    recent.forget(FORGET_AFTER + 1.0, lambda key, seen: key == 'a')
    assert keys(recent) == ['y']


def test_the_expected_come_before_strangers() -> None:
    recent = three('a', 'b', 'c', 'd')
    for name in 'xyz':
        recent.put(name, 1, 0.0)
    assert all(recent.put(name, 1, 0.1) for name in 'abc')
    assert keys(recent) == ['a', 'b', 'c']
    assert not recent.put('d', 1, 100.0)


def test_a_stranger_gives_way_when_it_is_silent() -> None:
    recent = three()
    for moment, name in enumerate('xyz'):
        recent.put(name, 1, float(moment))
    assert not recent.put('new', 1, 2.0)
    recent.put('x', 1, 3.0)
    assert recent.put('new', 1, 3.5 + LOOK_AGAIN)
    assert keys(recent) == ['x', 'z', 'new']
