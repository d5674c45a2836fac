# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The configuration files say what the parameter classes say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
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


def test_the_table_of_time_outs_has_the_defaults() -> None:
    rows = re.findall(
        r'^\| .* \| ([\d.]+)(?: s)? \| (\w+_node) `(\w+)` \|$', configuration.as_markdown(), re.M
    )
    assert len(rows) >= 7
    for text, node, name in rows:
        default = next(one.default for one in configuration.entries(node) if one.name == name)
        assert float(text) == default, (node, name)


def test_the_table_of_the_safety_policy_has_its_values() -> None:
    policy = yaml.safe_load((ROOT / 'config' / 'safety_policy.yaml').read_text())
    rows = re.findall(r'^\| `(\w+)\.(\w+)` \| ([\d.]+) \|', configuration.as_markdown(), re.M)
    assert {(section, name) for section, name, _ in rows} == {
        (section, name)
        for section in ('confirmation', 'understanding', 'scene')
        for name, value in policy[section].items()
        if isinstance(value, (int, float))
    }
    for section, name, text in rows:
        assert float(text) == policy[section][name], (section, name)


def test_the_files_are_installed() -> None:
    share = Path(get_package_share_directory('assist'))
    profiles = [f'fastdds{kind}.xml' for kind in ('', '_small', '_local', '_small_local')]
    for name in ('assist.yaml', *profiles):
        assert (share / 'config' / name).is_file()
    assert (share / 'launch' / 'bringup.launch.py').is_file()
