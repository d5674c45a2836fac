# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the DeclareLaunchArgument action."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..action import Action
from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import normalize_to_list_of_substitutions, perform_substitutions


class DeclareLaunchArgument(Action):
    """Declares an argument of the launch file, which becomes a launch configuration."""

    def __init__(
        self,
        name: str,
        *,
        default_value: SomeSubstitutionsType | None = None,
        description: str | None = None,
        choices: Iterable[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if not isinstance(name, str):
            raise TypeError(f'name of DeclareLaunchArgument must be a str, not {name!r}')
        if isinstance(choices, str):
            raise TypeError(f"choices of launch argument '{name}' must be a list of texts")
        self._name = name
        self._choices = None if choices is None else list(choices)
        if self._choices == []:
            raise ValueError(f"choices of launch argument '{name}' must not be empty")
        if (
            self._choices is not None
            and isinstance(default_value, str)
            and default_value not in self._choices
        ):
            raise ValueError(
                f"default_value '{default_value}' of launch argument '{name}' "
                f'is not one of its choices {self._choices}'
            )
        self._description = _description(description, self._choices)
        self._default_value = (
            None if default_value is None else normalize_to_list_of_substitutions(default_value)
        )
        # Set by LaunchDescription.get_launch_arguments(), read by ros2launch.
        self._conditionally_included = False

    @property
    def name(self) -> str:
        return self._name

    @property
    def default_value(self) -> list[Substitution] | None:
        """The substitutions of the default; None if the argument is required."""
        return self._default_value

    @property
    def description(self) -> str:
        """What the argument means, with its choices."""
        return self._description

    @property
    def choices(self) -> list[str] | None:
        return self._choices

    def describe(self) -> str:
        return f'DeclareLaunchArgument({self._name!r})'

    def execute(self, context: LaunchContext) -> None:
        if self._name not in context.launch_configurations:
            if self._default_value is None:
                raise RuntimeError(self.missing_message())
            context.launch_configurations[self._name] = perform_substitutions(
                context, self._default_value
            )
        value = context.launch_configurations[self._name]
        if self._choices is not None and value not in self._choices:
            raise RuntimeError(
                f"Launch argument '{self._name}' was given '{value}', which is not valid. "
                f'Valid options are: {self._choices}'
            )

    def missing_message(self) -> str:
        """Return the error for a required argument that was not provided."""
        return (
            f"Required launch argument '{self._name}' "
            f"(description: '{self._description}') was not provided"
        )


def _description(description: str | None, choices: list[str] | None) -> str:
    if choices is None:
        return 'no description given' if description is None else description
    if description is None:
        return f'One of: {choices}'
    return f'{description.rstrip(".")}. Valid choices are: {choices}'
