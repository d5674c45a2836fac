# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the Shutdown action."""

from __future__ import annotations

from typing import Any

from .. import logging
from ..events import Shutdown as ShutdownEvent
from ..events.process import ProcessExited
from ..launch_context import LaunchContext
from .emit_event import EmitEvent


class Shutdown(EmitEvent):
    """Ends the launch: every launched process is stopped."""

    def __init__(self, *, reason: str = 'reason not given', **kwargs: Any) -> None:
        super().__init__(event=ShutdownEvent(reason=reason), **kwargs)

    def execute(self, context: LaunchContext) -> None:
        if context.is_shutdown:
            return
        event = context.get_locals_as_dict().get('event')
        if isinstance(event, ProcessExited):
            logging.get_logger('launch').info(
                f'process[{event.process_name}] was required: shutting down launched system'
            )
        super().execute(context)
