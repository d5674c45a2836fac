# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ShutdownProcess event."""

from .process_targeted_event import ProcessTargetedEvent


class ShutdownProcess(ProcessTargetedEvent):
    """The selected processes are to end."""

    name = 'launch.events.process.ShutdownProcess'
