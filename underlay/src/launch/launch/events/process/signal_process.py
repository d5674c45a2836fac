# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the SignalProcess event."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

from .process_targeted_event import ProcessTargetedEvent


class SignalProcess(ProcessTargetedEvent):
    """The selected processes are to get a signal."""

    name = 'launch.events.process.SignalProcess'

    def __init__(
        self,
        *,
        signal_number: str | signal.Signals | int,
        process_matcher: Callable[[Any], bool],
    ) -> None:
        super().__init__(process_matcher=process_matcher)
        try:
            if isinstance(signal_number, str):
                self._signal = signal.Signals[signal_number]
            else:
                self._signal = signal.Signals(signal_number)
        except (KeyError, ValueError):
            raise ValueError(
                f'signal_number of SignalProcess must be a signal such as SIGINT, '
                f'not {signal_number!r}'
            ) from None

    @property
    def signal(self) -> signal.Signals:
        return self._signal

    @property
    def signal_name(self) -> str:
        return self._signal.name
