# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the OnShutdown class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Union

from ..event import Event
from ..event_handler import BaseEventHandler
from ..events import Shutdown
from ..launch_context import LaunchContext
from ..some_entities_type import SomeEntitiesType
from ..utilities import normalize_to_list_of_entities

WhatToDo = Union[  # noqa: UP007
    SomeEntitiesType,
    Callable[[Shutdown, LaunchContext], Union[SomeEntitiesType, None]],  # noqa: UP007
]


class OnShutdown(BaseEventHandler):
    """Does something when the launch is to end."""

    def __init__(self, *, on_shutdown: WhatToDo, handle_once: bool = False) -> None:
        super().__init__(
            matcher=lambda event: isinstance(event, Shutdown), handle_once=handle_once
        )
        self._callable = on_shutdown if callable(on_shutdown) else None
        self._entities = [] if callable(on_shutdown) else normalize_to_list_of_entities(on_shutdown)

    def describe(self) -> tuple[str, list[SomeEntitiesType]]:
        return 'OnShutdown()', list(self._entities)

    def handle(self, event: Event, context: LaunchContext) -> SomeEntitiesType | None:
        super().handle(event, context)
        if self._callable is None:
            return self._entities
        assert isinstance(event, Shutdown)
        return self._callable(event, context)
