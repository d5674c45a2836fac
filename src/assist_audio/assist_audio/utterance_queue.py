# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What the robot is to say, in the order in which it will."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from enum import IntEnum


class Priority(IntEnum):
    """Of an utterance; see assist_msgs/Utterance."""

    LOW = 0
    NORMAL = 1
    HIGH = 2
    URGENT = 3


@dataclass(frozen=True)
class QueuedUtterance:
    """A text to say; deadline in seconds on the steady clock, infinite when it never expires."""

    text: str
    priority: Priority = Priority.NORMAL
    deadline: float = float('inf')


class UtteranceQueue:
    """Orders utterances and forgets those that are out of date. Safe for several threads."""

    def __init__(self, capacity: int = 32) -> None:
        self._capacity = capacity
        self._waiting: deque[QueuedUtterance] = deque()
        self._lock = threading.Lock()
        self.dropped = 0
        self.expired = 0

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def put(self, utterance: QueuedUtterance) -> bool:
        """Add an utterance; False when the queue is full and it was dropped.

        LOW is dropped when anything else waits, and gives way to whatever comes later; HIGH goes
        before all that is less; URGENT empties the queue.
        """
        with self._lock:
            if utterance.priority == Priority.URGENT:
                self._drop(len(self._waiting))
            elif utterance.priority == Priority.LOW and self._waiting:
                self.dropped += 1
                return True
            lows = [item for item in self._waiting if item.priority == Priority.LOW]
            for item in lows:
                self._waiting.remove(item)
            self.dropped += len(lows)
            if len(self._waiting) >= self._capacity:
                self.dropped += 1
                return False
            self._waiting.insert(self._place(utterance.priority), utterance)
            return True

    def take(self, now: float) -> QueuedUtterance | None:
        """Return the next utterance that has not expired at this steady time, s."""
        with self._lock:
            while self._waiting:
                utterance = self._waiting.popleft()
                if now <= utterance.deadline:
                    return utterance
                self.expired += 1
            return None

    def clear(self) -> None:
        """Drop all that waits."""
        with self._lock:
            self._drop(len(self._waiting))

    def _drop(self, count: int) -> None:
        self.dropped += count
        self._waiting.clear()

    def _place(self, priority: Priority) -> int:
        if priority < Priority.HIGH:
            return len(self._waiting)
        return sum(item.priority >= priority for item in self._waiting)
