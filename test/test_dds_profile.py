# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Each node gets the shared memory that it needs, unless the user has chosen."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from assist.nodes import DDS_PROFILE, IMAGE_NODES, NODES, dds_profile

CONFIG = Path(__file__).resolve().parents[1] / 'config'
OLDER_NAME = 'FASTRTPS_DEFAULT_PROFILES_FILE'


def profile(environment: dict[str, str], node: str = '', reach: str = '') -> str:
    return Path(dds_profile(environment, node, reach)[DDS_PROFILE]).name


@pytest.mark.parametrize('environment', [{}, {DDS_PROFILE: str(CONFIG / 'fastdds.xml')}])
@pytest.mark.parametrize(('reach', 'local'), [('subnet', ''), ('localhost', '_local')])
def test_who_publishes_images_has_room_for_them(
    environment: dict[str, str], reach: str, local: str
) -> None:
    given = {node: profile(environment, node, reach) for node in NODES}
    large = {node for node, name in given.items() if name == f'fastdds{local}.xml'}
    assert large == set(IMAGE_NODES)
    assert set(given.values()) == {f'fastdds{local}.xml', f'fastdds_small{local}.xml'}


def test_the_middleware_adds_nothing_to_a_profile_for_this_machine() -> None:
    for node in NODES:
        variables = dds_profile({}, node, 'localhost')
        assert variables['ROS_AUTOMATIC_DISCOVERY_RANGE'] == 'SYSTEM_DEFAULT'
        assert variables['ROS_STATIC_PEERS'] == ''
        assert set(dds_profile({}, node, 'subnet')) == {DDS_PROFILE}


def test_a_node_that_is_not_of_the_graph_has_room_for_images() -> None:
    assert profile({}) == profile({}, 'driver') == 'fastdds.xml'


def test_the_profile_of_another_checkout_counts_as_none(tmp_path: Path) -> None:
    copy = shutil.copy(CONFIG / 'fastdds.xml', tmp_path)
    assert profile({DDS_PROFILE: str(copy)}, 'audio_node') == 'fastdds_small.xml'


def test_another_middleware_keeps_to_the_range_that_the_launch_sets() -> None:
    for node in NODES:
        assert dds_profile({'RMW_IMPLEMENTATION': 'rmw_cyclonedds_cpp'}, node, 'localhost') == {}


@pytest.mark.parametrize('name', [DDS_PROFILE, OLDER_NAME])
@pytest.mark.parametrize('path', ['absent.xml', str(CONFIG / 'fastdds_small.xml'), ''])
def test_what_the_user_has_chosen_stays(name: str, path: str) -> None:
    for node in NODES:
        assert dds_profile({name: path}, node) == {}


SHARED_MEMORY = (
    r'<transport_id>shared_memory</transport_id>'
    r'|<transport_descriptor>\s*<transport_id>shared_memory<.*?</transport_descriptor>'
)
THIS_MACHINE = (
    r'<interfaceWhiteList>.*?</interfaceWhiteList>|<maxInitialPeersRange>.*?</maxInitialPeersRange>'
    r'|<metatrafficUnicastLocatorList>.*?</metatrafficUnicastLocatorList>'
    r'|<initialPeersList>.*?</initialPeersList>'
)


def without(pattern: str, name: str) -> list[str]:
    """Return the words of a profile but for comments and what matches."""
    text = (CONFIG / f'{name}.xml').read_text()
    return re.sub(f'<!--.*?-->|{pattern}', '', text, flags=re.DOTALL).split()


@pytest.mark.parametrize(
    ('less', 'more', 'difference'),
    [
        ('fastdds_small', 'fastdds', SHARED_MEMORY),
        ('fastdds_small_local', 'fastdds_local', SHARED_MEMORY),
        ('fastdds', 'fastdds_local', THIS_MACHINE),
        ('fastdds_small', 'fastdds_small_local', THIS_MACHINE),
    ],
)
def test_the_profiles_differ_in_one_thing(less: str, more: str, difference: str) -> None:
    assert without(difference, more) == without('(?!)', less)
    assert without('(?!)', more) != without('(?!)', less)
