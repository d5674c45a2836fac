# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Tasks that watch a topic."""

from __future__ import annotations

from typing import Any

from rclpy.publisher import Publisher
from rclpy.time import Time

from diagnostic_updater._diagnostic_updater import CompositeDiagnosticTask, DiagnosticTaskVector
from diagnostic_updater._update_functions import (
    FrequencyStatus,
    FrequencyStatusParam,
    TimeStampStatus,
    TimeStampStatusParam,
)


class HeaderlessTopicDiagnostic(CompositeDiagnosticTask):
    """Watch the rate of a topic; adds itself to `diag` as '<name> topic status'."""

    def __init__(self, name: str, diag: DiagnosticTaskVector, freq: FrequencyStatusParam) -> None:
        super().__init__(f'{name} topic status')
        self.diag = diag
        self.freq = FrequencyStatus(freq)
        self.addTask(self.freq)
        diag.add(self)

    def tick(self) -> None:
        """Count one message."""
        self.freq.tick()

    def clear_window(self) -> None:
        """Forget every message."""
        self.freq.clear()


class TopicDiagnostic(HeaderlessTopicDiagnostic):
    """Watch the rate of a topic and the age of its messages."""

    def __init__(
        self,
        name: str,
        diag: DiagnosticTaskVector,
        freq: FrequencyStatusParam,
        stamp: TimeStampStatusParam,
    ) -> None:
        super().__init__(name, diag, freq)
        self.stamp = TimeStampStatus(stamp)
        self.addTask(self.stamp)

    def tick(self, stamp: Time | float) -> None:  # type: ignore[override]  # as upstream
        """Count one message with that stamp (a Time, or seconds)."""
        self.stamp.tick(stamp)
        super().tick()


class DiagnosedPublisher(TopicDiagnostic):
    """A publisher whose rate and stamps are watched; its messages have a header."""

    def __init__(
        self,
        pub: Publisher,
        diag: DiagnosticTaskVector,
        freq: FrequencyStatusParam,
        stamp: TimeStampStatusParam,
    ) -> None:
        super().__init__(pub.topic_name, diag, freq, stamp)
        self.publisher = pub

    def publish(self, message: Any) -> None:
        """Publish a message and count it with the stamp of its header."""
        self.tick(Time.from_msg(message.header.stamp))
        self.publisher.publish(message)
