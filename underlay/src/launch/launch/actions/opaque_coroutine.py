# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the OpaqueCoroutine action."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from ..action import Action
from ..event_handlers import OnShutdown
from ..launch_context import LaunchContext


class OpaqueCoroutine(Action):
    """Runs a coroutine function with the launch context; a shutdown cancels it."""

    def __init__(
        self,
        *,
        coroutine: Callable[..., Awaitable[None]],
        args: Iterable[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        ignore_context: bool = False,
        **left_over_kwargs: Any,
    ) -> None:
        super().__init__(**left_over_kwargs)
        if not inspect.iscoroutinefunction(coroutine):
            raise TypeError(
                f'coroutine of OpaqueCoroutine must be a coroutine function, not {coroutine!r}'
            )
        self._coroutine = coroutine
        self._args = tuple(args)
        self._kwargs = dict(kwargs or {})
        self._ignore_context = ignore_context
        self._future: asyncio.Task[None] | None = None

    def execute(self, context: LaunchContext) -> None:
        args = self._args if self._ignore_context else (context, *self._args)
        task = context.asyncio_loop.create_task(self._coroutine(*args, **self._kwargs))
        self._future = task
        context.register_event_handler(OnShutdown(on_shutdown=lambda *_: _cancel(task)))

    def get_asyncio_future(self) -> asyncio.Future[None] | None:
        return self._future


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
