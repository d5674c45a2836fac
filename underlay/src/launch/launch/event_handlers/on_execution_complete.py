# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the OnExecutionComplete class."""

from __future__ import annotations

from ..action import Action
from ..events import ExecutionComplete
from .on_action_event_base import ActionMatcher, OnActionEventBase, OnEvent


class OnExecutionComplete(OnActionEventBase):
    """Does something when the execution of an action is complete."""

    def __init__(
        self,
        *,
        target_action: ActionMatcher = None,
        on_completion: OnEvent,
        handle_once: bool = False,
    ) -> None:
        super().__init__(
            action_matcher=target_action,
            on_event=on_completion,
            target_event_cls=ExecutionComplete,
            target_action_cls=Action,
            handle_once=handle_once,
        )
