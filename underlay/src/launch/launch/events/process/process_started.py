# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ProcessStarted event."""

from .running_process_event import RunningProcessEvent


class ProcessStarted(RunningProcessEvent):
    """A process has started."""

    name = 'launch.events.process.ProcessStarted'
