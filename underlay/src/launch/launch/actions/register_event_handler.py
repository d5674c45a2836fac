# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the RegisterEventHandler action."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..action import Action
from ..event_handler import BaseEventHandler
from ..launch_context import LaunchContext
from ..launch_description_entity import LaunchDescriptionEntity
from ..utilities import normalize_to_list_of_entities


class RegisterEventHandler(Action):
    """Registers an event handler."""

    def __init__(self, event_handler: BaseEventHandler, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(event_handler, BaseEventHandler):
            raise TypeError(
                'event_handler of RegisterEventHandler must be an event handler, '
                f'not {event_handler!r}'
            )
        self._event_handler = event_handler

    @property
    def event_handler(self) -> BaseEventHandler:
        return self._event_handler

    def describe_conditional_sub_entities(
        self,
    ) -> Sequence[tuple[str, Sequence[LaunchDescriptionEntity]]]:
        text, entities = self._event_handler.describe()
        return [(text, normalize_to_list_of_entities(entities))]  # type: ignore[arg-type]

    def execute(self, context: LaunchContext) -> None:
        context.register_event_handler(self._event_handler)
