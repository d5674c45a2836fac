# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Typed parameters: one frozen dataclass a node, declared, checked and replaced as a whole."""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, get_type_hints

from rcl_interfaces.msg import (
    FloatingPointRange,
    IntegerRange,
    ParameterDescriptor,
    SetParametersResult,
)
from rclpy.node import Node
from rclpy.parameter import Parameter

from assist_common.errors import AssistError, ConfigurationError

P = TypeVar('P')

_KEY = 'assist'
_INTEGER_LIMITS = (-(2**63), 2**63 - 1)
_TYPES: dict[Any, str] = {
    bool: 'true or false',
    int: 'an integer',
    float: 'a number',
    str: 'text',
    tuple[str, ...]: 'a list of texts',
    tuple[int, ...]: 'a list of integers',
    tuple[float, ...]: 'a list of numbers',
}


@dataclasses.dataclass(frozen=True)
class Constraint:
    """What a value must keep to, and what it means."""

    description: str
    low: float | None = None
    high: float | None = None
    choices: tuple[Any, ...] = ()
    read_only: bool = False


def parameter(
    default: Any,
    description: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: Sequence[Any] = (),
    read_only: bool = False,
) -> Any:
    """Return the dataclass field of one parameter.

    Args:
        description: meaning and unit, in one sentence.
        low, high: inclusive bounds of a number, or of every number of a list.
        choices: the only values allowed.
        read_only: it can be given at the start alone.
    """
    constraint = Constraint(description, low, high, tuple(choices), read_only)
    return dataclasses.field(default=default, metadata={_KEY: constraint})


def constraint_of(field: dataclasses.Field[Any]) -> Constraint:
    """Return what was said of a field with `parameter`."""
    return field.metadata[_KEY]  # type: ignore[no-any-return]


def check(parameters: type, name: str, value: Any) -> Any:
    """Return the value in the type of the field.

    Raises:
        ConfigurationError: the value is of another type, out of bounds or not a choice.
    """
    field = parameters.__dataclass_fields__[name]  # type: ignore[attr-defined]
    wanted = get_type_hints(parameters)[name]
    constraint = constraint_of(field)
    converted = _convert(name, value, wanted)
    for item in converted if isinstance(converted, tuple) else (converted,):
        _check_item(name, item, constraint)
    return converted


def declare(
    node: Node,
    parameters: type[P],
    on_change: Callable[[P], None],
    check_all: Callable[[P], None] = lambda new: None,
) -> tuple[P, list[ConfigurationError]]:
    """Declare every field on the node; return the snapshot and what was wrong with it.

    A wrong value from the command line or a file does not stop the node: the default stands in
    for it, so that the node lives to say what is wrong.

    Args:
        on_change: gets each new snapshot.
        check_all: gets the snapshot that would come of a set; an AssistError refuses the set.
    """
    errors: list[ConfigurationError] = []
    values = {}
    for field in dataclasses.fields(parameters):  # type: ignore[arg-type]
        value = _initial_value(node, parameters, field, errors)
        values[field.name] = value
        node.declare_parameter(
            field.name, _to_ros(value), _descriptor(parameters, field), ignore_override=True
        )
    snapshot = _Snapshot(parameters, parameters(**values), on_change, check_all)
    node.add_on_set_parameters_callback(snapshot.verify)
    node.add_post_set_parameters_callback(snapshot.replace)
    return snapshot.current, errors


def descriptor(description: str) -> ParameterDescriptor:
    """Return the descriptor of a parameter that is declared by itself."""
    return ParameterDescriptor(description=description, read_only=True)


def unknown_overrides(node: Node) -> list[str]:
    """Return a sentence for each parameter that was given to the node but that it does not have."""
    known = set(node._parameters)
    return [
        _unknown(name, known)
        for name in node._parameter_overrides
        if name not in known and not name.startswith('qos_overrides.')
    ]


class _Snapshot:
    """Keeps the dataclass in step with the node's parameters."""

    def __init__(
        self,
        parameters: type,
        current: Any,
        on_change: Callable[[Any], None],
        check_all: Callable[[Any], None],
    ) -> None:
        self.current = current
        self._parameters = parameters
        self._names = {field.name for field in dataclasses.fields(parameters)}
        self._on_change = on_change
        self._check_all = check_all

    def verify(self, changes: list[Parameter]) -> SetParametersResult:
        try:
            new = self._with(changes)
            # Faults that the start brought are mended one set at a time.
            if new != self.current and self._is_sound(self.current):
                self._check_all(new)
        except AssistError as error:
            return SetParametersResult(successful=False, reason=str(error))
        return SetParametersResult(successful=True)

    def replace(self, changes: list[Parameter]) -> None:
        if any(change.name in self._names for change in changes):
            self.current = self._with(changes)
            self._on_change(self.current)

    def _with(self, changes: list[Parameter]) -> Any:
        values = {
            change.name: check(self._parameters, change.name, change.value)
            for change in changes
            if change.name in self._names
        }
        return dataclasses.replace(self.current, **values)

    def _is_sound(self, parameters: Any) -> bool:
        try:
            self._check_all(parameters)
        except AssistError:
            return False
        return True


