# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the SetUseSimTime action."""

from __future__ import annotations

from typing import Any

from launch import SomeSubstitutionsType

from .set_parameter import SetParameter


class SetUseSimTime(SetParameter):
    """Sets whether the nodes that are launched later in this scope use simulated time."""

    def __init__(self, value: bool | SomeSubstitutionsType, **kwargs: Any) -> None:
        super().__init__('use_sim_time', value, **kwargs)
