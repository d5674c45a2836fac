# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 param``."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ros2cli.completion import complete_nodes
from ros2cli.node import (
    absolute,
    add_node_arguments,
    call,
    direct_node,
    direct_node_seeing,
    node_names,
)
from ros2cli.parsing import Verb, add_completer

if TYPE_CHECKING:
    from rclpy.node import Node

LIST_TIMEOUT = 1.0  # s that a node may take to answer before ``list`` goes on without it


def add_node_name(parser: argparse.ArgumentParser, **options: Any) -> None:
    """Add the argument that names the node, and the options about finding it."""
    add_node_arguments(parser)
    name = parser.add_argument('node_name', help='Name of the ROS node', **options)
    add_completer(name, complete_nodes)
    parser.add_argument(
        '--include-hidden-nodes', action='store_true', help='Consider hidden nodes as well')


def add_list_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``list``."""
    add_node_name(parser, nargs='?')
    parser.add_argument(
        '--filter', metavar='REGEX',
        help='Only parameters matching the regex expression will be showed. Supports `re` regex '
             'syntax.')
    parser.add_argument(
        '--param-prefixes', nargs='+', default=[],
        help='Only list parameters with the provided prefixes')
    parser.add_argument(
        '--param-type', action='store_true',
        help='Print parameter types with parameter names')


def list_parameters(args: argparse.Namespace) -> None:
    """Print the parameters of one node, or of all that have any."""
    try:
        wanted = re.compile(args.filter or '')
    except re.error as error:
        raise RuntimeError(f"'{args.filter}' is not a regular expression: {error}") from None
    if args.node_name:
        with direct_node_seeing(args) as (node, name):
            print_parameters(node, name, args, wanted, heading=None)
        return
    with direct_node(args) as node:
        services = {name for name, _ in node.get_service_names_and_types()}
        for name in node_names(node, include_hidden=args.include_hidden_nodes):
            if f'{name}/list_parameters' not in services:
                continue
            try:
                print_parameters(node, name, args, wanted, heading=name)
            except RuntimeError as error:
                print(f"Exception while calling service of node '{name}': {error}",
                      file=sys.stderr)


def print_parameters(
    node: Node,
    name: str,
    args: argparse.Namespace,
    wanted: re.Pattern[str],
    *,
    heading: str | None,
) -> None:
    """Print the wanted parameters of a node, below a line with its name where there are several.

    :raises RuntimeError: the node does not answer
    """
    # One hung node must not keep the others from being listed.
    timeout = LIST_TIMEOUT if heading else None
    parameters = [
        parameter for parameter in parameter_names(
            node, name, args.param_prefixes, timeout=timeout)
        if wanted.match(parameter)]
    if parameters and heading:
        print(f'{heading}:')
    types = parameter_types(node, name, parameters) if args.param_type else {}
    for parameter in parameters:
        print(f'  {parameter} (type: {types[parameter]})' if types else f'  {parameter}')


def add_get_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``get``."""
    add_node_name(parser)
    parser.add_argument('parameter_name', help='Name of the parameter')
    parser.add_argument('--hide-type', action='store_true', help='Hide the type information')


def get_parameter(args: argparse.Namespace) -> str | None:
    """Print the value of one parameter."""
    with direct_node_seeing(args) as (node, name):
        values = parameter_values(node, name, [args.parameter_name])
        if not values:
            return 'Parameter not set'
        label, value = labelled(values[0])
        if args.hide_type:
            print(value)
        elif value is None:
            print(label)
        else:
            print(label, value)
    return None


def add_set_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``set``."""
    add_node_name(parser)
    parser.add_argument('parameter_name', help='Name of the parameter')
    parser.add_argument('value', help='Value of the parameter')


def set_parameter(args: argparse.Namespace) -> None:
    """Set one parameter, and print whether the node accepted it."""
    from rcl_interfaces.msg import Parameter

    with direct_node_seeing(args) as (node, name):
        parameter = Parameter(name=args.parameter_name, value=parsed_value(args.value))
        result = set_parameters(node, name, [parameter])[0]
    report(result, 'Set parameter successful', 'Setting parameter failed')


def add_dump_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``dump``."""
    add_node_name(parser)


def dump_parameters(args: argparse.Namespace) -> None:
    """Print all parameters of a node as a parameter file."""
    import yaml
    from rclpy.parameter import parameter_value_to_python

    with direct_node_seeing(args) as (node, name):
        parameters = parameter_names(node, name, [])
        values = parameter_values(node, name, parameters)
    tree: dict[str, Any] = {}
    for parameter, value in zip(parameters, values, strict=True):
        *groups, leaf = parameter.split('.')
        branch = tree
        for group in groups:
            branch = branch.setdefault(group, {})
        branch[leaf] = parameter_value_to_python(value)
    print(yaml.dump({name: {'ros__parameters': tree}}, default_flow_style=False))


