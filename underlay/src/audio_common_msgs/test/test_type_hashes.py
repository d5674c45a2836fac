# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The messages are the genuine ones: same fields, same RIHS01 type hashes (REP-2016)."""

from __future__ import annotations

import json
from pathlib import Path

import audio_common_msgs.msg
import pytest
from ament_index_python.packages import get_package_share_directory

# Hashes that the build of the ros2 branch of github.com/ros-drivers/audio_common writes into
# share/audio_common_msgs/msg/*.json and into its type support.
GENUINE_HASHES = {
    'AudioData': 'a9742fba1567e649bbdba6ae034a72c7ef129b97c7a4da50fd2f3e1bfd8ffa86',
    'AudioDataStamped': '6fc679d5a868ed68e4d301f1ef42abecc86140afb57d255656ff2d9e476ea9e3',
    'AudioInfo': 'b3494d204e513d2cceefae1888e5be3da7c8c8ca31eb277f7b5b62f364bcb1fb',
}

FIELDS = {
    'AudioData': {'data': 'sequence<uint8>'},
    'AudioDataStamped': {'header': 'std_msgs/Header', 'audio': 'audio_common_msgs/AudioData'},
    'AudioInfo': {
        'channels': 'uint8',
        'sample_rate': 'uint32',
        'sample_format': 'string',
        'bitrate': 'uint32',
        'coding_format': 'string',
    },
}


@pytest.mark.parametrize('name', sorted(GENUINE_HASHES))
def test_type_hash_is_the_genuine_one(name: str) -> None:
    share = Path(get_package_share_directory('audio_common_msgs'))
    hashes = json.loads((share / 'msg' / f'{name}.json').read_text())['type_hashes']
    own = {entry['type_name']: entry['hash_string'] for entry in hashes}
    assert own[f'audio_common_msgs/msg/{name}'] == f'RIHS01_{GENUINE_HASHES[name]}'


def test_no_message_is_missing_or_extra() -> None:
    offered = {name for name in vars(audio_common_msgs.msg) if name[0].isupper()}
    assert offered == set(GENUINE_HASHES)


@pytest.mark.parametrize('name', sorted(FIELDS))
def test_fields_in_order(name: str) -> None:
    fields = getattr(audio_common_msgs.msg, name).get_fields_and_field_types()
    assert list(fields.items()) == list(FIELDS[name].items())
