# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LaunchDescriptionEntity class."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .launch_context import LaunchContext


class LaunchDescriptionEntity:
    """Anything that a launch description can hold and that is visited when it is launched."""

    def visit(self, context: LaunchContext) -> Sequence[LaunchDescriptionEntity] | None:
        """Do the work of this entity; return the entities to visit next."""
        raise NotImplementedError(f'{type(self).__name__} does not implement visit()')

    def describe(self) -> str:
        """Return a short text for a person."""
        return repr(self)

    def describe_sub_entities(self) -> Sequence[LaunchDescriptionEntity]:
        """Return the entities below this one that are visited whenever it is."""
        return []

    def describe_conditional_sub_entities(
        self,
    ) -> Sequence[tuple[str, Sequence[LaunchDescriptionEntity]]]:
        """Return pairs of a reason and the entities that are visited only for that reason."""
        return []

    def get_asyncio_future(self) -> asyncio.Future[None] | None:
        """Return a future that is done when the work is; None if it was done in visit()."""
        return None
