# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ProcessStdout event."""

from __future__ import annotations

from typing import Any

from .process_io import ProcessIO


class ProcessStdout(ProcessIO):
    """A process has written something to its stdout."""

    name = 'launch.events.process.ProcessStdout'

    def __init__(self, *, text: bytes, **details: Any) -> None:
        super().__init__(text=text, fd=1, **details)
