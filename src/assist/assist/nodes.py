# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The nodes of the graph, and the environment of each."""

from __future__ import annotations

import filecmp
from collections.abc import Mapping
from pathlib import Path

from ament_index_python.packages import get_package_share_directory
from assist_common.errors import ConfigurationError
from rclpy.utilities import get_rmw_implementation_identifier

NODES = {
    'audio_node': 'assist_audio',
    'camera_node': 'assist_vision',
    'detector_node': 'assist_vision',
    'stt_node': 'assist_audio',
    'intent_node': 'assist_intent',
    'executor_node': 'assist_intent',
    'speaker_node': 'assist_audio',
    'monitor_node': 'assist_monitor',
    'supervisor_node': 'assist_monitor',
}
"""The package of each node, in the order in which data flows: who speaks before who listens."""

IMAGE_NODES = ('camera_node', 'detector_node')
"""Those that publish or take images, which go by shared memory."""

DDS_PROFILE = 'FASTDDS_DEFAULT_PROFILES_FILE'
_OLDER_NAME = 'FASTRTPS_DEFAULT_PROFILES_FILE'
_RANGE, _PEERS = 'ROS_AUTOMATIC_DISCOVERY_RANGE', 'ROS_STATIC_PEERS'


def dds_profile(environment: Mapping[str, str], node: str = '', reach: str = '') -> dict[str, str]:
    """Return the variables that give a node its DDS profile.

    {} where the user has set another, or a middleware that is not Fast DDS.

    Args:
        environment: to which they are added.
        node: its name, '' for one that is not of this graph and may publish images.
        reach: who can join the graph, see `discovery`; '' leaves that to the environment.
    """
    folder = Path(get_package_share_directory('assist'), 'config')
    chosen = environment.get(DDS_PROFILE)
    usual = folder / 'fastdds.xml'
    if _OLDER_NAME in environment or (chosen is not None and not _is_same(chosen, usual)):
        return {}
    middleware = environment.get('RMW_IMPLEMENTATION') or get_rmw_implementation_identifier()
    if not middleware.startswith('rmw_fastrtps'):
        return {}
    small = '_small' if node in NODES and node not in IMAGE_NODES else ''
    if reach != 'localhost':
        return {DDS_PROFILE: str(folder / f'fastdds{small}.xml')}
    profile = {DDS_PROFILE: str(folder / f'fastdds{small}_local.xml')}
    # The profile says it all: with LOCALHOST the middleware would listen on every interface.
    return profile | {_RANGE: 'SYSTEM_DEFAULT', _PEERS: ''}


def discovery(reach: str) -> dict[str, str]:
    """Return the variables that let 'localhost' or the 'subnet' join the graph."""
    local = reach == 'localhost'
    return {_RANGE: 'LOCALHOST' if local else 'SUBNET', _PEERS: '127.0.0.1' if local else ''}


def thread_count(value: str) -> int:
    """Return the number of threads that the launch argument `threads` gives.

    Raises:
        ConfigurationError: it is no number from 1.
    """
    if not value.isdecimal() or int(value) < 1:
        raise ConfigurationError(f"the argument threads:='{value}' is no number from 1")
    return int(value)


def choose(value: str) -> list[str]:
    """Return the nodes that 'all' or names separated by commas mean: listeners first.

    Raises:
        ConfigurationError: one of them is no node.
    """
    if value == 'all':
        return list(reversed(NODES))
    names = [name.strip() for name in value.split(',') if name.strip()]
    unknown = [name for name in names if name not in NODES]
    if unknown or not names:
        raise ConfigurationError(
            f"the argument nodes:={value} names no node '{', '.join(unknown)}'",
            f'use all or some of: {", ".join(NODES)}',
        )
    return [name for name in reversed(NODES) if name in names]


def _is_same(path: str, other: Path) -> bool:
    try:
        return filecmp.cmp(path, other, shallow=False)
    except OSError:
        return False
