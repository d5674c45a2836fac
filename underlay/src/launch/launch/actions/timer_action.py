# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the TimerAction action."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from ..action import Action
from ..event_handler import BaseEventHandler, EventHandler
from ..event_handlers import OnShutdown
from ..events import TimerEvent
from ..launch_context import LaunchContext
from ..launch_description_entity import LaunchDescriptionEntity
from ..some_substitutions_type import SomeSubstitutionsType
from ..utilities import normalize_to_list_of_entities, perform_seconds
from .opaque_function import OpaqueFunction


class TimerAction(Action):
    """Visits entities after a time, once, unless it is cancelled or the launch ends."""

    def __init__(
        self,
        *,
        period: float | SomeSubstitutionsType,
        actions: Iterable[LaunchDescriptionEntity],
        cancel_on_shutdown: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._period = period
        self._actions = normalize_to_list_of_entities(actions)
        self._cancel_on_shutdown = cancel_on_shutdown
        self._cancelled = False
        self._timer: asyncio.TimerHandle | None = None
        self._completed: asyncio.Future[None] | None = None
        self._locals: dict[str, Any] = {}
        self._handlers: list[BaseEventHandler] = []

    @property
    def period(self) -> float | SomeSubstitutionsType:
        return self._period

    @property
    def actions(self) -> list[LaunchDescriptionEntity]:
        return self._actions

    def describe_conditional_sub_entities(
        self,
    ) -> Sequence[tuple[str, Sequence[LaunchDescriptionEntity]]]:
        return [(f'{self._period} seconds pass without being cancelled', self._actions)]

    def cancel(self) -> None:
        """Do nothing when the time has passed; harmless if it has already."""
        self._cancelled = True
        if self._timer is not None:
            self._timer.cancel()
            self._complete()

    def execute(self, context: LaunchContext) -> None:
        if self._cancelled or (context.is_shutdown and self._cancel_on_shutdown):
            return
        period = perform_seconds(context, self._period, 'period of TimerAction')
        self._locals = context.get_locals_as_dict()
        self._completed = context.asyncio_loop.create_future()
        self._handlers = [
            EventHandler(
                matcher=lambda event: (
                    isinstance(event, TimerEvent) and event.timer_action is self
                ),
                entities=OpaqueFunction(function=self._fire),
            )
        ]
        if self._cancel_on_shutdown:
            self._handlers.append(OnShutdown(on_shutdown=lambda *_: self.cancel()))
        for handler in self._handlers:
            context.register_event_handler(handler)
        self._completed.add_done_callback(lambda _: self._unregister(context))
        event = TimerEvent(timer_action=self)
        self._timer = context.asyncio_loop.call_later(period, context.emit_event_sync, event)

    def _fire(self, context: LaunchContext) -> list[LaunchDescriptionEntity]:
        # What a shutdown cancelled may have been queued already.
        if self._cancelled:
            return []
        self._complete()
        context.extend_locals(self._locals)
        return self._actions

    def _complete(self) -> None:
        if self._completed is not None and not self._completed.done():
            self._completed.set_result(None)

    def _unregister(self, context: LaunchContext) -> None:
        for handler in self._handlers:
            context.unregister_event_handler(handler)

    def get_asyncio_future(self) -> asyncio.Future[None] | None:
        return self._completed
