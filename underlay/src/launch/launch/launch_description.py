# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LaunchDescription class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .launch_description_entity import LaunchDescriptionEntity
from .utilities import normalize_to_list_of_entities

if TYPE_CHECKING:
    from .actions import DeclareLaunchArgument, IncludeLaunchDescription
    from .launch_context import LaunchContext


class LaunchDescription(LaunchDescriptionEntity):
    """The entities that a launch file wants to have launched, in order."""

    def __init__(self, initial_entities: Iterable[LaunchDescriptionEntity] | None = None) -> None:
        self._entities = normalize_to_list_of_entities(initial_entities)

    @property
    def entities(self) -> list[LaunchDescriptionEntity]:
        return self._entities

    def add_entity(self, entity: LaunchDescriptionEntity) -> None:
        self._entities += normalize_to_list_of_entities(entity)

    def add_action(self, action: LaunchDescriptionEntity) -> None:
        self.add_entity(action)

    def visit(self, context: LaunchContext) -> Sequence[LaunchDescriptionEntity] | None:
        return self._entities

    def describe_sub_entities(self) -> Sequence[LaunchDescriptionEntity]:
        return self._entities

    def get_launch_arguments(
        self, conditional_inclusion: bool = False
    ) -> list[DeclareLaunchArgument]:
        """Return every declared argument once, those of included launch files too."""
        pairs = self.get_launch_arguments_with_include_launch_description_actions(
            conditional_inclusion
        )
        return [argument for argument, _ in pairs]

    def get_launch_arguments_with_include_launch_description_actions(
        self, conditional_inclusion: bool = False
    ) -> list[tuple[DeclareLaunchArgument, list[IncludeLaunchDescription]]]:
        """
        Return every declared argument once, with the inclusions that lead to it.

        The attribute ``_conditionally_included`` of an argument tells whether its declaration
        depends on a condition, or on ``conditional_inclusion``.
        """
        found: dict[str, tuple[DeclareLaunchArgument, list[IncludeLaunchDescription]]] = {}
        _collect_arguments(self._entities, [], conditional_inclusion, found)
        return list(found.values())


def _collect_arguments(
    entities: Sequence[LaunchDescriptionEntity],
    inclusions: list[IncludeLaunchDescription],
    conditional: bool,
    found: dict[str, tuple[DeclareLaunchArgument, list[IncludeLaunchDescription]]],
) -> None:
    from .actions import DeclareLaunchArgument, IncludeLaunchDescription

    for entity in entities:
        if isinstance(entity, DeclareLaunchArgument):
            if entity.name not in found:
                entity._conditionally_included = conditional or entity.condition is not None
                found[entity.name] = (entity, inclusions)
            continue
        path = inclusions
        if isinstance(entity, IncludeLaunchDescription):
            path = [*inclusions, entity]
        _collect_arguments(entity.describe_sub_entities(), path, conditional, found)
        for _, sub_entities in entity.describe_conditional_sub_entities():
            _collect_arguments(sub_entities, path, True, found)
