# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Functions for launch files of any format."""

from __future__ import annotations

from pathlib import Path

from ..invalid_launch_file_error import InvalidLaunchFileError
from ..launch_description import LaunchDescription
from .python_launch_file_utilities import get_launch_description_from_python_launch_file

FRONTENDS = {'.xml': 'launch_xml', '.yaml': 'launch_yaml', '.yml': 'launch_yaml'}


def get_launch_description_from_any_launch_file(
    launch_file_path: str | Path,
) -> LaunchDescription:
    """Return what the launch file describes; raise InvalidLaunchFileError if it cannot be used."""
    path = Path(launch_file_path)
    if not path.is_file():
        raise FileNotFoundError(f'launch file {path} does not exist')
    if path.suffix == '.py':
        return get_launch_description_from_python_launch_file(path)
    if path.suffix in FRONTENDS:
        raise InvalidLaunchFileError(
            f"{path}: the underlay's launch has no {FRONTENDS[path.suffix]} frontend; "
            'write the launch file in Python or use a genuine ROS 2 installation'
        )
    raise InvalidLaunchFileError(f'{path}: the name of a launch file must end in .py')
