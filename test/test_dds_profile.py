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


def profile(environment: dict[str, str], node: str = '') -> str:
    return Path(dds_profile(environment, node)[DDS_PROFILE]).name


@pytest.mark.parametrize('environment', [{}, {DDS_PROFILE: str(CONFIG / 'fastdds.xml')}])
def test_who_publishes_images_has_room_for_them(environment: dict[str, str]) -> None:
    given = {node: profile(environment, node) for node in NODES}
    large = {node for node, name in given.items() if name == 'fastdds.xml'}
    assert large == set(IMAGE_NODES)
    assert set(given.values()) == {'fastdds.xml', 'fastdds_small.xml'}


def test_a_node_that_is_not_of_the_graph_has_room_for_images() -> None:
    assert profile({}) == profile({}, 'driver') == 'fastdds.xml'


def test_the_profile_of_another_checkout_counts_as_none(tmp_path: Path) -> None:
    copy = shutil.copy(CONFIG / 'fastdds.xml', tmp_path)
    assert profile({DDS_PROFILE: str(copy)}, 'audio_node') == 'fastdds_small.xml'


@pytest.mark.parametrize('name', [DDS_PROFILE, OLDER_NAME])
@pytest.mark.parametrize('path', ['absent.xml', str(CONFIG / 'fastdds_small.xml'), ''])
def test_what_the_user_has_chosen_stays(name: str, path: str) -> None:
    for node in NODES:
        assert dds_profile({name: path}, node) == {}


def test_the_profiles_differ_in_the_shared_memory_alone() -> None:
    shared = re.compile(
        r'<!--.*?-->|<transport_id>shared_memory</transport_id>'
        r'|<transport_descriptor>\s*<transport_id>shared_memory<.*?</transport_descriptor>',
        re.DOTALL,
    )
    large, small = ((CONFIG / f'{name}.xml').read_text() for name in ('fastdds', 'fastdds_small'))
    assert shared.sub('', large).split() == shared.sub('', small).split()
    assert 'SHM' in large and 'SHM' not in small
