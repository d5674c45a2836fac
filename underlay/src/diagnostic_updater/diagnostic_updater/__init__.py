# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Health of a node on /diagnostics: the Python API of the genuine `diagnostic_updater`."""

from __future__ import annotations

from diagnostic_updater._diagnostic_status_wrapper import DiagnosticStatusWrapper
from diagnostic_updater._diagnostic_updater import (
    CompositeDiagnosticTask,
    DiagnosticTask,
    DiagnosticTaskVector,
    FunctionDiagnosticTask,
    Updater,
)
from diagnostic_updater._publisher import (
    DiagnosedPublisher,
    HeaderlessTopicDiagnostic,
    TopicDiagnostic,
)
from diagnostic_updater._update_functions import (
    FrequencyStatus,
    FrequencyStatusParam,
    Heartbeat,
    TimeStampStatus,
    TimeStampStatusParam,
)

__all__ = [
    'CompositeDiagnosticTask',
    'DiagnosedPublisher',
    'DiagnosticStatusWrapper',
    'DiagnosticTask',
    'DiagnosticTaskVector',
    'FrequencyStatus',
    'FrequencyStatusParam',
    'FunctionDiagnosticTask',
    'HeaderlessTopicDiagnostic',
    'Heartbeat',
    'TimeStampStatus',
    'TimeStampStatusParam',
    'TopicDiagnostic',
    'Updater',
]


def __getattr__(name: str) -> object:
    raise AttributeError(
        f'diagnostic_updater.{name} is not part of the underlay, which offers '
        f'{", ".join(__all__)}: install ROS 2 to use it'
    )