def _initial_value(
    node: Node, parameters: type, field: dataclasses.Field[Any], errors: list[ConfigurationError]
) -> Any:
    # rclpy refuses a wrong override by an exception from the constructor and has no public way
    # to look at overrides first.
    override = node._parameter_overrides.get(field.name)
    if override is None or override.type_ == Parameter.Type.NOT_SET:
        return field.default
    try:
        return check(parameters, field.name, override.value)
    except ConfigurationError as error:
        errors.append(error)
        return field.default


def _descriptor(parameters: type, field: dataclasses.Field[Any]) -> ParameterDescriptor:
    constraint = constraint_of(field)
    # Dynamic, so that 30 is accepted for 30.0 and an empty list has no type to quarrel about;
    # `check` sees to the types.
    result = ParameterDescriptor(
        description=constraint.description, read_only=constraint.read_only, dynamic_typing=True
    )
    if constraint.choices:
        listed = ', '.join(str(choice) for choice in constraint.choices)
        result.additional_constraints = f'one of: {listed}'
    bounded = constraint.low is not None or constraint.high is not None
    wanted = get_type_hints(parameters)[field.name]
    if bounded and wanted is float:
        low, high = _limits(constraint, (-math.inf, math.inf))
        result.floating_point_range = [
            FloatingPointRange(from_value=float(low), to_value=float(high))
        ]
    elif bounded and wanted is int:
        low, high = _limits(constraint, _INTEGER_LIMITS)
        result.integer_range = [IntegerRange(from_value=int(low), to_value=int(high))]
    return result


def _limits(constraint: Constraint, widest: tuple[float, float]) -> tuple[float, float]:
    low = widest[0] if constraint.low is None else constraint.low
    high = widest[1] if constraint.high is None else constraint.high
    return low, high


def _to_ros(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _convert(name: str, value: Any, wanted: Any) -> Any:
    converted = _CONVERTERS[wanted](value)
    if converted is None:
        raise ConfigurationError(
            f"parameter '{name}' is {value!r}", f'it must be {_TYPES[wanted]}'
        )
    return converted


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value)


def _text(value: Any) -> str | None:
    # The command line makes a number of `source:=0`; a device index is meant.
    return str(value) if type(value) in (str, int) else None


def _exactly(wanted: type) -> Callable[[Any], Any]:
    return lambda value: value if type(value) is wanted else None


def _tuple_of(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def converter(value: Any) -> tuple[Any, ...] | None:
        if isinstance(value, (str, bytes)) or not hasattr(value, '__iter__'):
            return None
        items = tuple(convert(item) for item in value)
        return None if any(item is None for item in items) else items

    return converter


_CONVERTERS: dict[Any, Callable[[Any], Any]] = {
    bool: _exactly(bool),
    int: _exactly(int),
    float: _number,
    str: _text,
    tuple[str, ...]: _tuple_of(_exactly(str)),
    tuple[int, ...]: _tuple_of(_exactly(int)),
    tuple[float, ...]: _tuple_of(_number),
}


def _check_item(name: str, item: Any, constraint: Constraint) -> None:
    if constraint.choices and item not in constraint.choices:
        listed = ', '.join(str(choice) for choice in constraint.choices)
        raise ConfigurationError(f"parameter '{name}' is '{item}'", f'it must be one of: {listed}')
    if isinstance(item, float) and not math.isfinite(item):
        raise ConfigurationError(f"parameter '{name}' is {item}", 'it must be a finite number')
    if constraint.low is not None and item < constraint.low:
        raise ConfigurationError(
            f"parameter '{name}' is {item}", f'it must be at least {constraint.low}'
        )
    if constraint.high is not None and item > constraint.high:
        raise ConfigurationError(
            f"parameter '{name}' is {item}", f'it must be at most {constraint.high}'
        )


def _unknown(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ', so it was ignored.'
    return f"There is no parameter '{name}'{hint}"
