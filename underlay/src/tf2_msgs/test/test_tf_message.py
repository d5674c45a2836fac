# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The message is the genuine one: same fields, same RIHS01 type hash (REP-2016)."""

from __future__ import annotations

import json
from pathlib import Path

import tf2_msgs.msg
from ament_index_python.packages import get_package_share_directory

# What builds of github.com/ros2/geometry2 write into share/tf2_msgs/msg/TFMessage.json.
GENUINE_HASH = 'RIHS01_e369d0f05a23ae52508854b66f6aa0437f3449d652e8cbf22d5abe85d020f087'


def test_type_hash_is_the_genuine_one() -> None:
    share = Path(get_package_share_directory('tf2_msgs'))
    hashes = json.loads((share / 'msg' / 'TFMessage.json').read_text())['type_hashes']
    own = {entry['type_name']: entry['hash_string'] for entry in hashes}
    assert own['tf2_msgs/msg/TFMessage'] == GENUINE_HASH


def test_fields() -> None:
    assert tf2_msgs.msg.TFMessage.get_fields_and_field_types() == {
        'transforms': 'sequence<geometry_msgs/TransformStamped>'
    }
