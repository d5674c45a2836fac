# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the OnStateTransition class."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from launch import Event, EventHandler, SomeEntitiesType

from ..events.lifecycle import StateTransition

if TYPE_CHECKING:
    from ..actions import LifecycleNode


class OnStateTransition(EventHandler):
    """Does something when a lifecycle node has made a transition; what is None matches all."""

    def __init__(
        self,
        *,
        entities: SomeEntitiesType,
        target_lifecycle_node: LifecycleNode | None = None,
        transition: str | None = None,
        start_state: str | None = None,
        goal_state: str | None = None,
        matcher: Callable[[Event], bool] | None = None,
        handle_once: bool = False,
    ) -> None:
        if matcher is not None and (
            target_lifecycle_node or transition or start_state or goal_state
        ):
            raise ValueError('OnStateTransition takes either a matcher or what it is to match')
        super().__init__(
            matcher=matcher or self._is_meant, entities=entities, handle_once=handle_once
        )
        self._node = target_lifecycle_node
        self._transition = transition
        self._start_state = start_state
        self._goal_state = goal_state

    def _is_meant(self, event: Event) -> bool:
        return (
            isinstance(event, StateTransition)
            and self._node in (None, event.action)
            and self._transition in (None, event.transition)
            and self._start_state in (None, event.start_state)
            and self._goal_state in (None, event.goal_state)
        )
