# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A clock that is set."""

from __future__ import annotations

from faults.fault import Fault
from faults.rig import Rig


class ClockJump(Fault):
    """The time that ROS tells is set, and set back when it is healed."""

    words = r'clock was set'
    hold = 2.0

    def __init__(self, seconds: float) -> None:
        self.name = f'ROS time jumps by {seconds:+.0f} s'
        self._seconds = seconds

    def inject(self, rig: Rig) -> None:
        rig.clock.jump(self._seconds)

    def heal(self, rig: Rig) -> None:
        rig.clock.jump(-self._seconds)
