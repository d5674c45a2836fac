# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Bring up the whole graph, or the part of it that `nodes` names."""

from __future__ import annotations

import atexit
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Sequence

from assist import paced_start, settings
from assist.nodes import NODES, choose, dds_profile, discovery, thread_count
from assist_common import threads
from assist_common.errors import ConfigurationError
from launch import LaunchContext, LaunchDescription
from launch.actions import (
    DeclareLaunchArgument,
    GroupAction,
    OpaqueFunction,
    SetEnvironmentVariable,
)
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node, PushRosNamespace
from launch_ros.parameter_descriptions import ParameterValue
from rclpy.exceptions import InvalidNamespaceException
from rclpy.validate_namespace import validate_namespace

SUPERVISOR = 'supervisor_node'
RESPAWN_DELAY = 1.0
"""Seconds; paced_start makes it longer for a node that dies again and again as it starts."""

STOP_TIMEOUT = 4.2
"""Seconds from SIGINT to SIGTERM for a node; one that works has ended by then (main.py)."""

KILL_TIMEOUT = 0.3
"""Seconds from there to SIGKILL: a node that hangs as the graph ends does not hold it up."""


def arguments() -> list[DeclareLaunchArgument]:
    """Return the arguments that `--show-args` lists, with the defaults of the environment."""
    given = defaults()

    def argument(
        name: str, default: str, description: str, choices: Sequence[str] = ()
    ) -> DeclareLaunchArgument:
        value = given.get(name, default)
        return DeclareLaunchArgument(
            name,
            default_value=default if choices and value not in choices else value,
            description=description,
            choices=choices or None,
        )

    return [
        argument(
            'config_file',
            str(settings.CONFIG_FILE),
            'YAML file with the parameters of all nodes',
        ),
        argument(
            'profile',
            settings.NO_PROFILE,
            'overlay for the kind of machine, applied after config_file',
            choices=settings.profiles(),
        ),
        argument('namespace', 'assist', 'namespace of all nodes and topics'),
        argument(
            'nodes',
            'all',
            f'which nodes to start: all, or names separated by commas out of {", ".join(NODES)}',
        ),
        argument('audio_source', '', 'where sound comes from: device, file or topic'),
        argument('audio_device', '', 'microphone: name, part of a name or index'),
        argument('audio_files', '', 'sound files to play as the microphone, separated by commas'),
        argument(
            'camera_source', '', 'camera: index, device path, URL, video, image or folder of images'
        ),
        argument('speech_model', '', 'Whisper model: name, folder or packaged model'),
        argument('vision_model', '', 'YOLO model: name, file or packaged model'),
        argument('log_directory', '', 'folder of the JSON log files'),
        argument('audit_folder', '', 'folder of the record of all decisions'),
        argument(
            'log_level',
            'info',
            'of all nodes',
            choices=['debug', 'info', 'warn', 'error', 'fatal'],
        ),
        argument(
            'threads',
            str(threads.MOST),
            'most threads that a library computes with in one node; OMP_NUM_THREADS wins',
        ),
        argument('use_sim_time', 'false', 'take the time from /clock', choices=['true', 'false']),
        argument(
            'respawn', 'true', 'start a node again when it dies', choices=['true', 'false']
        ),
        argument(
            'discovery',
            'localhost',
            'who can join the graph: this machine alone, or every machine of the subnet. Commands '
            'on an open network are an open door',
            choices=['localhost', 'subnet'],
        ),
    ]


def defaults() -> dict[str, str]:
    """Return the arguments that the environment sets; none where something is wrong with it."""
    try:
        return settings.from_environment(os.environ)[0]
    except ConfigurationError:
        return {}  # `check_variables` says so when the launch begins


def check_variables(context: LaunchContext) -> None:
    """Say what is wrong with a variable; when a launch file is loaded it would be a traceback."""
    given, _ = settings.from_environment(context.environment)
    for argument in arguments():
        value = given.get(argument.name)
        if value is not None and argument.choices and value not in argument.choices:
            raise ConfigurationError(
                f"the variable {settings.PREFIX}{argument.name.upper()} is '{value}'",
                f'use one of: {", ".join(argument.choices)}',
            )


