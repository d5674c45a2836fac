# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A thread of its own for work that would hold up the executor."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar('T')


class Worker(Generic[T]):
    """Call a function with every item that is put, one after the other, on one thread.

    An ordinary worker keeps what is put in order and refuses when `capacity` items wait. One that
    takes the newest only replaces what still waits. Both count what they lost.
    """

    def __init__(
        self,
        function: Callable[[T], Any],
        *,
        capacity: int = 32,
        newest_only: bool = False,
        name: str = 'worker',
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        if capacity < 1:
            raise ValueError('Worker needs a capacity of at least 1')
        self.name = name
        self.newest_only = newest_only
        self.capacity = 1 if newest_only else capacity
        self.dropped = 0
        self.done = 0
        self._function = function
        self._on_error = on_error
        self._items: deque[T] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._running = False
        self._busy_since: float | None = None

    def put(self, item: T) -> bool:
        """Hand over an item; False when something was lost: this one, or the one it replaced."""
        with self._changed:
            lost = len(self._items) >= self.capacity
            if lost:
                self.dropped += 1
                if not self.newest_only:
                    return False
                self._items.clear()
            self._items.append(item)
            self._changed.notify()
            return not lost

    @property
    def pending(self) -> int:
        """Return the number of items that wait."""
        return len(self._items)

    @property
    def busy_seconds(self) -> float:
        """Return how long the running call has taken; 0 when idle."""
        since = self._busy_since
        return 0.0 if since is None else time.monotonic() - since

    def start(self) -> None:
        """Start the thread, with nothing waiting."""
        with self._changed:
            self._items.clear()
            self._running = True
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> bool:
        """End the thread after the running call; False when that takes longer than the time-out.

        What still waits is thrown away.
        """
        with self._changed:
            self._running = False
            self._items.clear()
            self._changed.notify_all()
        thread, self._thread = self._thread, None
        if thread is None or thread is threading.current_thread():
            return True
        thread.join(timeout)
        return not thread.is_alive()

    def _run(self) -> None:
        while self._is_current():
            with self._changed:
                while self._is_current() and not self._items:
                    self._changed.wait()
                if not self._is_current():
                    return
                item = self._items.popleft()
            self._call(item)

    def _is_current(self) -> bool:
        # A thread that was abandoned in a call must not go on beside its successor.
        return self._running and self._thread is threading.current_thread()

    def _call(self, item: T) -> None:
        self._busy_since = time.monotonic()
        try:
            self._function(item)
        except Exception as error:
            if self._on_error is None:
                raise
            self._on_error(error)
        finally:
            self._busy_since = None
            self.done += 1
