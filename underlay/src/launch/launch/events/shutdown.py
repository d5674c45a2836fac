# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the Shutdown event."""

from __future__ import annotations

from ..event import Event


class Shutdown(Event):
    """The launch is to end."""

    name = 'launch.events.Shutdown'

    def __init__(
        self, *, reason: str = 'reason not given', due_to_sigint: bool = False
    ) -> None:
        self._reason = reason
        self._due_to_sigint = due_to_sigint

    @property
    def reason(self) -> str:
        return self._reason

    @property
    def due_to_sigint(self) -> bool:
        return self._due_to_sigint
