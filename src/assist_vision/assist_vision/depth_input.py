# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What a node receives besides the image to know where things are, and what of it is missing."""

from __future__ import annotations

from dataclasses import dataclass

from assist_common import qos
from assist_common.component import Component
from assist_common.conversions import to_seconds
from assist_common.errors import InputError
from diagnostic_msgs.msg import DiagnosticStatus
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import Header

from assist_vision import conversions
from assist_vision.depth import DepthView, Pinhole, Sight, Transform
from assist_vision.transforms import Transforms

SOURCES = ('auto', 'on', 'off')
_REMINDER = 10.0
"""Seconds between two lines of the log on what is missing."""
_NAMELESS = InputError('the image has no frame_id', 'set it in the camera driver')
_KEPT = 8
"""Depth images of a quarter of a second at 30 Hz; the detector is not later than that."""


@dataclass(frozen=True)
class DepthOptions:
    """What is expected of depth."""

    required: bool
    """Without it something is wrong."""
    rectified: bool
    tolerance: float
    """Largest difference between the stamps of colour, depth and tf, s."""
    base_frame: str


class DepthInput:
    """Subscribes depth, camera_info and tf, and finds what belongs to an image.

    Nothing waits: what has not come by the time that an image is worked on is missing.
    """

    def __init__(
        self, node: Component, options: DepthOptions, *, depth: int, reliability: str
    ) -> None:
        self._node = node
        self._options = options
        self._images: tuple[Image, ...] = ()
        self._info: CameraInfo | None = None
        self._transforms = Transforms(node)
        self._fault = ''
        self._frame = ''
        self._difference = 0.0
        profile = qos.input_profile(depth, reliability)
        node.create_subscription(Image, 'depth/image_raw', self._take_image, profile)
        node.create_subscription(CameraInfo, 'camera_info', self._take_info, profile)
        node.add_diagnostic('depth', self.diagnose)

    def find(self, header: Header, width: int, height: int) -> Sight | None:
        """Return the depth that belongs to an image, or None: then it stays flat."""
        if not self._images:
            return None
        if not header.frame_id:
            self._conclude('', _NAMELESS)
            return None
        try:
            view = self._view(header, width, height)
        except InputError as error:
            self._conclude('', error)
            return None
        transform = self._to_base(header)
        return Sight(view, transform, in_base=transform.frame == self._options.base_frame)

    @property
    def camera(self) -> Pinhole | None:
        """The camera as camera_info describes it, if it does."""
        try:
            return self._camera()
        except InputError:
            return None

    def forget(self) -> None:
        """Wait for new images."""
        self._images = ()
        self._fault = ''

    def diagnose(self, status: DiagnosticStatus) -> DiagnosticStatus:
        """Report whether objects get places, and if not what is missing."""
        if self._fault:
            status.summary(DiagnosticStatus.WARN, self._fault)
        elif self._images:
            status.summary(DiagnosticStatus.OK, 'depth is used')
        elif self._options.required and self._node.is_active:
            status.summary(DiagnosticStatus.WARN, 'no depth image has come')
        else:
            status.summary(DiagnosticStatus.OK, 'no depth, so objects have no places')
        status.add('position frame', self._frame or 'none')
        status.add('difference of the stamps', f'{self._difference * 1e3:.0f} ms')
        return status

    def _take_image(self, message: Image) -> None:
        self._images = (*self._images[1 - _KEPT :], message)

    def _take_info(self, message: CameraInfo) -> None:
        self._info = message

    def _view(self, header: Header, width: int, height: int) -> DepthView:
        nearest = min(self._images, key=lambda each: abs(_apart(each.header, header)))
        self._difference = _apart(nearest.header, header)
        if abs(self._difference) > self._options.tolerance:
            raise InputError(
                'the depth image nearest in time is '
                f'{abs(self._difference):.2f} s from the colour image',
                'synchronise the cameras or raise depth_tolerance',
            )
        return DepthView(conversions.from_depth(nearest), self._camera(), width, height)

    def _camera(self) -> Pinhole:
        info = self._info
        if info is None:
            raise InputError(
                'no camera_info has come', 'publish it beside the image, or remap camera_info'
            )
        return conversions.from_camera_info(info, rectified=self._options.rectified)

    def _to_base(self, header: Header) -> Transform:
        options = self._options
        try:
            found = self._transforms.find(options.base_frame, header, options.tolerance)
        except InputError as error:
            self._conclude(header.frame_id, error)
            return conversions.stay_in(header.frame_id)
        self._conclude(found.frame, None)
        return found

    def _conclude(self, frame: str, error: InputError | None) -> None:
        self._frame = frame
        self._fault = str(error) if error else ''
        if error:
            # The text has figures that differ each time: it is the place that is throttled.
            self._node.log.warning(self._fault, throttle_duration_sec=_REMINDER)


def _apart(first: Header, second: Header) -> float:
    return to_seconds(first.stamp) - to_seconds(second.stamp)
