# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What detector_node knows of the images that come: how many, how old, and what is wrong."""

from __future__ import annotations

from assist_common.component import Component
from assist_common.conversions import to_seconds
from assist_common.errors import InputError
from diagnostic_msgs.msg import DiagnosticStatus
from std_msgs.msg import Header

from assist_vision.timeline import FUTURE, Timeline


class ImageStream:
    """Watches the images of a camera; what comes of them is up to the node."""

    def __init__(self, node: Component) -> None:
        self.received = 0
        self.last = node.steady()
        """When an image came last, s on the steady clock."""
        self.refusal = ''
        """Why the newest image could not be used; empty: it could."""
        self._node = node
        self._timeline = Timeline()
        self._header: Header | None = None
        self._silent = False

    def receive(self) -> float:
        """Count an image, and return when it came, s on the steady clock."""
        self.received += 1
        self.last = self._node.steady()
        return self.last

    def take(self, header: Header) -> float | None:
        """Return the time of an image in s; None when a newer one was looked at before."""
        self._header = header
        now = to_seconds(self._node.now())
        return self._timeline.take(to_seconds(header.stamp), now, self._node.steady())

    def refuse(self, error: InputError) -> None:
        """Take note that an image cannot be used."""
        self.refusal = str(error)

    def forget(self) -> None:
        """Begin anew."""
        self.received = 0
        self.last = self._node.steady()
        self.refusal = ''
        self._header = None
        self._silent = False
        self._timeline.reset()

    def watch(self, timeout: float) -> None:
        """Log when the images stop, and when they come again."""
        silent = self._node.steady() - self.last > timeout
        if silent and not self._silent:
            self._node.log.warning(f'No image has come for {timeout:g} s; look at the camera.')
        elif self._silent and not silent:
            self._node.log.info('Images come again.')
        self._silent = silent

    def diagnose(self, status: DiagnosticStatus, timeout: float) -> DiagnosticStatus:
        """Report how the images come; STALE when none do."""
        silence = self._node.steady() - self.last
        if not self._node.is_active:
            status.summary(DiagnosticStatus.OK, 'not started')
            return status
        if silence > timeout:
            text = f'no image for {silence:.1f} s' if self.received else 'no image yet'
            status.summary(DiagnosticStatus.STALE, text)
        elif self.refusal:
            status.summary(DiagnosticStatus.WARN, self.refusal)
        else:
            fault = self._fault(timeout)
            level = DiagnosticStatus.WARN if fault else DiagnosticStatus.OK
            status.summary(level, fault or 'images come')
        status.add('received', str(self.received))
        status.add('late', str(self._timeline.late))
        status.add('wrong stamps', str(self._timeline.implausible))
        status.add('age of the newest', f'{silence:.2f} s')
        return status

    def _fault(self, timeout: float) -> str:
        """Return what is wrong with the stamp of the newest image."""
        if self._header is None:
            return ''
        if not to_seconds(self._header.stamp):
            return 'the images have no stamp; look at the camera driver'
        age = self._node.age(self._header)
        if age < -FUTURE:
            return 'the stamps are from the future; set the clocks'
        if age > timeout:
            return f'the stamps are {age:.1f} s old; set the clocks or look at the network'
        return ''
