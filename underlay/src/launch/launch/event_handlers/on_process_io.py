# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the OnProcessIO class."""

from __future__ import annotations

from collections.abc import Callable

from ..events.process import ProcessIO
from ..launch_context import LaunchContext
from ..some_entities_type import SomeEntitiesType
from .on_action_event_base import ActionMatcher, OnActionEventBase

OnOutput = Callable[[ProcessIO], 'SomeEntitiesType | None']


class OnProcessIO(OnActionEventBase):
    """Does something with what a process writes."""

    def __init__(
        self,
        *,
        target_action: ActionMatcher = None,
        on_stdout: OnOutput | None = None,
        on_stderr: OnOutput | None = None,
        handle_once: bool = False,
    ) -> None:
        from ..actions.execute_local import ExecuteLocal

        for name, function in (('on_stdout', on_stdout), ('on_stderr', on_stderr)):
            if function is not None and not callable(function):
                raise TypeError(f'{name} of OnProcessIO must be callable, not {function!r}')
        self._on_stdout = on_stdout
        self._on_stderr = on_stderr
        super().__init__(
            action_matcher=target_action,
            on_event=self._on_output,
            target_event_cls=ProcessIO,
            target_action_cls=ExecuteLocal,
            handle_once=handle_once,
        )

    def _on_output(self, event: ProcessIO, context: LaunchContext) -> SomeEntitiesType | None:
        function = self._on_stdout if event.from_stdout else self._on_stderr
        return None if function is None else function(event)
