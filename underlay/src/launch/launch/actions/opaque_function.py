# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the OpaqueFunction action."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..action import Action
from ..launch_context import LaunchContext
from ..launch_description_entity import LaunchDescriptionEntity
from ..utilities import normalize_to_list_of_entities


class OpaqueFunction(Action):
    """Calls a Python function with the launch context, and visits the entities it returns."""

    def __init__(
        self,
        *,
        function: Callable[..., Any],
        args: Iterable[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        **left_over_kwargs: Any,
    ) -> None:
        super().__init__(**left_over_kwargs)
        if not callable(function):
            raise TypeError(f'function of OpaqueFunction must be callable, not {function!r}')
        self._function = function
        self._args = tuple(args)
        self._kwargs = dict(kwargs or {})

    def execute(self, context: LaunchContext) -> Sequence[LaunchDescriptionEntity]:
        return normalize_to_list_of_entities(
            self._function(context, *self._args, **self._kwargs)
        )
