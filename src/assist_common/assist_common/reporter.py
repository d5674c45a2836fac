# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Say the same thing once, then count."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

MOST = 200
"""Keys that are known at a time."""


@dataclass
class _Entry:
    said_at: float
    held_back: int = 0


class Reporter:
    """Pass a message on unless the same key was passed on within the interval.

    The next one that passes says how many were held back. Of keys that differ, no more than MOST
    pass within the interval: what others send must not fill the log. The time is given as an
    argument, in seconds on any steady clock.
    """

    def __init__(self, interval: float = 10.0) -> None:
        self._interval = interval
        self._entries: dict[str, _Entry] = {}
        self._overflow = 0
        self._lock = threading.Lock()

    def report(self, key: str, text: str, now: float, write: Callable[[str], object]) -> bool:
        """Write the text, or hold it back and return False."""
        with self._lock:
            entry = self._entries.get(key)
            if entry and now - entry.said_at < self._interval:
                entry.held_back += 1
                return False
            if entry is None and not self._has_room(now):
                self._overflow += 1
                return False
            held_back = entry.held_back if entry else 0
            self._entries[key] = _Entry(now)
            overflow, self._overflow = self._overflow, 0
        if held_back:
            text = f'{text} ({held_back} more like this were not shown)'
        write(f'{text} ({overflow} others were not shown)' if overflow else text)
        return True

    def _has_room(self, now: float) -> bool:
        if len(self._entries) >= MOST:
            self._entries = {
                key: entry
                for key, entry in self._entries.items()
                if now - entry.said_at < self._interval
            }
        return len(self._entries) < MOST
