# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ResetLaunchConfigurations action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..action import Action
from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..utilities import perform


class ResetLaunchConfigurations(Action):
    """Replaces all launch configurations by the given ones."""

    def __init__(
        self,
        launch_configurations: Mapping[SomeSubstitutionsType, SomeSubstitutionsType] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._launch_configurations = dict(launch_configurations or {})

    def execute(self, context: LaunchContext) -> None:
        kept = {
            perform(context, name): perform(context, value)
            for name, value in self._launch_configurations.items()
        }
        context.launch_configurations.clear()
        context.launch_configurations.update(kept)
