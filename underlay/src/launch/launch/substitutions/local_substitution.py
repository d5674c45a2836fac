# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LocalSubstitution substitution."""

from __future__ import annotations

from functools import reduce

from ..launch_context import LaunchContext
from ..substitution import Substitution
from .substitution_failure import SubstitutionFailure


class LocalSubstitution(Substitution):
    """A local variable of the launch context, or with dots an attribute of it."""

    def __init__(self, expression: str, description: str | None = None) -> None:
        self._expression = expression
        self._description = description

    @property
    def expression(self) -> str:
        return self._expression

    def describe(self) -> str:
        return self._description or f"LocalVar('{self._expression}')"

    def perform(self, context: LaunchContext) -> str:
        try:
            return str(reduce(getattr, self._expression.split('.'), context.locals))
        except AttributeError as error:
            raise SubstitutionFailure(f"local '{self._expression}': {error}") from error
