# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Processes that die or hang."""

from __future__ import annotations

import signal

from faults.fault import Fault
from faults.rig import Rig


class Kill(Fault):
    """A node dies."""

    detect_within = 1.0
    passes = True

    def __init__(self, node: str) -> None:
        self.name = f'{node} dies (SIGKILL)'
        self.words = rf'{node} (\(process \d+\) has died|is not running)'
        self._node = node
        if node == 'supervisor_node':
            # Nobody in the graph hears of it before the launch has started it again.
            self.words = r'supervisor_node.*process has died'

    def inject(self, rig: Rig) -> None:
        rig.process(self._node).send_signal(signal.SIGKILL)


class Freeze(Fault):
    """A node hangs."""

    passes = True

    def __init__(self, node: str) -> None:
        self.name = f'{node} hangs (SIGSTOP)'
        self.words = f'{node} (has been silent|does not react)'
        self._node = node

    def inject(self, rig: Rig) -> None:
        rig.process(self._node).send_signal(signal.SIGSTOP)
