# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Repair of the ROS wheels, and recovery from an installation that was cut short."""
from __future__ import annotations

from pathlib import Path

import pytest
from provision.machine import probe
from provision.process import Processes
from provision.wheels import Environment, repair_paths


@pytest.mark.parametrize(('python', 'numpy'), [
    ('cp310-cp310', 'core'), ('cp311-cp311', '_core'), ('cp314-cp314', '_core')])
def test_repair_paths(python: str, numpy: str) -> None:
    release = f'3.{python[3:5]}'
    text = (f'INCLUDES "/opt/python/{python}/include/python{release};/opt/python/{python}/lib/'
            f'python{release}/site-packages/numpy/{numpy}/include;/usr/include"')
    repaired = repair_paths(text, r'/py\include', '/numpy')
    assert repaired == r'INCLUDES "/py\include;/numpy;/usr/include"'
    assert repair_paths(repaired, r'/py\include', '/numpy') == repaired


@pytest.mark.parametrize(('record', 'kept'), [
    ('a-1.dist-info/METADATA,,\na-1.dist-info/INSTALLER,,\n', True),
    ('a-1.dist-info/METADATA,,\n', False),  # as it comes in the wheel, before pip completes it
    (None, False),
])
def test_unfinished_packages_are_dropped(tmp_path: Path, record: str | None, kept: bool) -> None:
    python = probe('python3')
    assert python is not None
    environment = Environment(tmp_path, python, Processes(tmp_path / 'log'), tmp_path)
    info = environment.site_packages / 'a-1.dist-info'
    info.mkdir(parents=True)
    (info / 'METADATA').touch()
    if record is not None:
        (info / 'RECORD').write_text(record)
    environment.drop_unfinished()
    assert info.exists() == kept
