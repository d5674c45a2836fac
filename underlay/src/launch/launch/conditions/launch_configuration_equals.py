# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LaunchConfigurationEquals condition."""

from __future__ import annotations

from ..condition import Condition
from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..utilities import perform


class LaunchConfigurationEquals(Condition):
    """Holds if a launch configuration has a value; None means that it must not exist."""

    def __init__(
        self, launch_configuration_name: str, expected_value: SomeSubstitutionsType | None
    ) -> None:
        super().__init__(predicate=self._is_equal)
        self._name = launch_configuration_name
        self._expected_value = expected_value

    def describe(self) -> str:
        return f'{type(self).__name__}({self._name!r}, {self._expected_value!r})'

    def _is_equal(self, context: LaunchContext) -> bool:
        expected = (
            None if self._expected_value is None else perform(context, self._expected_value)
        )
        return context.launch_configurations.get(self._name) == expected
