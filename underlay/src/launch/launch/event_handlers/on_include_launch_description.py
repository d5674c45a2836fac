# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the OnIncludeLaunchDescription class."""

from __future__ import annotations

from typing import Any

from ..event import Event
from ..event_handler import BaseEventHandler
from ..events import IncludeLaunchDescription
from ..launch_context import LaunchContext
from ..some_entities_type import SomeEntitiesType


class OnIncludeLaunchDescription(BaseEventHandler):
    """Launches the launch description of an event."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            matcher=lambda event: isinstance(event, IncludeLaunchDescription), **kwargs
        )

    def handle(self, event: Event, context: LaunchContext) -> SomeEntitiesType:
        super().handle(event, context)
        assert isinstance(event, IncludeLaunchDescription)
        return event.launch_description
