# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Bring up the whole graph, or the part of it that `nodes` names."""

from __future__ import annotations

import atexit
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

import yaml
from ament_index_python.packages import get_package_share_directory
from assist import paced_start
from assist.nodes import NODES, dds_profile
from assist_common import threads
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

SHARE = Path(get_package_share_directory('assist'))
PROFILES = SHARE / 'config' / 'profiles'
NO_PROFILE = 'default'

OVERRIDES = {
    'audio_source': ('audio_node', 'source'),
    'audio_device': ('audio_node', 'device'),
    'audio_files': ('audio_node', 'files'),
    'speech_model': ('stt_node', 'model'),
    'camera_source': ('camera_node', 'source'),
    'vision_model': ('detector_node', 'model'),
    'log_directory': ('monitor_node', 'log_directory'),
    'audit_folder': ('intent_node', 'audit_folder'),
}
"""Launch arguments that stand for one parameter of one node; empty leaves it to the files."""


def arguments() -> list[DeclareLaunchArgument]:
    """Return the arguments that `--show-args` lists."""

    def argument(
        name: str, default: str, description: str, **options: object
    ) -> DeclareLaunchArgument:
        return DeclareLaunchArgument(
            name, default_value=default, description=description, **options
        )

    return [
        argument(
            'config_file',
            str(SHARE / 'config' / 'assist.yaml'),
            'YAML file with the parameters of all nodes',
        ),
        argument(
            'profile',
            NO_PROFILE,
            'overlay for the kind of machine, applied after config_file',
            choices=[NO_PROFILE, *sorted(path.stem for path in PROFILES.glob('*.yaml'))],
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


def environment(context: LaunchContext) -> list[SetEnvironmentVariable]:
    """Keep the graph to this machine unless told otherwise, let images through, bound threads.

    Fast DDS as it comes drops images that are larger than its shared-memory segment without a
    word; the profile makes the segment large enough. What the user has set stays.
    """
    variables = dds_profile(context.environment) | threads.bounds(context.environment)
    if LaunchConfiguration('discovery').perform(context) == 'localhost':
        variables['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
        variables['ROS_STATIC_PEERS'] = '127.0.0.1'
    else:
        variables['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'SUBNET'
        variables['ROS_STATIC_PEERS'] = ''
    return [SetEnvironmentVariable(name, value) for name, value in variables.items()]


def chosen(context: LaunchContext) -> list[str]:
    """Return the names of the nodes to start, in the order of activation: listeners first."""
    value = LaunchConfiguration('nodes').perform(context)
    if value == 'all':
        return list(reversed(NODES))
    names = [name.strip() for name in value.split(',') if name.strip()]
    unknown = [name for name in names if name not in NODES]
    if unknown or not names:
        raise RuntimeError(
            f"nodes:={value} names no node '{', '.join(unknown)}'; use all or some of: "
            f'{", ".join(NODES)}'
        )
    return [name for name in reversed(NODES) if name in names]


def parameter_files(context: LaunchContext) -> list[str]:
    """Return the configuration and the profile on top of it."""
    config = Path(LaunchConfiguration('config_file').perform(context)).expanduser()
    check_config(config)
    profile = LaunchConfiguration('profile').perform(context)
    overlay = [] if profile == NO_PROFILE else [str(PROFILES / f'{profile}.yaml')]
    return [str(config), *overlay]


def check_config(path: Path) -> None:
    """Say what is wrong with a configuration file; rcl would end every node with a riddle."""
    try:
        content = yaml.safe_load(path.read_text())
    except FileNotFoundError:
        raise RuntimeError(
            f'config_file:={path} does not exist; give the path of a YAML file'
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RuntimeError(f'config_file:={path} can not be read: {error}') from None
    if not isinstance(content, dict):
        raise RuntimeError(f'config_file:={path} holds no nodes; see {SHARE}/config/assist.yaml')
    for node, entry in content.items():
        if not isinstance(entry, dict) or not isinstance(entry.get('ros__parameters'), dict):
            raise RuntimeError(
                f"config_file:={path}: '{node}' has no ros__parameters; "
                f'see {SHARE}/config/assist.yaml'
            )


def checked_namespace(context: LaunchContext) -> str:
    """Return the namespace, which is relative or begins with a slash."""
    namespace = LaunchConfiguration('namespace').perform(context)
    try:
        validate_namespace('/' + namespace.strip('/'))
    except InvalidNamespaceException:
        raise RuntimeError(
            f"namespace:='{namespace}' is no name for ROS; use letters, digits and _, as in robot_1"
        ) from None
    return namespace.strip('/')


def overrides(context: LaunchContext, name: str, names: list[str]) -> dict[str, object]:
    """Return the parameters that launch arguments set on one node."""
    use_sim_time = LaunchConfiguration('use_sim_time').perform(context) == 'true'
    values: dict[str, object] = {'use_sim_time': use_sim_time}
    for argument, (node, parameter) in OVERRIDES.items():
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
    started = [
        Node(
            package=NODES[name],
            executable=name,
            name=name,
            additional_env=dds_profile(context.environment, name),
            parameters=[*files, overrides(context, name, names)],
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
            OpaqueFunction(function=environment),
            OpaqueFunction(function=nodes),
        ]
    )
