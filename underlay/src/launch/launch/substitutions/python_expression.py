# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the PythonExpression substitution."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Any

from ..launch_context import LaunchContext
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitution import Substitution
from ..utilities import describe, normalize_to_list_of_substitutions, perform_substitutions
from .substitution_failure import SubstitutionFailure


class PythonExpression(Substitution):
    """The value of a Python expression; the names of the given modules are in its scope."""

    def __init__(
        self,
        expression: SomeSubstitutionsType,
        python_modules: Iterable[SomeSubstitutionsType] = ('math',),
    ) -> None:
        self._expression = normalize_to_list_of_substitutions(expression)
        if isinstance(python_modules, str):
            python_modules = (python_modules,)
        self._modules = [normalize_to_list_of_substitutions(module) for module in python_modules]

    @property
    def expression(self) -> list[Substitution]:
        return self._expression

    def describe(self) -> str:
        return f'PythonExpr({describe(self._expression)})'

    def perform(self, context: LaunchContext) -> str:
        names: dict[str, Any] = {}
        for substitutions in self._modules:
            module = importlib.import_module(perform_substitutions(context, substitutions))
            names[module.__name__] = module
            if module.__name__ == 'math':
                names.update(vars(module))
        expression = perform_substitutions(context, self._expression)
        try:
            return str(eval(expression, {}, names))
        except Exception as error:
            raise SubstitutionFailure(
                f'PythonExpression {expression!r} failed: {type(error).__name__}: {error}'
            ) from error
