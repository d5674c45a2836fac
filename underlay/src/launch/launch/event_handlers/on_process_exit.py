# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the OnProcessExit class."""

from __future__ import annotations

from ..events.process import ProcessExited
from .on_action_event_base import ActionMatcher, OnActionEventBase, OnEvent


class OnProcessExit(OnActionEventBase):
    """Does something when a process has exited."""

    def __init__(
        self,
        *,
        target_action: ActionMatcher = None,
        on_exit: OnEvent,
        handle_once: bool = False,
    ) -> None:
        from ..actions.execute_local import ExecuteLocal

        super().__init__(
            action_matcher=target_action,
            on_event=on_exit,
            target_event_cls=ProcessExited,
            target_action_cls=ExecuteLocal,
            handle_once=handle_once,
        )
