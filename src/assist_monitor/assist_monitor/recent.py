# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The latest word of many, of which some may be strangers or made up."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

K = TypeVar('K', bound=Hashable)
V = TypeVar('V')

FORGET_AFTER = 300.0
"""Seconds after which one that is not expected is forgotten: a tool that was used and ended."""

LOOK_AGAIN = 1.0
"""Seconds between two searches for room: a flood of new names must not cost a search each."""


class Recent(Generic[K, V]):
    """Keeps the latest value of each key, of a bounded number of keys.

    Keys that are expected are kept for ever, and find room at the cost of those that are not. Time
    is an argument in seconds on a steady clock.
    """

    def __init__(
        self, most: int, *, silent_after: float, expected: Callable[[K], bool] = lambda key: False
    ) -> None:
        """Keep nothing yet.

        Args:
            most: keys that are kept.
            silent_after: a key that is not expected and was not renewed for longer gives way to
                others.
            expected: whether a key is.
        """
        self._most = most
        self._silent_after = silent_after
        self._expected = expected
        self._entries: dict[K, tuple[V, float]] = {}
        self._full_until = 0.0

    def put(self, key: K, value: V, now: float) -> bool:
        """Keep a value; False when there is no room for a new key."""
        is_new = key not in self._entries
        if is_new and len(self._entries) >= self._most and not self._make_room(key, now):
            return False
        self._entries[key] = value, now
        return True

    def get(self, key: K) -> tuple[V, float] | None:
        """Return the value of a key and when it came, if it is there."""
        return self._entries.get(key)

    def items(self) -> Iterator[tuple[K, V, float]]:
        """Yield every key with its value and when that came."""
        for key, (value, seen) in list(self._entries.items()):
            yield key, value, seen

    def forget(
        self, now: float, also: Callable[[K, float], bool] = lambda key, seen: False
    ) -> None:
        """Drop what is not expected and was not renewed for long, and what `also` names."""
        self._entries = {
            key: (value, seen)
            for key, (value, seen) in self._entries.items()
            if (now - seen <= FORGET_AFTER or self._expected(key)) and not also(key, seen)
        }

    def _make_room(self, key: K, now: float) -> bool:
        is_expected = self._expected(key)
        if not is_expected and now < self._full_until:
            return False
        strangers = (other for other in self._entries if not self._expected(other))
        oldest = min(strangers, key=lambda other: self._entries[other][1], default=None)
        if oldest is None:
            return False
        silent = now - self._entries[oldest][1] > self._silent_after
        if not (is_expected or silent):
            self._full_until = now + LOOK_AGAIN
            return False
        del self._entries[oldest]
        return True
