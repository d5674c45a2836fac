# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Functions that perform the substitutions of parameters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Union

import yaml
from launch import LaunchContext, Substitution
from launch.utilities import perform, perform_substitutions

from ..parameter_descriptions import (
    VALUE_TYPES,
    EvaluatedParameterValue,
    Parameter,
    ParameterFile,
    ParameterValue,
)
from .normalize_parameters import Parameters, ParametersDict

# The path of a file, the contents of a file, one parameter, or parameters by name.
EvaluatedParameters = list[
    Union[Path, 'dict[str, Any]', 'tuple[str, Any]']  # noqa: UP007
]


def evaluate_parameter_value(context: LaunchContext, value: Any) -> EvaluatedParameterValue:
    """
    Return the value of a parameter.

    What substitutions yield is read as YAML. A list that has substitutions among texts is one
    text; a list of texts from substitutions is written as a list of lists.
    """
    if isinstance(value, ParameterValue):
        return value.evaluate(context)
    if isinstance(value, VALUE_TYPES):
        return value
    if isinstance(value, Substitution) or any(isinstance(item, Substitution) for item in value):
        return _check(yaml.safe_load(perform(context, value)))
    if all(type(item) in (int, float) for item in value) and float in map(type, value):
        return [float(item) for item in value]
    return _check(
        [
            item if isinstance(item, VALUE_TYPES) else yaml.safe_load(perform(context, item))
            for item in value
        ]
    )


def _check(value: Any) -> EvaluatedParameterValue:
    """Return the value if it can be that of a parameter; raise TypeError otherwise."""
    if isinstance(value, VALUE_TYPES):
        return value
    if not isinstance(value, Sequence):
        raise TypeError(
            f'a parameter cannot have the value {value!r} of type {type(value).__name__}; '
            'wrap what is meant as a text in ParameterValue(value, value_type=str)'
        )
    kinds = {type(item) for item in value}
    if len(kinds) != 1 or not kinds <= set(VALUE_TYPES):
        raise TypeError(
            f'Expected a non-empty sequence, with items of uniform type, not {value!r}. '
            'Allowed sequence item types are bool, int, float, str.'
        )
    return list(value)


def evaluate_parameter_dict(
    context: LaunchContext, parameters: ParametersDict
) -> dict[str, EvaluatedParameterValue]:
    """Return the values by name; the error for a wrong value names its parameter."""
    result: dict[str, EvaluatedParameterValue] = {}
    for key, value in parameters.items():
        name = perform_substitutions(context, key)
        try:
            result[name] = evaluate_parameter_value(context, value)
        except (TypeError, ValueError, yaml.YAMLError) as error:
            raise TypeError(f"parameter '{name}': {error}") from error
    return result


def evaluate_parameters(context: LaunchContext, parameters: Parameters) -> EvaluatedParameters:
    """Return the parameters that normalize_parameters() has made, with substitutions performed."""
    result: EvaluatedParameters = []
    for item in parameters:
        if isinstance(item, (ParameterFile, Parameter)):
            result.append(item.evaluate(context))
        else:
            result.append({'': evaluate_parameter_dict(context, item)})
    return result
