# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Turn ROS messages into YAML, CSV and dictionaries."""

from __future__ import annotations

import array
import sys
from collections import OrderedDict
from typing import Any

import numpy
import yaml
from rosidl_parser import definition

_SEQUENCES = (list, tuple, array.array, numpy.ndarray)


class _Dumper(yaml.Dumper):
    """Writes an OrderedDict as a plain mapping, in its own order."""


def _represent_ordereddict(dumper: yaml.Dumper, data: OrderedDict[Any, Any]) -> yaml.Node:
    pairs = [(dumper.represent_data(key), dumper.represent_data(value))
             for key, value in data.items()]
    return yaml.MappingNode('tag:yaml.org,2002:map', pairs)


_Dumper.add_representer(OrderedDict, _represent_ordereddict)


def message_to_yaml(
    msg: Any,
    *,
    truncate_length: int | None = None,
    no_arr: bool = False,
    no_str: bool = False,
    flow_style: bool = False,
) -> str:
    """Return the message as YAML, one field a line; ``flow_style`` puts sequences on one line.

    ``truncate_length`` shortens longer strings and sequences and marks them with ``...``;
    ``no_arr`` and ``no_str`` replace sequences and strings by a note of their type and length.
    """
    fields = message_to_ordereddict(
        msg, truncate_length=truncate_length, no_arr=no_arr, no_str=no_str)
    text: str = yaml.dump(
        fields, Dumper=_Dumper, allow_unicode=True, width=sys.maxsize,
        default_flow_style=flow_style)
    return text


def message_to_ordereddict(
    msg: Any,
    *,
    truncate_length: int | None = None,
    no_arr: bool = False,
    no_str: bool = False,
) -> OrderedDict[str, Any]:
    """Return the message as a dictionary of its fields, nested messages as dictionaries too."""
    names = msg.get_fields_and_field_types()
    return OrderedDict(
        (name, _to_plain(getattr(msg, name, None), slot_type, truncate_length, no_arr, no_str))
        for name, slot_type in zip(names, msg.SLOT_TYPES, strict=False))


def message_to_csv(
    msg: Any,
    *,
    truncate_length: int | None = None,
    no_arr: bool = False,
    no_str: bool = False,
) -> str:
    """Return all values of the message, nested ones included, separated by commas."""
    names = msg.get_fields_and_field_types()
    return ','.join(
        _to_csv(getattr(msg, name), slot_type, truncate_length, no_arr, no_str)
        for name, slot_type in zip(names, msg.SLOT_TYPES, strict=False))


def get_message_slot_types(msg: Any) -> OrderedDict[str, definition.AbstractType]:
    """Return the type of every field of the message (or message class), by field name."""
    return OrderedDict(zip(msg.get_fields_and_field_types(), msg.SLOT_TYPES, strict=False))


def _to_plain(
    value: Any, slot_type: Any, truncate_length: int | None, no_arr: bool, no_str: bool,
) -> Any:
    """Return the value built only of dictionaries, lists and scalars that YAML knows."""
    if isinstance(value, bytes):
        return _truncated(''.join(map(chr, value)), truncate_length)
    if isinstance(value, str):
        return _text(value, truncate_length, no_str)
    if isinstance(value, _SEQUENCES):
        if no_arr and slot_type is not None:
            return _sequence_summary(value, slot_type)
        # A tuple stays one, since YAML writes it differently.
        kind = tuple if isinstance(value, tuple) else list
        cut = truncate_length is not None and len(value) > truncate_length
        items = [_to_plain(item, None, truncate_length, no_arr, no_str)
                 for item in (value[:truncate_length] if cut else value)]
        return kind([*items, '...'] if cut else items)
    if isinstance(value, dict):
        return type(value)(
            (_to_plain(key, None, None, False, False),
             _to_plain(item, None, truncate_length, no_arr, no_str))
            for key, item in value.items())
    if isinstance(value, numpy.number):
        return value.item()
    if isinstance(value, (bool, float, int)):
        return value
    return message_to_ordereddict(
        value, truncate_length=truncate_length, no_arr=no_arr, no_str=no_str)


def _to_csv(
    value: Any, slot_type: Any, truncate_length: int | None, no_arr: bool, no_str: bool,
) -> str:
    if isinstance(value, _SEQUENCES):
        if no_arr and slot_type is not None:
            return _sequence_summary(value, slot_type)
        cut = truncate_length is not None and len(value) > truncate_length
        items = [_to_csv(item, None, truncate_length, no_arr, no_str)
                 for item in (value[:truncate_length] if cut else value)]
        return ','.join([*items, '...'] if cut else items)
    if isinstance(value, str):
        return _text(value, truncate_length, no_str)
    if isinstance(value, bytes):
        cut = truncate_length is not None and len(value) > truncate_length
        return str(value[:truncate_length] + b'...' if cut else value)
    if isinstance(value, (bool, float, int, numpy.number)):
        return str(value)
    return message_to_csv(value, truncate_length=truncate_length, no_arr=no_arr, no_str=no_str)


def _text(value: str, truncate_length: int | None, no_str: bool) -> str:
    if no_str:
        return f'<string length: <{len(value)}>>'
    return _truncated(value, truncate_length)


def _truncated(value: str, length: int | None) -> str:
    return value[:length] + '...' if length is not None and len(value) > length else value


def _sequence_summary(value: Any, slot_type: Any) -> str:
    item = _type_name(slot_type.value_type)
    if isinstance(slot_type, definition.Array):
        return f'<array type: {item}[{slot_type.size}]>'
    if isinstance(slot_type, definition.BoundedSequence):
        return f'<sequence type: {item}[{slot_type.maximum_size}], length: {len(value)}>'
    if isinstance(slot_type, definition.UnboundedSequence):
        return f'<sequence type: {item}, length: {len(value)}>'
    return 'unknown'


def _type_name(slot_type: Any) -> str:
    if isinstance(slot_type, definition.BasicType):
        return str(slot_type.typename)
    if isinstance(slot_type, definition.AbstractString):
        return 'string'
    if isinstance(slot_type, definition.AbstractWString):
        return 'wstring'
    if isinstance(slot_type, definition.NamedType):
        return str(slot_type.name)
    if isinstance(slot_type, definition.NamespacedType):
        return '/'.join(slot_type.namespaced_name())
    return 'unknown'
