# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""What is outside of the supported part is named by the error."""

from __future__ import annotations

import importlib

import pytest
from launch_ros.actions import Node


@pytest.mark.parametrize(
    ('module', 'name'),
    [
        ('launch_ros', 'frontend'),
        ('launch_ros.actions', 'ComposableNodeContainer'),
        ('launch_ros.actions', 'LoadComposableNodes'),
        ('launch_ros.actions', 'RosTimer'),
        ('launch_ros.descriptions', 'ComposableNode'),
        ('launch_ros.substitutions', 'Parameter'),
        ('launch_ros.event_handlers', 'OnEarthquake'),
        ('launch_ros.events.lifecycle', 'Earthquake'),
    ],
)
def test_unsupported_name(module, name):
    message = f'launch_ros has no {module}.{name}'
    with pytest.raises(ImportError, match=message):
        exec(f'from {module} import {name}')
    with pytest.raises(ImportError, match=message):
        getattr(importlib.import_module(module), name)


def test_unsupported_argument():
    with pytest.raises(TypeError, match="Node .* 'node_executable'"):
        Node(package='a', executable='b', node_executable='c')


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        ({'arguments': '--flag'}, 'arguments of Node must be a list'),
        ({'ros_arguments': '--flag'}, 'ros_arguments of Node must be a list'),
        ({'remappings': ['a:=b']}, 'remappings of Node must be pairs'),
    ],
)
def test_common_slips(options, message):
    with pytest.raises(TypeError, match=message):
        Node(package='a', executable='b', **options)
