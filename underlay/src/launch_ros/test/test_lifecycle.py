# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Lifecycle nodes: autostart, also after a respawn, and changes of state by events."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest
from launch import LaunchDescriptionEntity
from launch.actions import (
    EmitEvent,
    LogInfo,
    OpaqueFunction,
    RegisterEventHandler,
    Shutdown,
    TimerAction,
)
from launch.event_handlers import OnProcessStart
from launch.events import matches_action
from launch_ros.actions import LifecycleNode, LifecycleTransition
from launch_ros.event_handlers import OnStateTransition
from launch_ros.events import matches_node_name
from launch_ros.events.lifecycle import ChangeState
from lifecycle_msgs.msg import Transition

LIFECYCLE_NODE = """
import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.lifecycle import LifecycleNode, TransitionCallbackReturn

class Node(LifecycleNode):
    def on_configure(self, state):
        fails = self.declare_parameter('fails', False).value
        return TransitionCallbackReturn.FAILURE if fails else TransitionCallbackReturn.SUCCESS

rclpy.init()
node = Node('given')
try:
    rclpy.spin(node)
except (KeyboardInterrupt, ExternalShutdownException):
    pass
"""

@pytest.fixture
def node(executable):
    """Return a function that describes a lifecycle node."""
    executable(LIFECYCLE_NODE)

    def describe(**options) -> LifecycleNode:
        options = {'name': 'life', 'namespace': 'robot', 'output': 'screen', **options}
        return LifecycleNode(package='test_package', executable='program', **options)

    return describe


def when(action: LifecycleNode, state: str, *entities: LaunchDescriptionEntity, **options):
    """Return a handler that logs the state of the node and then visits entities."""
    return RegisterEventHandler(
        OnStateTransition(
            target_lifecycle_node=action,
            goal_state=state,
            entities=[LogInfo(msg=f'now {state}'), *entities],
            **options,
        )
    )


def end() -> TimerAction:
    """Return what ends a test that does not work, even on a slow machine."""
    return TimerAction(period=40.0, actions=[LogInfo(msg='too late'), Shutdown()])


def states(output: str) -> list[str]:
    return re.findall(r'\[launch.user\]: now (\w+)', output)


def test_autostart(run, node):
    action = node(autostart=True)
    code, output = run(
        when(action, 'inactive'), when(action, 'active', Shutdown()), end(), action
    )
    assert code == 0
    assert states(output) == ['inactive', 'active']
    assert 'too late' not in output
    assert 'process has finished cleanly' in output


def test_respawned_node_becomes_active_again(run, node):
    action = node(autostart=True, respawn=True)
    kills = []

    def kill_once_or_end(context):
        if kills:
            return Shutdown()
        kills.append(action.process_details['pid'])
        os.kill(kills[0], signal.SIGKILL)
        return None

    code, output = run(
        when(action, 'active', OpaqueFunction(function=kill_once_or_end)), end(), action
    )
    assert code == 0
    assert states(output) == ['active', 'active']
    assert 'too late' not in output
    assert 'exit code -9' in output


def test_node_that_cannot_be_configured(run, node):
    action = node(autostart=True, parameters=[{'fails': True}])
    code, output = run(
        when(action, 'unconfigured', TimerAction(period=0.5, actions=[Shutdown()])),
        end(),
        action,
    )
    assert code == 0
    assert "Failed to make transition 'configure' for LifecycleNode '/robot/life'" in output
    assert 'active' not in states(output)


def test_change_of_state_by_events(run, node):
    action, other = node(), node(name='other')

    def change(transition_id: int, matcher=None) -> EmitEvent:
        return EmitEvent(
            event=ChangeState(
                lifecycle_node_matcher=matcher or matches_action(action),
                transition_id=transition_id,
            )
        )

    by_name = matches_node_name('/robot/life')
    code, output = run(
        RegisterEventHandler(
            OnProcessStart(
                target_action=action, on_start=change(Transition.TRANSITION_CONFIGURE)
            )
        ),
        when(action, 'inactive', change(Transition.TRANSITION_ACTIVATE, by_name), handle_once=True),
        when(action, 'active', change(Transition.TRANSITION_DEACTIVATE)),
        RegisterEventHandler(
            OnStateTransition(
                target_lifecycle_node=action,
                start_state='active',
                goal_state='deactivating',
                entities=[LogInfo(msg='now deactivated'), Shutdown()],
            )
        ),
        RegisterEventHandler(
            OnStateTransition(target_lifecycle_node=other, entities=LogInfo(msg='now wrong'))
        ),
        end(),
        other,
        action,
    )
    assert code == 0
    assert states(output)[:2] == ['inactive', 'active']
    assert 'wrong' not in states(output)
    assert 'too late' not in output


def test_lifecycle_transition(run, node):
    action = node()
    code, output = run(
        when(action, 'inactive'),
        when(action, 'active', Shutdown()),
        LifecycleTransition(
            lifecycle_node_names=['robot/life'],
            transition_ids=[Transition.TRANSITION_CONFIGURE, Transition.TRANSITION_ACTIVATE],
        ),
        end(),
        action,
    )
    assert code == 0
    assert states(output) == ['inactive', 'active']


def test_shutdown_while_a_node_is_awaited(run, executable):
    executable('import time; time.sleep(60)')
    action = LifecycleNode(
        package='test_package', executable='program', name='a', namespace='', autostart=True
    )
    code, output = run(action, TimerAction(period=0.5, actions=[Shutdown()]))
    assert code == 0
    assert 'Caught exception' not in output


def test_name_and_namespace_are_required():
    with pytest.raises(TypeError, match="'namespace'"):
        LifecycleNode(package='a', executable='b', name='c')
    with pytest.raises(TypeError, match="'name'"):
        LifecycleNode(package='a', executable='b', namespace='c')


def test_wrong_transition_is_named():
    with pytest.raises(ValueError, match='transition_id of ChangeState'):
        ChangeState(lifecycle_node_matcher=lambda node: True, transition_id=1234)


def test_plain_nodes_do_not_need_rclpy(run, executable):
    """A launch without lifecycle nodes joins no ROS graph, and does not pay for it."""
    program = (
        'import sys\n'
        'from launch import LaunchDescription, LaunchService\n'
        'from launch_ros.actions import Node\n'
        'service = LaunchService()\n'
        "node = Node(package='test_package', executable='program')\n"
        'service.include_launch_description(LaunchDescription([node]))\n'
        'assert service.run() == 0\n'
        "assert 'rclpy' not in sys.modules\n"
    )
    executable('')
    result = subprocess.run(
        [sys.executable, '-c', program], capture_output=True, text=True, timeout=30.0
    )
    assert result.returncode == 0, result.stderr
