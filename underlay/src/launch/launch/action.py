# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the Action class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ._unsupported import refuse_unknown_arguments
from .condition import Condition
from .launch_description_entity import LaunchDescriptionEntity

if TYPE_CHECKING:
    from .launch_context import LaunchContext


class Action(LaunchDescriptionEntity):
    """Something that a launch description does, if its condition holds."""

    def __init__(self, *, condition: Condition | None = None, **unknown: Any) -> None:
        refuse_unknown_arguments(self, unknown)
        if condition is not None and not isinstance(condition, Condition):
            raise TypeError(
                f'condition of {type(self).__name__} must be a launch.Condition, '
                f'not {condition!r}'
            )
        self._condition = condition

    @property
    def condition(self) -> Condition | None:
        return self._condition

    def describe(self) -> str:
        return f'{type(self).__name__}()'

    def get_sub_entities(self) -> Sequence[LaunchDescriptionEntity]:
        """Return the entities that executing this action would yield, for introspection."""
        return []

    def describe_sub_entities(self) -> Sequence[LaunchDescriptionEntity]:
        return self.get_sub_entities() if self._condition is None else []

    def describe_conditional_sub_entities(
        self,
    ) -> Sequence[tuple[str, Sequence[LaunchDescriptionEntity]]]:
        if self._condition is None:
            return []
        return [(f'Conditionally included by {self.describe()}', self.get_sub_entities())]

    def visit(self, context: LaunchContext) -> Sequence[LaunchDescriptionEntity] | None:
        """Execute the action if its condition holds, and tell who waits for its completion."""
        if self._condition is not None and not self._condition.evaluate(context):
            return None
        try:
            return self.execute(context)
        finally:
            self._announce_completion(context)

    def execute(self, context: LaunchContext) -> Sequence[LaunchDescriptionEntity] | None:
        """Do the work of this action; return the entities to visit next."""
        return None

    def _announce_completion(self, context: LaunchContext) -> None:
        from .events import ExecutionComplete

        event = ExecutionComplete(action=self)
        if not context.would_handle_event(event):
            return
        future = self.get_asyncio_future()
        if future is None:
            context.emit_event_sync(event)
        else:
            future.add_done_callback(lambda _: context.emit_event_sync(event))
