# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the SetRemap action."""

from __future__ import annotations

from typing import Any

from launch import Action, LaunchContext, SomeSubstitutionsType
from launch.utilities import normalize_to_list_of_substitutions, perform_substitutions


class SetRemap(Action):
    """Remaps a name for all nodes that are launched later in this scope."""

    def __init__(
        self, src: SomeSubstitutionsType, dst: SomeSubstitutionsType, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._src = normalize_to_list_of_substitutions(src)
        self._dst = normalize_to_list_of_substitutions(dst)

    def execute(self, context: LaunchContext) -> None:
        rule = (
            perform_substitutions(context, self._src),
            perform_substitutions(context, self._dst),
        )
        context.launch_configurations['ros_remaps'] = [
            *context.launch_configurations.get('ros_remaps', []),
            rule,
        ]
