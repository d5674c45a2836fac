# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Keep every test process in a domain of its own, on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ['ROS_DOMAIN_ID'] = str(100 + os.getpid() % 100)
os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
os.environ['ROS_STATIC_PEERS'] = '127.0.0.1'


@pytest.fixture
def context() -> Iterator[object]:
    import rclpy

    rclpy.init()
    yield rclpy.get_default_context()
    rclpy.shutdown()
