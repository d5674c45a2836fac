# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the UnregisterEventHandler action."""

from __future__ import annotations

from typing import Any

from ..action import Action
from ..event_handler import BaseEventHandler
from ..launch_context import LaunchContext


class UnregisterEventHandler(Action):
    """Unregisters an event handler."""

    def __init__(self, event_handler: BaseEventHandler, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._event_handler = event_handler

    @property
    def event_handler(self) -> BaseEventHandler:
        return self._event_handler

    def execute(self, context: LaunchContext) -> None:
        context.unregister_event_handler(self._event_handler)
