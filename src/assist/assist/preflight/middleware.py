# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""ROS and its transport."""

from __future__ import annotations

import os
import threading
import time
import xml.etree.ElementTree as xml
from collections.abc import Iterator
from contextlib import contextmanager

import rclpy
import rclpy.utilities
from assist_common import qos
from assist_common.errors import ConfigurationError
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions

from assist import image_loopback
from assist.nodes import DDS_PROFILE, NODES
from assist.preflight.subject import Subject

DISTRIBUTIONS = ('jazzy', 'kilted', 'lyrical')
HIGHEST_DOMAIN = 232
IMAGES = 100
LOST_IMAGES_ALLOWED = 1
LONGEST_DISCOVERY = 3.0
LOOK_AROUND = 1.5
"""Seconds in which nodes that are there are found."""
DIAGNOSTICS_LIMIT = 5.0


def ros_environment(_: Subject) -> str:
    """Find the distribution, the middleware, its profile, and who can join the graph."""
    distribution = os.environ.get('ROS_DISTRO')
    if not distribution:
        raise ConfigurationError('ROS_DISTRO is not set', 'source setup.bash')
    if distribution not in DISTRIBUTIONS:
        raise ConfigurationError(
            f'this is ROS 2 {distribution}', f'use one of {", ".join(DISTRIBUTIONS)}'
        )
    domain = os.environ.get('ROS_DOMAIN_ID') or '0'
    if not domain.isdecimal() or int(domain) > HIGHEST_DOMAIN:
        raise ConfigurationError(
            f"ROS_DOMAIN_ID is '{domain}'", f'set it to a number from 0 to {HIGHEST_DOMAIN}'
        )
    middleware = rclpy.utilities.get_rmw_implementation_identifier()
    reach = os.environ.get('ROS_AUTOMATIC_DISCOVERY_RANGE', 'SUBNET').lower()
    return f'{distribution}, {middleware}, {_profile(middleware)}, domain {domain}, reach {reach}'


def image_transport(_: Subject) -> str:
    """Send camera-sized images between two processes and count them."""
    result = image_loopback.measure(IMAGES)
    if result.discovery is None:
        raise ConfigurationError(
            'two processes on this machine do not find each other',
            'let UDP through on the loopback interface: ip link set lo up, and no firewall on it',
        )
    if result.received < result.sent - LOST_IMAGES_ALLOWED:
        raise ConfigurationError(
            f'only {result.received} of {result.sent} images arrived',
            f'unset {DDS_PROFILE}, or set it to config/fastdds.xml; see that /dev/shm has room',
        )
    if result.discovery > LONGEST_DISCOVERY:
        raise ConfigurationError(
            f'two processes took {result.discovery:.1f} s to find each other',
            'set ROS_STATIC_PEERS=127.0.0.1, or free the processor',
        )
    return (
        f'{result.received} of {result.sent} images of 640x480 at 30 Hz, '
        f'discovery {result.discovery:.1f} s'
    )


def domain(subject: Subject) -> str:
    """See that no other graph with the same names is in the domain."""
    with _node('preflight_look') as node:
        deadline = time.monotonic() + LOOK_AROUND
        found: set[tuple[str, str]] = set()
        while time.monotonic() < deadline:
            found |= set(node.get_node_names_and_namespaces())
            time.sleep(0.1)
    namespace = f'/{subject.settings.namespace}'
    others = {(name, place) for name, place in found if not name.startswith('preflight')}
    clashes = sorted(name for name, place in others if name in NODES and place == namespace)
    number = os.environ.get('ROS_DOMAIN_ID') or '0'
    if clashes:
        raise ConfigurationError(
            f'{", ".join(clashes)} run in {namespace} of domain {number} already',
            'end the other graph, or use another ROS_DOMAIN_ID or namespace',
        )
    return f'domain {number} has {len(others)} other nodes, none by our names'


def diagnostics(_: Subject) -> str:
    """Publish a diagnostic and receive it, on a topic of our own that nobody keeps a record of."""
    topic = f'preflight_{os.getpid()}/diagnostics'
    arrived = threading.Event()
    with _node('preflight_sender') as sender, _node('preflight_receiver') as receiver:
        receiver.create_subscription(
            DiagnosticArray, topic, lambda message: arrived.set(), qos.RELIABLE
        )
        publisher = sender.create_publisher(DiagnosticArray, topic, qos.RELIABLE)
        executor = SingleThreadedExecutor(context=receiver.context)
        executor.add_node(receiver)
        message = DiagnosticArray(status=[DiagnosticStatus(name='preflight: self-test')])
        began = time.monotonic()
        while not arrived.is_set() and time.monotonic() < began + DIAGNOSTICS_LIMIT:
            publisher.publish(message)
            executor.spin_once(timeout_sec=0.05)
        seconds = time.monotonic() - began
        executor.shutdown()
    if not arrived.is_set():
        raise ConfigurationError(
            f'a diagnostic did not arrive within {DIAGNOSTICS_LIMIT:g} s',
            'let UDP through on the loopback interface',
        )
    return f'one arrived after {seconds:.1f} s'


def _profile(middleware: str) -> str:
    if 'fastrtps' not in middleware:
        return 'no Fast DDS profile'
    path = os.environ.get(DDS_PROFILE, '')
    if not path:
        return 'profile chosen by FASTRTPS_DEFAULT_PROFILES_FILE'
    try:
        xml.parse(path)
    except (OSError, xml.ParseError) as error:
        raise ConfigurationError(
            f'{DDS_PROFILE}={path} can not be read ({error})', f'unset {DDS_PROFILE}'
        ) from error
    return f'profile {path}'


@contextmanager
def _node(name: str) -> Iterator[Node]:
    context = Context()
    rclpy.init(context=context, signal_handler_options=SignalHandlerOptions.NO)
    node = Node(f'{name}_{os.getpid()}', context=context, start_parameter_services=False)
    try:
        yield node
    finally:
        node.destroy_node()
        context.try_shutdown()
