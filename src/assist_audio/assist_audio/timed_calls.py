# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Calls that may hang in a library."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar('T')


class TimedCalls:
    """Gives each call a thread of its own; one that does not end in time is left behind on it."""

    def __init__(self, name: str) -> None:
        """Name the threads."""
        self._name = name
        self._left: list[threading.Thread] = []

    @property
    def left_behind(self) -> int:
        """Return how many calls that were left behind still hang."""
        self._left = [thread for thread in self._left if thread.is_alive()]
        return len(self._left)

    def call(self, seconds: float, function: Callable[[], T]) -> T:
        """Return the result of a function that may take so long.

        Raises:
            TimeoutError: it took longer. Else what the function raised.
        """
        results: list[T] = []
        errors: list[Exception] = []

        def run() -> None:
            try:
                results.append(function())
            except Exception as error:
                errors.append(error)

        thread = threading.Thread(target=run, name=self._name, daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            self._left.append(thread)
            raise TimeoutError(f'it took longer than {seconds:g} s')
        if errors:
            # Taken out: an error whose frames hold it lives, with all that they hold, until a
            # full garbage collection.
            raise errors.pop()
        return results[0]
