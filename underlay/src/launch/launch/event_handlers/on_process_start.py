# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the OnProcessStart class."""

from __future__ import annotations

from ..events.process import ProcessStarted
from .on_action_event_base import ActionMatcher, OnActionEventBase, OnEvent


class OnProcessStart(OnActionEventBase):
    """Does something when a process has started."""

    def __init__(
        self,
        *,
        target_action: ActionMatcher = None,
        on_start: OnEvent,
        handle_once: bool = False,
    ) -> None:
        from ..actions.execute_local import ExecuteLocal

        super().__init__(
            action_matcher=target_action,
            on_event=on_start,
            target_event_cls=ProcessStarted,
            target_action_cls=ExecuteLocal,
            handle_once=handle_once,
        )
