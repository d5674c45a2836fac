# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the GroupAction action."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..action import Action
from ..launch_context import LaunchContext
from ..launch_description_entity import LaunchDescriptionEntity
from ..some_substitutions_type import SomeSubstitutionsType
from ..utilities import normalize_to_list_of_entities
from .pop_environment import PopEnvironment
from .pop_launch_configurations import PopLaunchConfigurations
from .push_environment import PushEnvironment
from .push_launch_configurations import PushLaunchConfigurations
from .reset_environment import ResetEnvironment
from .reset_launch_configurations import ResetLaunchConfigurations
from .set_launch_configuration import SetLaunchConfiguration


class GroupAction(Action):
    """
    Visits entities together, by default in a scope of their own.

    What a scoped group changes in launch configurations and environment ends with the group.
    A group that does not forward starts from ``launch_configurations`` alone and from the
    environment that the launch started with.
    """

    def __init__(
        self,
        actions: Iterable[LaunchDescriptionEntity],
        *,
        scoped: bool = True,
        forwarding: bool = True,
        launch_configurations: Mapping[Any, SomeSubstitutionsType] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._actions = normalize_to_list_of_entities(actions)
        self._scoped = scoped
        self._forwarding = forwarding
        self._launch_configurations = dict(launch_configurations or {})

    def get_sub_entities(self) -> Sequence[LaunchDescriptionEntity]:
        if not self._scoped:
            return [*self._configure(), *self._actions]
        return [
            PushLaunchConfigurations(),
            PushEnvironment(),
            *self._configure(),
            *self._actions,
            PopEnvironment(),
            PopLaunchConfigurations(),
        ]

    def _configure(self) -> list[LaunchDescriptionEntity]:
        if self._forwarding or not self._scoped:
            return [
                SetLaunchConfiguration(name, value)
                for name, value in self._launch_configurations.items()
            ]
        return [ResetEnvironment(), ResetLaunchConfigurations(self._launch_configurations)]

    def execute(self, context: LaunchContext) -> Sequence[LaunchDescriptionEntity]:
        return self.get_sub_entities()
