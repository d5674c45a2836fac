# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ExecutionComplete event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..event import Event

if TYPE_CHECKING:
    from ..action import Action


class ExecutionComplete(Event):
    """The execution of an action is complete."""

    name = 'launch.events.ExecutionComplete'

    def __init__(self, *, action: Action) -> None:
        self._action = action

    @property
    def action(self) -> Action:
        return self._action
