# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the IncludeLaunchDescription action."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Union

from ..action import Action
from ..launch_context import LaunchContext
from ..launch_description import LaunchDescription
from ..launch_description_entity import LaunchDescriptionEntity
from ..launch_description_source import LaunchDescriptionSource
from ..launch_description_sources import AnyLaunchDescriptionSource
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions, perform_substitutions
from .declare_launch_argument import DeclareLaunchArgument
from .opaque_function import OpaqueFunction
from .set_launch_configuration import SetLaunchConfiguration

Source = Union[LaunchDescription, LaunchDescriptionSource, SomeSubstitutionsType]  # noqa: UP007


class IncludeLaunchDescription(Action):
    """Launches what another launch file, or launch description, describes."""

    def __init__(
        self,
        launch_description_source: Source,
        *,
        launch_arguments: (
            Iterable[tuple[SomeSubstitutionsType, SomeSubstitutionsType]] | None
        ) = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if isinstance(launch_description_source, LaunchDescription):
            launch_description_source = LaunchDescriptionSource(launch_description_source)
        elif not isinstance(launch_description_source, LaunchDescriptionSource):
            launch_description_source = AnyLaunchDescriptionSource(launch_description_source)
        self._source = launch_description_source
        # A dict instead of its items() is a common slip whose consequences are hard to see.
        if isinstance(launch_arguments, dict):
            raise TypeError(
                'launch_arguments of IncludeLaunchDescription must be pairs: use {...}.items()'
            )
        self._launch_arguments = tuple(
            (normalize_to_list_of_substitutions(name), normalize_to_list_of_substitutions(value))
            for name, value in launch_arguments or ()
        )

    @property
    def launch_description_source(self) -> LaunchDescriptionSource:
        return self._source

    @property
    def launch_arguments(self) -> tuple[tuple[list[Substitution], list[Substitution]], ...]:
        return self._launch_arguments

    def describe(self) -> str:
        return f'IncludeLaunchDescription({self._source.location})'

    def get_sub_entities(self) -> Sequence[LaunchDescriptionEntity]:
        description = self._source.try_get_launch_description_without_context()
        return [] if description is None else [description]

    def execute(self, context: LaunchContext) -> Sequence[LaunchDescriptionEntity]:
        description = self._source.get_launch_description(context)
        arguments = [
            (perform_substitutions(context, name), value)
            for name, value in self._launch_arguments
        ]
        self._check_arguments(description, {name for name, _ in arguments}, context)
        outer_location = context.get_locals_as_dict()
        path = Path(self._source.location).absolute()
        if path.is_file():
            context.extend_locals(
                {
                    'current_launch_file_path': str(path),
                    'current_launch_file_directory': str(path.parent),
                }
            )

        def restore_location(context: LaunchContext) -> None:
            for name in ('current_launch_file_path', 'current_launch_file_directory'):
                context._remove_local(name)
                if name in outer_location:
                    context.extend_locals({name: outer_location[name]})

        return [
            *(SetLaunchConfiguration(name, value) for name, value in arguments),
            description,
            OpaqueFunction(function=restore_location),
        ]

    def _check_arguments(
        self, description: LaunchDescription, given: set[str], context: LaunchContext
    ) -> None:
        """Raise RuntimeError for a missing argument before anything is launched."""
        for entity in description.entities:
            if (
                isinstance(entity, DeclareLaunchArgument)
                and entity.condition is None
                and entity.default_value is None
                and entity.name not in given
                and entity.name not in context.launch_configurations
            ):
                raise RuntimeError(f'{self._source.location}: {entity.missing_message()}')
