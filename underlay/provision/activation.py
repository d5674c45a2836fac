# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The variables that enter the environment: written once, so that setup.bash starts no program."""
from __future__ import annotations

import shlex
from pathlib import Path

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


def paths(environment: Environment, overlay: Path | None = None) -> dict[str, list[str]]:
    """Search paths, the overlay of gap packages first."""
    prefix = environment.prefix
    prefixes = [str(overlay)] if overlay else []
    libraries = sorted(str(path) for path in environment.site_packages.glob('ros_*.libs'))
    found = {
        'PATH': [f'{path}/bin' for path in prefixes] + [str(prefix / 'bin')],
        'AMENT_PREFIX_PATH': [*prefixes, str(prefix)],
        'CMAKE_PREFIX_PATH': [*prefixes, str(prefix)],
        'LD_LIBRARY_PATH': [f'{path}/lib' for path in prefixes] + [str(prefix / 'lib'), *libraries],
    }
    if overlay:
        found['PYTHONPATH'] = [str(overlay / environment.site_packages.relative_to(prefix))]
    return found


def child_environment(environment: Environment) -> dict[str, str]:
    """Variables for a child process that works in the environment, without gap packages."""
    variables = dict(clean_environment(), **settings(environment))
    for name, entries in paths(environment).items():
        rest = variables.get(name)
        variables[name] = ':'.join(entries + ([rest] if rest else []))
    return variables


def script(environment: Environment, overlay: Path) -> str:
    """Text that setup.bash sources; it has defined _assist_prepend."""
    lines = ['# Written by underlay/setup.']
    lines += [f'export {name}={shlex.quote(value)}'
              for name, value in settings(environment).items()]
    for name, entries in paths(environment, overlay).items():
        lines += [f'_assist_prepend {name} {shlex.quote(entry)}' for entry in reversed(entries)]
    return '\n'.join(lines) + '\n'


def write(environment: Environment, overlay: Path, checkout: Path) -> None:
    """Write the overlay's activation script, and let the checkout point at it."""
    target = overlay / 'activate.bash'
    texts = {target: script(environment, overlay), checkout / '.environment': f'{target}\n'}
    for path, text in texts.items():
        if not path.is_file() or path.read_text() != text:
            write_atomically(path, text)