def add_load_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``load``."""
    add_node_name(parser)
    parser.add_argument('parameter_file', help='Parameter file')
    parser.add_argument(
        '--no-use-wildcard', action='store_true',
        help="Do not load parameters in the '/**' namespace into the node")


def load_parameters(args: argparse.Namespace) -> None:
    """Set the parameters of a node from a file, and print which ones it accepted."""
    parameters = read_parameter_file(
        args.parameter_file, absolute(args.node_name), use_wildcard=not args.no_use_wildcard)
    with direct_node_seeing(args) as (node, name):
        results = set_parameters(node, name, parameters)
    for parameter, result in zip(parameters, results, strict=True):
        report(result, f'Set parameter {parameter.name} successful',
               f'Set parameter {parameter.name} failed')


def read_parameter_file(path: str, node_name: str, *, use_wildcard: bool) -> list[Any]:
    """Return the parameters (rcl_interfaces/Parameter) that the file has for the node.

    :raises RuntimeError: the file is missing, is no parameter file, or has nothing for the node
    """
    import yaml
    from rclpy.parameter import parameter_dict_from_yaml_file

    try:
        parameters = parameter_dict_from_yaml_file(
            path, use_wildcard=use_wildcard, target_nodes=[node_name])
    except OSError as error:
        raise RuntimeError(f"Cannot read '{path}': {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RuntimeError(
            f"'{path}' is not valid YAML: {' '.join(str(error).split())}") from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise RuntimeError(
            f"'{path}' is not a parameter file: expected the format of 'ros2 param dump'"
        ) from None
    return list(parameters.values())


def parameter_names(
    node: Node, node_name: str, prefixes: Sequence[str], *, timeout: float | None = None,
) -> list[str]:
    """Return the names of the node's parameters, sorted."""
    from rcl_interfaces.srv import ListParameters
    response = call(
        node, ListParameters, f'{node_name}/list_parameters',
        ListParameters.Request(prefixes=list(prefixes)), timeout=timeout)
    return sorted(response.result.names)


def parameter_values(node: Node, node_name: str, names: Sequence[str]) -> list[Any]:
    """Return the values (rcl_interfaces/ParameterValue); none if one of them is unknown."""
    from rcl_interfaces.srv import GetParameters
    response = call(
        node, GetParameters, f'{node_name}/get_parameters',
        GetParameters.Request(names=list(names)))
    return list(response.values)


def parameter_types(node: Node, node_name: str, names: Sequence[str]) -> dict[str, str]:
    """Return the type of each parameter in words."""
    from rcl_interfaces.srv import DescribeParameters
    response = call(
        node, DescribeParameters, f'{node_name}/describe_parameters',
        DescribeParameters.Request(names=list(names)))
    words = type_words()
    return {
        descriptor.name: words[descriptor.type].lower() for descriptor in response.descriptors}


def set_parameters(node: Node, node_name: str, parameters: Sequence[Any]) -> list[Any]:
    """Set the parameters one by one; return the results in the same order."""
    from rcl_interfaces.srv import SetParameters
    response = call(
        node, SetParameters, f'{node_name}/set_parameters',
        SetParameters.Request(parameters=list(parameters)))
    return list(response.results)


def parsed_value(text: str) -> Any:
    """Return the ParameterValue that the text means, its type guessed as YAML would."""
    import yaml
    from rcl_interfaces.msg import ParameterType, ParameterValue
    from rclpy.parameter import get_parameter_value

    try:
        value = get_parameter_value(text)
    except yaml.YAMLError:
        value = None
    if value is None or not isinstance(value.string_value, str):
        # YAML reads it as what no parameter can be, such as a mapping or a date.
        return ParameterValue(type=ParameterType.PARAMETER_STRING, string_value=text)
    return value


def labelled(value: Any) -> tuple[str, Any]:
    """Return how ``get`` introduces the value, and the value itself."""
    kind = type_words()[value.type]
    if kind == 'not set':
        return 'Parameter not set.', None
    field = kind.lower().replace(' ', '_').replace('boolean', 'bool') + '_value'
    label = f'{kind.removesuffix(" array")} values are:' if kind.endswith('array') else (
        f'{kind} value is:')
    return label, getattr(value, field)


def type_words() -> dict[int, str]:
    """Return the parameter types in words."""
    from rcl_interfaces.msg import ParameterType
    return {
        ParameterType.PARAMETER_NOT_SET: 'not set',
        ParameterType.PARAMETER_BOOL: 'Boolean',
        ParameterType.PARAMETER_INTEGER: 'Integer',
        ParameterType.PARAMETER_DOUBLE: 'Double',
        ParameterType.PARAMETER_STRING: 'String',
        ParameterType.PARAMETER_BYTE_ARRAY: 'Byte array',
        ParameterType.PARAMETER_BOOL_ARRAY: 'Boolean array',
        ParameterType.PARAMETER_INTEGER_ARRAY: 'Integer array',
        ParameterType.PARAMETER_DOUBLE_ARRAY: 'Double array',
        ParameterType.PARAMETER_STRING_ARRAY: 'String array',
    }


def report(result: Any, success: str, failure: str) -> None:
    """Print whether a parameter was set, with the node's reason; a failure goes to stderr."""
    reason = f': {result.reason}' if result.reason else ''
    if result.successful:
        print(success + reason)
    else:
        print(failure + reason, file=sys.stderr)


VERBS = {
    'dump': Verb('Show all of the parameters of a node in a YAML file format',
                 add_dump_arguments, dump_parameters),
    'get': Verb('Get parameter', add_get_arguments, get_parameter),
    'list': Verb('Output a list of available parameters', add_list_arguments, list_parameters),
    'load': Verb('Load parameter file for a node', add_load_arguments, load_parameters),
    'set': Verb('Set parameter', add_set_arguments, set_parameter),
}
