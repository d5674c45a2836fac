# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Descriptions of ROS parameters and parameter files."""

from __future__ import annotations

import typing
from pathlib import Path
from typing import Any, Union

import yaml
from launch import LaunchContext, SomeSubstitutionsType, Substitution
from launch._unsupported import named_import_error
from launch.substitutions import SubstitutionFailure
from launch.utilities import normalize_to_list_of_substitutions, perform, perform_bool

Scalar = Union[bool, int, float, str]  # noqa: UP007
EvaluatedParameterValue = Union[Scalar, 'list[bool]', 'list[int]', 'list[float]', 'list[str]']
VALUE_TYPES = (bool, int, float, str)


class ParameterValue:
    """
    The value of a parameter.

    ``value_type`` is bool, int, float, str or a list of one of them (``List[int]``); what a
    substitution yields is converted to it. Without it the text is read as YAML.
    """

    def __init__(self, value: Any, *, value_type: Any = None) -> None:
        if value_type is not None and _item_type(value_type) not in VALUE_TYPES:
            raise TypeError(
                'value_type of ParameterValue must be bool, int, float, str or a list of one of '
                f'them, not {value_type!r}'
            )
        self._value = value
        self._value_type = value_type

    @property
    def value(self) -> Any:
        return self._value

    @property
    def value_type(self) -> Any:
        return self._value_type

    def __str__(self) -> str:
        return f'ParameterValue(value={self._value!r}, value_type={self._value_type!r})'

    def evaluate(self, context: LaunchContext) -> EvaluatedParameterValue:
        """Return the value; raise TypeError or ValueError if it is not of the type."""
        from .utilities import evaluate_parameter_value

        if self._value_type is None:
            return evaluate_parameter_value(context, self._value)
        if self._value_type is str and not isinstance(self._value, (bool, int, float)):
            return perform(context, self._value)
        value = evaluate_parameter_value(context, self._value)
        if isinstance(value, str):
            value = yaml.safe_load(value)
        return _convert(value, self._value_type)


class Parameter:
    """The name and the value of a parameter."""

    def __init__(self, name: SomeSubstitutionsType, value: Any, *, value_type: Any = None) -> None:
        self._name = normalize_to_list_of_substitutions(name)
        self._value = ParameterValue(value, value_type=value_type)

    @property
    def name(self) -> list[Substitution]:
        return self._name

    @property
    def value(self) -> Any:
        return self._value.value

    @property
    def value_type(self) -> Any:
        return self._value.value_type

    def evaluate(self, context: LaunchContext) -> tuple[str, EvaluatedParameterValue]:
        """Return the name and the value."""
        return perform(context, self._name), self._value.evaluate(context)


class ParameterFile:
    """
    A YAML file of parameters.

    With ``allow_substs``, substitutions such as ``$(var name)`` are performed in its text.
    """

    def __init__(
        self,
        param_file: SomeSubstitutionsType,
        *,
        allow_substs: bool | SomeSubstitutionsType = False,
    ) -> None:
        self._param_file = normalize_to_list_of_substitutions(param_file)
        self._allow_substs = allow_substs

    @property
    def param_file(self) -> list[Substitution]:
        return self._param_file

    @property
    def allow_substs(self) -> bool | SomeSubstitutionsType:
        return self._allow_substs

    def evaluate(self, context: LaunchContext) -> Path | dict[str, Any]:
        """Return the path of the file or, with substitutions allowed, what the file then says."""
        path = Path(perform(context, self._param_file))
        if not perform_bool(context, self._allow_substs):
            return path
        from .utilities import parse_substitutions

        try:
            # Comments may have what looks like a substitution.
            text = yaml.safe_dump(yaml.safe_load(path.read_text(encoding='utf-8')))
            substituted = perform(context, parse_substitutions(text))
            parameters = yaml.safe_load(substituted)
        except OSError as error:
            raise SubstitutionFailure(
                f'cannot read parameter file {path}: {error.strerror}'
            ) from error
        except (yaml.YAMLError, SubstitutionFailure) as error:
            raise SubstitutionFailure(f'parameter file {path}: {error}') from error
        if not isinstance(parameters, dict):
            raise SubstitutionFailure(f'parameter file {path} does not map nodes to parameters')
        return parameters


def _item_type(value_type: Any) -> Any:
    """Return int for both int and List[int]."""
    if typing.get_origin(value_type) is list:
        return typing.get_args(value_type)[0]
    return value_type


def _convert(value: Any, value_type: Any) -> Any:
    item_type = _item_type(value_type)
    if item_type is not value_type:
        if not isinstance(value, (list, tuple)):
            raise ValueError(f'{value!r} is not a list of {item_type.__name__}')
        return [_convert(item, item_type) for item in value]
    if value_type is bool and value in (0, 1):
        return bool(value)
    if value_type is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if value_type is str and isinstance(value, VALUE_TYPES):
        return str(value)
    if type(value) is value_type:
        return value
    if isinstance(value, str) and value_type is float:  # YAML takes 1e3 for a text
        return float(value)
    raise ValueError(f'{value!r} is not of type {value_type.__name__}')


__getattr__ = named_import_error(__name__)