def environment(context: LaunchContext) -> list[SetEnvironmentVariable]:
    """Keep the graph to this machine unless told otherwise, let images through, bound threads.

    Fast DDS as it comes drops images that are larger than its shared-memory segment without a
    word; the profile makes the segment large enough. What the user has set stays.
    """
    variables = dds_profile(context.environment)
    most = thread_count(LaunchConfiguration('threads').perform(context))
    variables |= threads.bounds(context.environment, most)
    variables |= discovery(LaunchConfiguration('discovery').perform(context))
    return [SetEnvironmentVariable(name, value) for name, value in variables.items()]


def chosen(context: LaunchContext) -> list[str]:
    """Return the names of the nodes to start, in the order of activation: listeners first."""
    return choose(LaunchConfiguration('nodes').perform(context))


def parameter_files(context: LaunchContext) -> list[str]:
    """Return the configuration and the profile on top of it."""
    files = settings.parameter_files(
        LaunchConfiguration('config_file').perform(context),
        LaunchConfiguration('profile').perform(context),
        checked_namespace(context),
    )
    return [str(path) for path in files]


def from_variables(context: LaunchContext, name: str) -> dict[str, object]:
    """Return the parameters that the environment sets on one node."""
    _, parameters = settings.from_environment(context.environment)
    return {
        parameter: ParameterValue(value, value_type=str)
        if isinstance(value, str)
        else list(value)
        if isinstance(value, tuple)
        else value
        for parameter, value in parameters.get(name, {}).items()
    }


def checked_namespace(context: LaunchContext) -> str:
    """Return the namespace, which is relative or begins with a slash."""
    namespace = LaunchConfiguration('namespace').perform(context)
    try:
        validate_namespace('/' + namespace.strip('/'))
    except InvalidNamespaceException:
        raise ConfigurationError(
            f"the argument namespace:='{namespace}' is no name for ROS",
            'use letters, digits and _, as in robot_1',
        ) from None
    return namespace.strip('/')


def overrides(context: LaunchContext, name: str, names: list[str]) -> dict[str, object]:
    """Return the parameters that launch arguments set on one node."""
    use_sim_time = LaunchConfiguration('use_sim_time').perform(context) == 'true'
    values: dict[str, object] = {'use_sim_time': use_sim_time}
    for argument, (node, parameter) in settings.OVERRIDES.items():
        value = LaunchConfiguration(argument).perform(context)
        if node == name and value:
            values[parameter] = (
                value.split(',')
                if argument == 'audio_files'
                else ParameterValue(value, value_type=str)
            )
    if name == SUPERVISOR:
        values['nodes'] = [other for other in names if other != SUPERVISOR]
    if name == SUPERVISOR or SUPERVISOR not in names:
        values['autostart'] = True
    return values


def paced(starts: str, name: str) -> list[object]:
    """Return the prefix of the command of a node that keeps it from being started in a storm."""
    command = (sys.executable, '-I', '-S', paced_start.__file__, f'{starts}/{name}')
    return [shlex.join(command), ' ', LaunchConfiguration('launch-prefix', default='')]


def nodes(context: LaunchContext) -> list[GroupAction]:
    """Return the chosen nodes in their namespace."""
    names = chosen(context)
    starts = tempfile.mkdtemp(prefix='assist_starts_')
    atexit.register(shutil.rmtree, starts, ignore_errors=True)
    files = parameter_files(context)
    level = LaunchConfiguration('log_level').perform(context)
    reach = LaunchConfiguration('discovery').perform(context)
    started = [
        Node(
            package=NODES[name],
            executable=name,
            name=name,
            additional_env=dds_profile(context.environment, name, reach),
            parameters=[
                *files,
                from_variables(context, name),
                overrides(context, name, names),
            ],
            ros_arguments=['--log-level', level],
            output='screen',
            respawn=LaunchConfiguration('respawn').perform(context) == 'true',
            respawn_delay=RESPAWN_DELAY,
            prefix=paced(starts, name),
            sigterm_timeout=str(STOP_TIMEOUT),
            sigkill_timeout=str(KILL_TIMEOUT),
        )
        for name in names
    ]
    namespace = checked_namespace(context)
    return [GroupAction([PushRosNamespace(namespace), *started] if namespace else started)]


def generate_launch_description() -> LaunchDescription:
    """Return the arguments, the environment and the nodes."""
    return LaunchDescription(
        [
            *arguments(),
            OpaqueFunction(function=check_variables),
            OpaqueFunction(function=environment),
            OpaqueFunction(function=nodes),
        ]
    )
