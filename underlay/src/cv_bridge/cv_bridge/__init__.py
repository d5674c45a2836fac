# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""ROS images to OpenCV images and back: the Python API of the genuine `cv_bridge`."""

from __future__ import annotations

from cv_bridge.core import CvBridge, CvBridgeError

__all__ = ['CvBridge', 'CvBridgeError']


def __getattr__(name: str) -> object:
    raise AttributeError(
        f'cv_bridge.{name} is not part of the underlay, which offers {", ".join(__all__)}: '
        'install ROS 2 to use it'
    )
