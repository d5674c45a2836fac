# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Say the same thing once, then count."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class _Entry:
    said_at: float
    held_back: int = 0


class Reporter:
    """Pass a message on unless the same key was passed on within the interval.

    The next one that passes says how many were held back. The time is given as an argument, in
    seconds on any steady clock.
    """

    def __init__(self, interval: float = 10.0) -> None:
        self._interval = interval
        self._entries: dict[str, _Entry] = {}
        self._lock = threading.Lock()

    def report(self, key: str, text: str, now: float, write: Callable[[str], object]) -> bool:
        """Write the text, or hold it back and return False."""
        with self._lock:
            entry = self._entries.get(key)
            if entry and now - entry.said_at < self._interval:
                entry.held_back += 1
                return False
            held_back = entry.held_back if entry else 0
            self._entries[key] = _Entry(now)
        write(f'{text} ({held_back} more like this were not shown)' if held_back else text)
        return True
