# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the EmitEvent action."""

from __future__ import annotations

from typing import Any

from ..action import Action
from ..event import Event
from ..launch_context import LaunchContext


class EmitEvent(Action):
    """Emits an event."""

    def __init__(self, *, event: Event, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(event, Event):
            raise TypeError(f'event of EmitEvent must be a launch.Event, not {event!r}')
        self._event = event

    @property
    def event(self) -> Event:
        return self._event

    def execute(self, context: LaunchContext) -> None:
        context.emit_event_sync(self._event)
