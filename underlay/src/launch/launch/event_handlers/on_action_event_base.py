# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the OnActionEventBase class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Union

from ..action import Action
from ..event import Event
from ..event_handler import BaseEventHandler
from ..launch_context import LaunchContext
from ..launch_description_entity import LaunchDescriptionEntity
from ..some_entities_type import SomeEntitiesType
from ..utilities import normalize_to_list_of_entities

OnEvent = Union[  # noqa: UP007
    SomeEntitiesType, Callable[[Any, LaunchContext], Union[SomeEntitiesType, None]]  # noqa: UP007
]
ActionMatcher = Union[Action, Callable[[Action], bool], None]  # noqa: UP007


class OnActionEventBase(BaseEventHandler):
    """Handles the events of one class that come from one action, or from those of a matcher."""

    def __init__(
        self,
        *,
        action_matcher: ActionMatcher,
        on_event: OnEvent,
        target_event_cls: type[Event],
        target_action_cls: type[Action],
        handle_once: bool = False,
    ) -> None:
        owner = type(self).__name__
        if isinstance(action_matcher, Action):
            if not isinstance(action_matcher, target_action_cls):
                raise ValueError(
                    f'{owner} needs an action of type {target_action_cls.__name__}, '
                    f'not {type(action_matcher).__name__}'
                )
        elif action_matcher is not None and not callable(action_matcher):
            raise TypeError(
                f'the target of {owner} must be an action or a callable, not {action_matcher!r}'
            )
        self._target = action_matcher
        self._event_class = target_event_cls
        self._callable: Callable[..., SomeEntitiesType | None] | None = None
        self._entities: list[LaunchDescriptionEntity] = []
        if callable(on_event):
            self._callable = on_event
        else:
            self._entities = normalize_to_list_of_entities(on_event)
        super().__init__(matcher=self._is_targeted, handle_once=handle_once)

    @property
    def entities(self) -> list[LaunchDescriptionEntity]:
        return self._entities

    def describe(self) -> tuple[str, list[SomeEntitiesType]]:
        return f'{type(self).__name__}(target={self._target!r})', list(self._entities)

    def _is_targeted(self, event: Event) -> bool:
        if not isinstance(event, self._event_class):
            return False
        action = event.action  # type: ignore[attr-defined]
        if self._target is None or self._target is action:
            return True
        return not isinstance(self._target, Action) and self._target(action)

    def handle(self, event: Event, context: LaunchContext) -> SomeEntitiesType | None:
        super().handle(event, context)
        return self._entities if self._callable is None else self._callable(event, context)
