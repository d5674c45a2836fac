# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Devices that go away."""

from __future__ import annotations

from faults.fault import Fault
from faults.rig import Rig


class MicrophoneLoss(Fault):
    """No sound comes any more."""

    name = 'microphone lost'
    words = r'audio_node.*(nothing has come|stale)'
    hold = 2.0

    def inject(self, rig: Rig) -> None:
        rig.person.unplug()

    def heal(self, rig: Rig) -> None:
        rig.person.plug()


class CameraLoss(Fault):
    """The stream of the camera ends, and it does not answer."""

    name = 'camera lost'
    words = r'camera_node.*(stopped|not open|no frame|stale)'
    hold = 3.0

    def inject(self, rig: Rig) -> None:
        rig.camera.unplug()

    def heal(self, rig: Rig) -> None:
        rig.camera.plug()
