# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LaunchDescriptionSource class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import logging
from .launch_context import LaunchContext
from .some_substitutions_type import SomeSubstitutionsType
from .utilities import describe, normalize_to_list_of_substitutions, perform_substitutions

if TYPE_CHECKING:
    from .launch_description import LaunchDescription


class LaunchDescriptionSource:
    """Where a launch description comes from: a file, or a description that is already there."""

    def __init__(
        self,
        launch_description: LaunchDescription | None = None,
        location: SomeSubstitutionsType = '<script>',
        method: str = 'unspecified mechanism from a script',
    ) -> None:
        self._launch_description = launch_description
        self._location = normalize_to_list_of_substitutions(location)
        self._expanded_location: str | None = None
        self._method = method

    @property
    def location(self) -> str:
        """The path of the file, or a description of it while it is not known."""
        return self._expanded_location or describe(self._location)

    @property
    def method(self) -> str:
        """How the launch description is made from the file."""
        return self._method

    def get_launch_description(self, context: LaunchContext) -> LaunchDescription:
        """Return the launch description; a file is loaded only once."""
        if self._launch_description is not None and self._expanded_location is None:
            return self._launch_description
        location = perform_substitutions(context, self._location)
        if self._launch_description is None or location != self._expanded_location:
            self._expanded_location = location
            self._launch_description = self._get_launch_description(location)
        return self._launch_description

    def try_get_launch_description_without_context(self) -> LaunchDescription | None:
        """Return the launch description, None if finding it takes a running launch."""
        try:
            return self.get_launch_description(LaunchContext())
        except Exception as error:
            logging.get_logger('launch').debug(f'cannot look into {self.location}: {error}')
            return None

    def _get_launch_description(self, location: str) -> LaunchDescription:
        raise NotImplementedError(f'{type(self).__name__} does not load launch files')
