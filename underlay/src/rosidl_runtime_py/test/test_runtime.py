# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Messages to YAML, CSV and dictionaries, and back."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import pytest
import yaml
from builtin_interfaces.msg import Time
from geometry_msgs.msg import PointStamped, Polygon
from rosidl_parser.definition import BasicType, UnboundedString
from rosidl_runtime_py import (
    get_interface_path,
    get_interfaces,
    get_message_slot_types,
    message_to_csv,
    message_to_ordereddict,
    message_to_yaml,
    set_message_fields,
)
from rosidl_runtime_py.utilities import get_action, get_interface, get_message, get_service
from std_msgs.msg import ByteMultiArray, Header, String, UInt8MultiArray
from test_msgs.action import Fibonacci
from test_msgs.msg import Arrays, BasicTypes, BoundedSequences, Empty, Nested
from test_msgs.srv import Empty as EmptyService


def test_yaml_keeps_the_order_of_the_fields() -> None:
    header = Header(stamp=Time(sec=3, nanosec=4), frame_id='map')
    assert message_to_yaml(header) == 'stamp:\n  sec: 3\n  nanosec: 4\nframe_id: map\n'


def test_flow_style_is_for_sequences() -> None:
    assert message_to_yaml(UInt8MultiArray(data=[1, 2]), flow_style=True) == (
        'layout:\n  dim: []\n  data_offset: 0\ndata: [1, 2]\n')


def test_yaml_keeps_letters_and_does_not_wrap_lines() -> None:
    text = 'Grüße ' + 'und ' * 60 + 'Ende'
    assert message_to_yaml(String(data=text)) == f'data: {text}\n'


def test_yaml_of_an_empty_message() -> None:
    assert message_to_yaml(Empty()) == '{}\n'


def test_long_values_are_shortened() -> None:
    message = UInt8MultiArray(data=[1, 2, 3])
    assert message_to_yaml(message, truncate_length=2).endswith("data:\n- 1\n- 2\n- '...'\n")
    assert message_to_yaml(message, truncate_length=3).endswith('data:\n- 1\n- 2\n- 3\n')
    assert message_to_yaml(String(data='abc'), truncate_length=2) == 'data: ab...\n'
    assert message_to_csv(String(data='abc'), truncate_length=2) == 'ab...'
    assert message_to_csv(message, truncate_length=2) == ',0,1,2,...'


def test_sequences_and_text_can_be_left_out() -> None:
    summary = message_to_ordereddict(Arrays(), no_arr=True)
    assert summary['bool_values'] == '<array type: boolean[3]>'
    assert summary['basic_types_values'] == '<array type: test_msgs/msg/BasicTypes[3]>'
    assert message_to_ordereddict(BoundedSequences(), no_arr=True)['string_values'] == (
        '<sequence type: string[3], length: 0>')
    assert message_to_ordereddict(Polygon(), no_arr=True)['points'] == (
        '<sequence type: geometry_msgs/msg/Point32, length: 0>')
    assert message_to_yaml(String(data='abc'), no_str=True) == "data: '<string length: <3>>'\n"


def test_bytes_are_written_as_characters() -> None:
    message = ByteMultiArray(data=[b'a', b'\x00'])
    assert message_to_ordereddict(message)['data'] == ['a', '\x00']
    assert message_to_csv(message) == ",0,b'a',b'\\x00'"


def test_csv_of_a_nested_message() -> None:
    message = PointStamped()
    message.header.frame_id = 'map'
    message.point.x = 1.5
    assert message_to_csv(message) == '0,0,map,1.5,0.0,0.0'


def test_slot_types() -> None:
    types = get_message_slot_types(String)
    assert isinstance(types, OrderedDict)
    assert types == {'data': UnboundedString()}
    assert get_message_slot_types(BasicTypes())['bool_value'] == BasicType('boolean')


