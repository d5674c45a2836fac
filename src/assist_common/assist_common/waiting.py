# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Wait in a service callback without holding up the executor."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from rclpy.executors import Executor
from rclpy.task import Future

T = TypeVar('T')


async def finished(executor: Executor | None, function: Callable[[], T]) -> T:
    """Return the result of a function that runs on a thread of its own, or raise its error.

    The service needs a callback group of its own, or nothing else of its group runs meanwhile.
    """
    future: Future = Future(executor=executor)
    # A future wakes the executor only when it has a callback to run.
    future.add_done_callback(lambda _: None)

    def work() -> None:
        try:
            future.set_result(function())
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=work, name='service', daemon=True).start()
    result: Any = await future
    return result
