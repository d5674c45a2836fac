# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the event handler classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .event import Event
from .some_entities_type import SomeEntitiesType

if TYPE_CHECKING:
    from .launch_context import LaunchContext


class BaseEventHandler:
    """Decides which events it handles, and stops handling after the first if asked to."""

    def __init__(self, *, matcher: Callable[[Event], bool], handle_once: bool = False) -> None:
        if not callable(matcher):
            raise TypeError(f'matcher of {type(self).__name__} must be callable, not {matcher!r}')
        if not isinstance(handle_once, bool):
            raise TypeError(f'handle_once of {type(self).__name__} must be a bool')
        self._matcher = matcher
        self._handle_once = handle_once

    @property
    def handle_once(self) -> bool:
        return self._handle_once

    @property
    def handler_description(self) -> str:
        """Return the name of what handles the event."""
        return type(self).__name__

    @property
    def matcher_description(self) -> str:
        """Return the name of what decides whether an event is handled."""
        return getattr(self._matcher, '__name__', repr(self._matcher))

    def matches(self, event: Event) -> bool:
        """Return whether this handler handles the event."""
        return self._matcher(event)

    def describe(self) -> tuple[str, list[SomeEntitiesType]]:
        """Return a text for a person, and the entities that handling would yield."""
        return f'{type(self).__name__}(matcher={self.matcher_description})', []

    def handle(self, event: Event, context: LaunchContext) -> SomeEntitiesType | None:
        """Handle the event; return the entities to visit next."""
        context.extend_locals({'event': event})
        if self._handle_once:
            context.unregister_event_handler(self)
        return None


class EventHandler(BaseEventHandler):
    """Yields fixed entities for every event that matches."""

    def __init__(
        self,
        *,
        matcher: Callable[[Event], bool],
        entities: SomeEntitiesType | None = None,
        handle_once: bool = False,
    ) -> None:
        super().__init__(matcher=matcher, handle_once=handle_once)
        self._entities = entities

    @property
    def entities(self) -> SomeEntitiesType | None:
        return self._entities

    def describe(self) -> tuple[str, list[SomeEntitiesType]]:
        text, _ = super().describe()
        return text, [] if self._entities is None else [self._entities]

    def handle(self, event: Event, context: LaunchContext) -> SomeEntitiesType | None:
        super().handle(event, context)
        return self._entities