@pytest.mark.parametrize('kind', [Arrays, BasicTypes, BoundedSequences, Nested, PointStamped])
def test_what_is_written_can_be_read_back(kind: Any) -> None:
    message = kind()
    set_message_fields(message, yaml.safe_load(message_to_yaml(kind())))
    assert message == kind()


def test_fields_that_are_not_named_stay() -> None:
    message = BasicTypes(int32_value=7)
    set_message_fields(message, {'float64_value': 2, 'byte_value': 3})
    assert (message.int32_value, message.float64_value, message.byte_value) == (7, 2.0, b'\x03')


def test_sequences_of_messages() -> None:
    polygon = Polygon()
    values = {'points': [{'x': 1.0}, {'y': 2}]}
    set_message_fields(polygon, values)
    assert [(point.x, point.y) for point in polygon.points] == [(1.0, 0.0), (0.0, 2.0)]
    assert values == {'points': [{'x': 1.0}, {'y': 2}]}


@pytest.mark.parametrize(
    ('values', 'error'),
    [
        ({'nothing': 1}, AttributeError),
        ({'point': 'nowhere'}, TypeError),
        ({'point': {'x': 'far'}}, ValueError),
        ('nothing', TypeError),
    ])
def test_values_that_do_not_fit(values: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        set_message_fields(PointStamped(), values)


def test_text_is_no_sequence() -> None:
    with pytest.raises(TypeError, match='expected to be a sequence'):
        set_message_fields(UInt8MultiArray(), {'data': 'abc'})


def test_the_current_time_is_set_later() -> None:
    for values in ({'header': 'auto'}, {'header': {'stamp': 'now', 'frame_id': 'map'}}):
        message = PointStamped()
        setters = set_message_fields(
            message, values, expand_header_auto=True, expand_time_now=True)
        for set_stamp in setters:
            set_stamp(Time(sec=9))
        assert message.header.stamp.sec == 9
    assert message.header.frame_id == 'map'


def test_auto_is_an_ordinary_word_unless_asked_for() -> None:
    with pytest.raises(TypeError, match="Value 'auto' is expected to be a dictionary"):
        set_message_fields(PointStamped(), {'header': 'auto'})


def test_interfaces_by_name() -> None:
    assert get_message('std_msgs/msg/String') is String
    assert get_message('std_msgs/String') is String
    assert get_service('test_msgs/Empty') is EmptyService
    assert get_action('test_msgs/action/Fibonacci') is Fibonacci
    assert get_interface('test_msgs/srv/Empty') is EmptyService


@pytest.mark.parametrize(
    ('get', 'name', 'error'),
    [
        (get_message, 'test_msgs/srv/Empty', ValueError),
        (get_service, 'test_msgs/msg/Empty', ValueError),
        (get_action, 'test_msgs/msg/Empty', ValueError),
        (get_message, 'String', ValueError),
        (get_message, 'std_msgs/msg/Nothing', AttributeError),
        (get_message, 'nowhere/msg/Nothing', ModuleNotFoundError),
    ])
def test_interfaces_that_are_not_there(get: Any, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        get(name)


def test_installed_interfaces() -> None:
    interfaces = get_interfaces(['test_msgs'])['test_msgs']
    assert {'msg/Arrays', 'srv/Empty', 'action/Fibonacci'} <= set(interfaces)
    assert not any('_' in name for name in interfaces)
    assert 'std_msgs' in get_interfaces()
    with pytest.raises(LookupError, match="Unknown package 'nowhere'"):
        get_interfaces(['nowhere'])


def test_interface_path() -> None:
    assert get_interface_path('std_msgs/msg/String').endswith('/share/std_msgs/msg/String.msg')
    assert get_interface_path('std_msgs/msg/String.idl').endswith('/String.idl')
    for name, error in (
        ('String', ValueError), ('std_msgs//String', ValueError), ('std_msgs/../x', ValueError),
        ('nowhere/msg/String', LookupError), ('std_msgs/msg/Nothing', LookupError),
    ):
        with pytest.raises(error):
            get_interface_path(name)
