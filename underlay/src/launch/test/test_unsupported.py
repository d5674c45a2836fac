# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""What is outside of the supported part is named by the error."""

from __future__ import annotations

import importlib

import launch
import pytest


@pytest.mark.parametrize(
    ('module', 'name'),
    [
        ('launch', 'LaunchIntrospector'),
        ('launch.actions', 'ForLoop'),
        ('launch.substitutions', 'ForEachVar'),
        ('launch.conditions', 'Sometimes'),
        ('launch.events', 'Earthquake'),
        ('launch.events.process', 'ProcessStdin'),
        ('launch.event_handlers', 'OnEarthquake'),
        ('launch.launch_description_sources', 'XMLLaunchDescriptionSource'),
        ('launch.logging', 'handlers'),
    ],
)
def test_unsupported_name(module, name):
    message = f'launch has no {module}.{name}'
    with pytest.raises(ImportError, match=message):
        exec(f'from {module} import {name}')
    with pytest.raises(ImportError, match=message):
        getattr(importlib.import_module(module), name)


def test_private_names_are_as_in_any_module():
    assert not hasattr(launch.actions, '__wrapped__')


def test_unsupported_argument():
    with pytest.raises(TypeError, match="ExecuteProcess .* 'cached_output'"):
        launch.actions.ExecuteProcess(cmd=['a'], cached_output=True)
    with pytest.raises(TypeError, match="LogInfo .* 'level'"):
        launch.actions.LogInfo(msg='a', level='warn')


def test_wrong_condition():
    with pytest.raises(TypeError, match='condition of LogInfo'):
        launch.actions.LogInfo(msg='a', condition='true')
