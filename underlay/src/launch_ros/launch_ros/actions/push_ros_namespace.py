# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the PushROSNamespace action."""

from __future__ import annotations

from typing import Any

from launch import Action, LaunchContext, SomeSubstitutionsType, Substitution
from launch.utilities import normalize_to_list_of_substitutions, perform_substitutions

from ..utilities import prefix_namespace, validate_namespace


class PushROSNamespace(Action):
    """Puts the nodes of this scope into a namespace, below that of the scope around it."""

    def __init__(self, namespace: SomeSubstitutionsType, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._namespace = normalize_to_list_of_substitutions(namespace)

    @property
    def namespace(self) -> list[Substitution]:
        return self._namespace

    def execute(self, context: LaunchContext) -> None:
        previous = context.launch_configurations.get('ros_namespace')
        namespace = prefix_namespace(previous, perform_substitutions(context, self._namespace))
        assert namespace is not None
        validate_namespace(namespace)
        context.launch_configurations['ros_namespace'] = namespace


PushRosNamespace = PushROSNamespace
