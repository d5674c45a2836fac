# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ProcessTargetedEvent event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...event import Event


class ProcessTargetedEvent(Event):
    """Something that is meant for the processes that a matcher selects."""

    name = 'launch.events.process.ProcessTargetedEvent'

    def __init__(self, *, process_matcher: Callable[[Any], bool]) -> None:
        if not callable(process_matcher):
            raise TypeError(
                f'process_matcher of {type(self).__name__} must be callable, '
                f'not {process_matcher!r}'
            )
        self._process_matcher = process_matcher

    @property
    def process_matcher(self) -> Callable[[Any], bool]:
        return self._process_matcher
