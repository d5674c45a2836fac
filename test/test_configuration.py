# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The configuration files say what the parameter classes say."""

from __future__ import annotations

from pathlib import Path

import pytest
from ament_index_python.packages import get_package_share_directory
from assist import configuration

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ('path', 'text', 'option'),
    [
        ('config/assist.yaml', configuration.as_yaml(), '--yaml'),
        ('docs/configuration.md', configuration.as_markdown(), '--markdown'),
    ],
)
def test_the_committed_file_is_current(path: str, text: str, option: str) -> None:
    assert (ROOT / path).read_text() == text, (
        f'make it again: ros2 run assist configuration {option} > {path}'
    )


def test_the_files_are_installed() -> None:
    share = Path(get_package_share_directory('assist'))
    for name in ('assist.yaml', 'fastdds.xml', 'fastdds_small.xml'):
        assert (share / 'config' / name).is_file()
    assert (share / 'launch' / 'bringup.launch.py').is_file()
