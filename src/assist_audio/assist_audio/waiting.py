# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Wait in a service callback without holding up the executor."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from typing import TypeVar

T = TypeVar('T')

_NAP = 0.005


class _NextTurn:
    """Lets the executor run whatever else is ready."""

    def __await__(self) -> Generator[None, None, None]:
        yield


async def finished(function: Callable[[], T]) -> T:
    """Return the result of a function that runs on a thread of its own, or raise its error."""
    done = threading.Event()
    results: list[T] = []
    errors: list[Exception] = []

    def work() -> None:
        try:
            results.append(function())
        except Exception as error:
            errors.append(error)
        finally:
            done.set()

    threading.Thread(target=work, name='service', daemon=True).start()
    # The executor resumes a waiting coroutine at once, again and again: the nap keeps it calm.
    while not done.wait(_NAP):
        await _NextTurn()
    if errors:
        raise errors[0]
    return results[0]
