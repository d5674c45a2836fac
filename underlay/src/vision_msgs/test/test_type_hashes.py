# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The messages are the genuine ones: same fields, same RIHS01 type hashes (REP-2016)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import vision_msgs.msg
from ament_index_python.packages import get_package_share_directory

# Hashes that the build of vision_msgs 4.1 of github.com/ros-perception/vision_msgs writes into
# share/vision_msgs/msg/*.json and into its type support.
GENUINE_HASHES = {
    'BoundingBox2D': '008eacbb0cf8f26e83795547bed013eec3675485ef386ec056d80eaaf1c1ce2f',
    'BoundingBox2DArray': '2464e82838009386d371b523211c21c91d74d313fcdd6788223c531d621cf691',
    'BoundingBox3D': 'bbb73a65c163d7f9bb29009c7bde9f7faa576bd2d23299c4511d19230dab4698',
    'BoundingBox3DArray': 'a81938db9576b10c2eecd7c5a5da3eac496efd00221b25ed051dfbc81fb56da6',
    'Classification': 'f74db28d0eaef3afb78f48bf2161cd709a1383a0309d3454383b25be11345143',
    'Detection2D': '0d12b69df5c593b3455b7346fac8205437a7d4bcb09b9e0e0b2dde787ded38ea',
    'Detection2DArray': '214274120007f4a683866481336b70310268cfa107aebe9d594a6acf75bda968',
    'Detection3D': 'ddd703be132ab0b69d33121f1bb034132bfbb3b0ac5f9fb1516005ba1c8a265b',
    'Detection3DArray': '793f5eab9595ac1c0da07873cc859db42eae51f0ee76056db8562515d830e018',
    'LabelInfo': '3d37df4015cdf660cc851c51897f2acd957e1ca6205ba0a99aebffb9406b0783',
    'ObjectHypothesis': '51da43cec11c01957a64d1e05a24acd18aae7745ec30b74348ad5f6d634f7f90',
    'ObjectHypothesisWithPose': '41c12344c0396c48b81df12467c192d99b2a0eb1463c5c37194e4223251c80bc',
    'Point2D': 'eab0e83f44ab4de92ceaf76dd7d0e7638f2bdd1d16ffbe16c7a136c48e407247',
    'Pose2D': 'b0b5d1d7b4c20dd4fcde3ed1d4b289a919290572007d67a97043814db25d3648',
    'VisionClass': '1e4a11f0fed50b5623cb8ff26ca0e37952a48a9c074d16f804b44e9164c2037a',
    'VisionInfo': '95d3116a17484ad91c9a2686e1d54890bbfc3ff6c6a2de137738c4950d45d284',
}

# The hash covers names, order and types; this table shows a reader what a wrong hash cannot.
FIELDS = {
    'Detection2D': {
        'header': 'std_msgs/Header',
        'results': 'sequence<vision_msgs/ObjectHypothesisWithPose>',
        'bbox': 'vision_msgs/BoundingBox2D',
        'id': 'string',
    },
    'BoundingBox2D': {'center': 'vision_msgs/Pose2D', 'size_x': 'double', 'size_y': 'double'},
    'LabelInfo': {
        'header': 'std_msgs/Header',
        'class_map': 'sequence<vision_msgs/VisionClass>',
        'threshold': 'float',
    },
}


@pytest.mark.parametrize('name', sorted(GENUINE_HASHES))
def test_type_hash_is_the_genuine_one(name: str) -> None:
    share = Path(get_package_share_directory('vision_msgs'))
    hashes = json.loads((share / 'msg' / f'{name}.json').read_text())['type_hashes']
    own = {entry['type_name']: entry['hash_string'] for entry in hashes}
    assert own[f'vision_msgs/msg/{name}'] == f'RIHS01_{GENUINE_HASHES[name]}'


def test_no_message_is_missing_or_extra() -> None:
    offered = {name for name in vars(vision_msgs.msg) if name[0].isupper()}
    assert offered == set(GENUINE_HASHES)


@pytest.mark.parametrize('name', sorted(FIELDS))
def test_fields_in_order(name: str) -> None:
    fields = getattr(vision_msgs.msg, name).get_fields_and_field_types()
    assert list(fields.items()) == list(FIELDS[name].items())
