# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Fill the fields of a ROS message from plain Python values, as YAML gives them."""

from __future__ import annotations

import array
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy
from rosidl_parser.definition import AbstractNestedType, NamespacedType

from rosidl_runtime_py.convert import get_message_slot_types
from rosidl_runtime_py.import_message import import_message_from_namespaced_type

StampSetter = Callable[[Any], None]


def set_message_fields(
    msg: Any,
    values: dict[str, Any],
    expand_header_auto: bool = False,
    expand_time_now: bool = False,
) -> list[StampSetter]:
    """Set the named fields of the message; fields that are not named keep their value.

    With ``expand_header_auto``, the value ``auto`` for a std_msgs/Header, and with
    ``expand_time_now``, the value ``now`` for a builtin_interfaces/Time ask for the current time:
    a function that sets it is returned for each such field.

    :raises AttributeError: the message has no such field
    :raises TypeError, ValueError: a value does not fit its field
    """
    filler = _Filler(expand_header_auto, expand_time_now)
    filler.fill(msg, values)
    return filler.stamp_setters


class _Filler:
    """Walks through message and values together, and collects the time fields to set later."""

    def __init__(self, expand_header_auto: bool, expand_time_now: bool) -> None:
        self.expand_header_auto = expand_header_auto
        self.expand_time_now = expand_time_now
        self.stamp_setters: list[StampSetter] = []

    def fill(self, msg: Any, values: dict[str, Any]) -> None:
        if not isinstance(values, dict):
            raise TypeError(
                f"Value '{values}' is expected to be a dictionary "
                f'but is a {type(values).__name__}')
        slot_types = get_message_slot_types(msg)
        for name, value in values.items():
            field = getattr(msg, name)
            if not self._is_stamp(msg, name, field, value):
                setattr(msg, name, self._converted(field, value, slot_types[name]))

    def _is_stamp(self, msg: Any, name: str, field: Any, value: Any) -> bool:
        """Tell whether the value stands for the current time, and remember whom to give it."""
        kind = f'{type(field).__module__}.{type(field).__name__}'
        if kind == 'std_msgs.msg._header.Header' and value == 'auto' and self.expand_header_auto:
            self.stamp_setters.append(partial(setattr, field, 'stamp'))
            return True
        if (kind == 'builtin_interfaces.msg._time.Time' and value == 'now'
                and self.expand_time_now):
            self.stamp_setters.append(partial(setattr, msg, name))
            return True
        return False

    def _converted(self, field: Any, value: Any, slot_type: Any) -> Any:
        """Return the value as the type that the field has."""
        if isinstance(slot_type, AbstractNestedType):
            return self._converted_sequence(field, value, slot_type)
        kind = type(field)
        if type(value) is kind:
            return value
        if isinstance(slot_type, NamespacedType):
            message = kind()
            self.fill(message, value)
            return message
        return _to_bytes(value) if kind is bytes else kind(value)

    def _converted_sequence(self, field: Any, value: Any, slot_type: AbstractNestedType) -> Any:
        if isinstance(value, str):
            raise TypeError(f"Value '{value}' is expected to be a sequence but is a str")
        if isinstance(field, array.array):
            return array.array(field.typecode, value)
        if isinstance(field, numpy.ndarray):
            return numpy.array(value, dtype=field.dtype)
        if isinstance(slot_type.value_type, NamespacedType):
            return [self._message(slot_type.value_type, item) for item in value]
        if getattr(slot_type.value_type, 'typename', None) == 'octet':
            return [_to_bytes(item) for item in value]
        return list(value)

    def _message(self, message_type: NamespacedType, value: Any) -> Any:
        kind = import_message_from_namespaced_type(message_type)
        if isinstance(value, kind):
            return value
        message = kind()
        self.fill(message, value)
        return message


def _to_bytes(value: Any) -> bytes:
    """Return the single byte that a number or a one-letter string stands for."""
    if isinstance(value, int):
        return bytes([value])
    return value.encode('latin-1') if isinstance(value, str) else bytes(value)
