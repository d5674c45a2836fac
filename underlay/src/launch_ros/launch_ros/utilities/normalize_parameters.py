# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Functions that check and flatten the parameters given to a node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Union

from launch import SomeSubstitutionsType, Substitution
from launch.substitutions import TextSubstitution
from launch.utilities import describe, normalize_to_list_of_substitutions

from ..parameter_descriptions import Parameter, ParameterFile, ParameterValue

ParametersDict = dict[tuple[Substitution, ...], Any]
Parameters = tuple[Union[ParameterFile, Parameter, ParametersDict], ...]  # noqa: UP007


def normalize_parameter_dict(parameters: Mapping[Any, Any]) -> ParametersDict:
    """Return the values by dotted name; raise TypeError for what cannot be a parameter."""
    return _flatten(parameters, [])


def _flatten(parameters: Mapping[Any, Any], prefix: list[Substitution]) -> ParametersDict:
    result: ParametersDict = {}
    for key, value in parameters.items():
        name = [*prefix, *normalize_to_list_of_substitutions(key)]
        if isinstance(value, Mapping):
            result.update(_flatten(value, [*name, TextSubstitution(text='.')]))
        else:
            if not isinstance(value, (bool, int, float, str, Substitution, ParameterValue)):
                _check_sequence(name, value)
            result[tuple(name)] = value
    return result


def _check_sequence(name: list[Substitution], value: Any) -> None:
    if not isinstance(value, Sequence) or isinstance(value, (bytes, bytearray)):
        raise TypeError(
            f'parameter {describe(name)} must be a bool, a number, a text, a substitution or '
            f'a list of them, not {value!r} of type {type(value).__name__}'
        )
    if not value:
        raise TypeError(f'parameter {describe(name)}: an empty list has no type')


def normalize_parameters(
    parameters: Sequence[Mapping[Any, Any] | ParameterFile | Parameter | SomeSubstitutionsType],
) -> Parameters:
    """Return the parameters with paths as ParameterFile and dictionaries flattened."""
    if isinstance(parameters, (str, Path, Substitution, Mapping)) or not isinstance(
        parameters, Sequence
    ):
        raise TypeError(
            f'parameters must be a list of dictionaries and YAML files, not {parameters!r}'
        )
    result: list[ParameterFile | Parameter | ParametersDict] = []
    for item in parameters:
        if isinstance(item, (ParameterFile, Parameter)):
            result.append(item)
        elif isinstance(item, Mapping):
            result.append(normalize_parameter_dict(item))
        else:
            result.append(ParameterFile(item))
    return tuple(result)
