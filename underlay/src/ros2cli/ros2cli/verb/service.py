# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 service``."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Any

from ros2cli.completion import complete_service_types, complete_services
from ros2cli.interfaces import check_fields, fields_from_yaml, filled, service_class
from ros2cli.node import (
    add_node_arguments,
    direct_node,
    is_hidden,
    spin_until,
    wait_for,
)
from ros2cli.parsing import Verb, add_completer, positive_float

if TYPE_CHECKING:
    from rclpy.client import Client


def add_list_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``list``."""
    add_node_arguments(parser)
    parser.add_argument(
        '-t', '--show-types', action='store_true', help='Additionally show the service type')
    parser.add_argument(
        '-c', '--count-services', '--count', action='store_true',
        help='Only display the number of services discovered')
    parser.add_argument(
        '-a', '--include-hidden-services', '--all', action='store_true',
        help='Consider hidden services as well')


def list_services(args: argparse.Namespace) -> None:
    """Print the services of the graph."""
    with direct_node(args) as node:
        services = [
            (name, types) for name, types in node.get_service_names_and_types()
            if args.include_hidden_services or not is_hidden(name)]
    if args.count_services:
        print(len(services))
        return
    for name, types in services:
        print(f'{name} [{", ".join(types)}]' if args.show_types else name)


def add_call_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``call``."""
    add_node_arguments(parser)
    name = parser.add_argument(
        'service_name', help="Name of the ROS service to call to (e.g. '/add_two_ints')")
    add_completer(name, complete_services)
    kind = parser.add_argument(
        'service_type', help="Type of the ROS service (e.g. 'std_srvs/srv/Empty')")
    add_completer(kind, complete_service_types)
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        'values', nargs='?', default='{}',
        help="Values to fill the service request with in YAML format (e.g. '{a: 1, b: 2}'), "
             'otherwise the service request will be published with default values')
    source.add_argument('--stdin', action='store_true', help='Read values from standard input')
    parser.add_argument(
        '-r', '--rate', metavar='N', type=positive_float,
        help='Repeat the call at a specific rate in Hz')


def call_service(args: argparse.Namespace) -> None:
    """Call a service once, or again and again, and print request and response."""
    check_fields()
    service = service_class(args.service_type)
    values = fields_from_yaml(
        sys.stdin.read() if args.stdin else args.values,
        'The passed value needs to be a dictionary in YAML format')
    request, _ = filled(service.Request(), values)
    with direct_node(args, needs_graph=False) as node:
        client: Client[Any, Any] = node.create_client(service, args.service_name)
        if not client.service_is_ready():
            print('waiting for service to become available...')
            wait_for(client.service_is_ready)
        while True:
            print(f'requester: making request: {request!r}\n')
            called = time.monotonic()
            response = spin_until(node, client.call_async(request))
            print(f'response:\n{response!r}\n')
            if args.rate is None:
                return
            time.sleep(max(0.0, called + 1 / args.rate - time.monotonic()))


VERBS = {
    'call': Verb('Call a service', add_call_arguments, call_service),
    'list': Verb('Output a list of available services', add_list_arguments, list_services),
}
