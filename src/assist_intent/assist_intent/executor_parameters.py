# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of executor_node."""

from __future__ import annotations

from dataclasses import dataclass

from assist_common.parameters import parameter


@dataclass(frozen=True)
class ExecutorParameters:
    """Parameters of executor_node."""

    language: str = parameter(
        'en', 'language of the packaged grammar: en or de, or one that was added', read_only=True
    )
    grammar: str = parameter(
        '', 'grammar file whose replies are spoken; empty: the packaged one', read_only=True
    )
    travel_time: float = parameter(
        6.0, 'time that a simulated way takes, s', low=0.1, high=600.0, read_only=True
    )
    scene_fresh: float = parameter(2.0, 'age up to which a scene counts as now, s', low=0.1)
    safety_timeout: float = parameter(
        0.4,
        'time without safety_state after which everything halts, s',
        low=0.2,
        high=0.45,
        read_only=True,
    )
