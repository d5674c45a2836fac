# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The variables that enter the environment: written once, so that setup.bash starts no program."""
from __future__ import annotations

import shlex
from pathlib import Path
from typing import Sequence

from .process import clean_environment
from .steps import write_atomically
from .wheels import Environment

DISTRIBUTION = 'kilted'


def settings(environment: Environment) -> dict[str, str]:
    """Variables with one value."""
    prefix = str(environment.prefix)
    return {
        'ASSIST_UNDERLAY': prefix,
        'VIRTUAL_ENV': prefix,
        'ASSIST_MODEL_PATH': str(environment.prefix / 'models'),
        'ROS_DISTRO': DISTRIBUTION,
        'ROS_VERSION': '2',
        'ROS_PYTHON_VERSION': '3',
        'RMW_IMPLEMENTATION': 'rmw_fastrtps_cpp',
        # The wheels' own start-up hook sets LD_LIBRARY_PATH by starting Python a second time.
        '_ROS_WHEELS_BOOTSTRAP_COMPLETE': '1',
    }


def paths(environment: Environment, messages: Sequence[Path] = (),
          modules: Sequence[Path] = ()) -> dict[str, list[str]]:
    """Search paths: overlays of Python packages, then those of messages, then the environment.

    CMake has no use for Python packages: what CMake built stays valid when those change.
    """
    prefix = environment.prefix
    overlays = [*modules, *messages]
    packages = environment.site_packages.relative_to(prefix)
    found = {
        'PATH': [path / 'bin' for path in (*overlays, prefix)],
        'AMENT_PREFIX_PATH': [*overlays, prefix],
        'CMAKE_PREFIX_PATH': [*messages, prefix],
        'LD_LIBRARY_PATH': [*(path / 'lib' for path in (*messages, prefix)),
                            *sorted(environment.site_packages.glob('ros_*.libs'))],
        'PYTHONPATH': [path / packages for path in overlays],
    }
    return {name: [str(path) for path in entries] for name, entries in found.items() if entries}


def child_environment(environment: Environment) -> dict[str, str]:
    """Variables for a child process that works in the environment, without gap packages."""
    variables = dict(clean_environment(), **settings(environment))
    for name, entries in paths(environment).items():
        rest = variables.get(name)
        variables[name] = ':'.join(entries + ([rest] if rest else []))
    return variables


def script(environment: Environment, messages: Path, modules: Path) -> str:
    """Text that setup.bash sources; it has defined _assist_prepend."""
    lines = ['# Written by underlay/setup.', f'[ -d {shlex.quote(str(messages))} ] || return 1']
    lines += [f'export {name}={shlex.quote(value)}'
              for name, value in settings(environment).items()]
    for name, entries in paths(environment, [messages], [modules]).items():
        lines += [f'_assist_prepend {name} {shlex.quote(entry)}' for entry in reversed(entries)]
    return '\n'.join(lines) + '\n'


def write(environment: Environment, messages: Path, modules: Path, checkout: Path) -> None:
    """Write a script that enters these two overlays, and let the checkout point at it."""
    target = modules / f'activate-{messages.name}.bash'
    texts = {target: script(environment, messages, modules),
             checkout / '.environment': f'{target}\n'}
    for path, text in texts.items():
        if not path.is_file() or path.read_text() != text:
            write_atomically(path, text)
