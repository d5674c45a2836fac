# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Between ROS stamps and seconds."""

from __future__ import annotations

from builtin_interfaces.msg import Time

NANOSECONDS = 1_000_000_000


def to_seconds(stamp: Time) -> float:
    """Return a stamp as seconds; exact to about 0.2 microseconds at today's dates."""
    return stamp.sec + stamp.nanosec / NANOSECONDS


def to_stamp(seconds: float) -> Time:
    """Return seconds, not negative, as a stamp."""
    nanoseconds = round(seconds * NANOSECONDS)
    return Time(sec=nanoseconds // NANOSECONDS, nanosec=nanoseconds % NANOSECONDS)
