# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The quality-of-service profiles of the graph."""

from __future__ import annotations

from rclpy.duration import Duration
from rclpy.qos import (
    DurabilityPolicy,
    HistoryPolicy,
    LivelinessPolicy,
    QoSProfile,
    ReliabilityPolicy,
)

from assist_common.errors import ConfigurationError

RELIABILITIES = ('best_effort', 'reliable')

SENSOR = QoSProfile(
    history=HistoryPolicy.KEEP_LAST,
    depth=5,
    reliability=ReliabilityPolicy.BEST_EFFORT,
)
"""Streams of sensor data: the newest counts."""

RELIABLE = QoSProfile(
    history=HistoryPolicy.KEEP_LAST,
    depth=10,
    reliability=ReliabilityPolicy.RELIABLE,
)
"""Transcripts, intents, decisions and what is to be said: nothing may be lost."""

LATCHED = QoSProfile(
    history=HistoryPolicy.KEEP_LAST,
    depth=1,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL,
)
"""State: who comes late gets the latest."""

SAFETY = QoSProfile(
    history=HistoryPolicy.KEEP_LAST,
    depth=1,
    reliability=ReliabilityPolicy.RELIABLE,
    deadline=Duration(seconds=0.4),
    liveliness=LivelinessPolicy.AUTOMATIC,
    liveliness_lease_duration=Duration(seconds=0.4),
)
"""`safety_state`: the middleware itself tells when two messages at 5 Hz have stayed away."""


def input_profile(depth: int, reliability: str) -> QoSProfile:
    """Return the profile of an input whose depth and reliability are parameters.

    A best-effort subscription hears publishers of both kinds; a reliable one only reliable ones.
    """
    if reliability not in RELIABILITIES:
        raise ConfigurationError(
            f"reliability '{reliability}' is unknown", f'use one of {", ".join(RELIABILITIES)}'
        )
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=depth,
        reliability=ReliabilityPolicy[reliability.upper()],
    )
