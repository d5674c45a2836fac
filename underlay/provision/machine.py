# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What this machine offers: a Python that has wheels, disk space, Debian packages."""
from __future__ import annotations

import glob
import json
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from .errors import CommandFailed, Refusal
from .process import Processes

OLDEST_PYTHON = (3, 10)
NEWEST_PYTHON = (3, 14)
OLDEST_GLIBC = (2, 28)  # the wheels are manylinux_2_28
NEEDED_BYTES = 8 * 10**9  # the finished environment takes 7 GB
CANDIDATES = ('python3', 'python3.12', 'python3.11', 'python3.13', 'python3.14', 'python3.10')
_LIBRARY_FOLDERS = ('/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib', '/usr/local/lib')

_PROBE = """
import importlib.util, json, os, sys, sysconfig
print(json.dumps({
    # The Python behind a virtual environment, by its one true name.
    'executable': os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable),
    'implementation': sys.implementation.name,
    'version': list(sys.version_info[:3]),
    'free_threaded': bool(sysconfig.get_config_var('Py_GIL_DISABLED')),
    'bits': 64 if sys.maxsize > 2**32 else 32,
    'base_prefix': sys.base_prefix,
    'include': sysconfig.get_path('include', vars={
        'base': sys.base_prefix, 'installed_base': sys.base_prefix}),
    'ensurepip': importlib.util.find_spec('ensurepip') is not None,
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """A Python found on this machine."""

    name: str
    executable: str
    version: tuple[int, int, int]
    implementation: str
    free_threaded: bool
    bits: int
    base_prefix: str
    include: str
    ensurepip: bool

    @property
    def release(self) -> str:
        """Major and minor version, such as '3.11'."""
        return f'{self.version[0]}.{self.version[1]}'

    @property
    def headers(self) -> bool:
        return os.path.isfile(os.path.join(self.include, 'Python.h'))

    @property
    def debian(self) -> bool:
        """Whether Debian packages can add to this Python."""
        return self.base_prefix == '/usr'

    def objection(self) -> str:
        """Why no environment can be made from it; empty when one can."""
        about = f'{self.name} is {".".join(map(str, self.version))}'
        if self.implementation != 'cpython':
            return f'{self.name} is {self.implementation}, not CPython'
        if not OLDEST_PYTHON <= self.version[:2] <= NEWEST_PYTHON:
            return about
        if self.free_threaded:
            return f'{about} without the GIL'
        if self.bits != 64:
            return f'{about} for {self.bits} bits'
        if not self.debian and not self.headers:
            return f'{about} without its header files (no Python.h in {self.include})'
        if not self.debian and not self.ensurepip:
            return f'{about} without ensurepip'
        return ''


def probe(name: str) -> Interpreter | None:
    """Ask the Python called `name` on PATH what it is; None where it does not start."""
    path = shutil.which(name)
    if path is None:
        return None
    # The bootstrapper of the ROS wheels would start Python a second time.
    environment = dict(os.environ, _ROS_WHEELS_BOOTSTRAP_COMPLETE='1')
    try:
        answer = subprocess.run([path, '-c', _PROBE], stdout=subprocess.PIPE, env=environment,
                                stderr=subprocess.DEVNULL, timeout=30, check=True).stdout
        facts = json.loads(answer.decode())
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    facts['version'] = tuple(facts['version'])
    return Interpreter(name=name, **facts)


def find_interpreter() -> Interpreter:
    """The first suitable Python on PATH, `python3` before all others."""
    objections = []
    for name in CANDIDATES:
        found = probe(name)
        if found is None:
            continue
        objection = found.objection()
        if not objection:
            return found
        objections.append(objection)
    raise Refusal(
        'no Python here has ROS 2 wheels (' + ('; '.join(objections) or 'none was found') + '): '
        f'install CPython {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} to '
        f'{NEWEST_PYTHON[0]}.{NEWEST_PYTHON[1]} with its header files, for example '
        '`sudo apt-get install python3.12 python3.12-venv python3.12-dev`, and run this again.')


def glibc_version() -> tuple[int, int]:
    """Version of the C library; (0, 0) where it is not glibc."""
    try:
        name, version = (os.confstr('CS_GNU_LIBC_VERSION') or '').split()
        major, minor = version.split('.')[:2]
        return (int(major), int(minor)) if name == 'glibc' else (0, 0)
    except (ValueError, OSError):
        return (0, 0)


def check_platform() -> None:
    """Refuse a machine for which no wheels are built."""
    system, processor = platform.system(), platform.machine()
    if (system, processor) != ('Linux', 'x86_64'):
        raise Refusal(f'ROS 2 wheels exist for Linux on x86_64 only, and this is {system} on '
                      f'{processor}: install ROS 2 itself here (https://docs.ros.org), source its '
                      'setup.bash, and run this again.')
    if glibc_version() < OLDEST_GLIBC:
        raise Refusal('ROS 2 wheels need glibc 2.28 or newer (Debian 10, Ubuntu 20.04), and this '
                      'system has none or an older one: use a newer system, or install ROS 2.')


def check_disk(root: Path) -> None:
    """Refuse to begin where the environment will not fit."""
    free = shutil.disk_usage(str(root)).free
    if free < NEEDED_BYTES:
        raise Refusal(
            f'the environment takes {NEEDED_BYTES // 10**9} GB and {root} has '
            f'{free / 10**9:.1f} GB free: free some, or set ASSIST_ENV_ROOT to a larger disk.')


@dataclass(frozen=True)
class DebianPackage:
    """A Debian package, and how to see that what it brings is there (from wherever)."""

    name: str
    present: Callable[[], bool]
    required: bool = True


def _program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


def _library(name: str) -> Callable[[], bool]:
    return lambda: any(glob.glob(f'{folder}/{name}') for folder in _LIBRARY_FOLDERS)


def debian_packages(python: Interpreter) -> list[DebianPackage]:
    """All that the environment needs from Debian; the optional ones serve tests with sound."""
    return [
        DebianPackage(f'python{python.release}-venv', lambda: python.ensurepip),
        DebianPackage(f'python{python.release}-dev', lambda: python.headers),
        DebianPackage('g++', _program('g++')),
        DebianPackage('cmake', _program('cmake')),
        DebianPackage('make', _program('make')),
        DebianPackage('espeak-ng', _program('espeak-ng')),
        DebianPackage('libportaudio2', _library('libportaudio.so.2')),
        DebianPackage('sox', _program('sox'), required=False),
        DebianPackage('pulseaudio', _program('pulseaudio'), required=False),
        DebianPackage('libasound2-plugins', _library('alsa-lib/libasound_module_pcm_pulse.so'),
                      required=False),
    ]


def administrator_prefix() -> list[str] | None:
    """How to run a command as root without a password; None where that is not possible."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which('sudo')
    if sudo and subprocess.run([sudo, '-n', 'true'], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, check=False).returncode == 0:
        return [sudo, '-n']
    return None


def provide_debian_packages(python: Interpreter, processes: Processes,
                            say: Callable[[str], None]) -> None:
    """Install the missing Debian packages, or name the command that does."""
    missing = [package for package in debian_packages(python) if not package.present()]
    if not missing:
        return
    names = [package.name for package in missing]
    required = [package.name for package in missing if package.required]
    command = 'apt-get install --yes --no-install-recommends ' + ' '.join(names)
    prefix = administrator_prefix() if shutil.which('apt-get') else None
    if prefix is None:
        if required:
            raise Refusal(f'{", ".join(required)} must be installed first: run '
                          f'`sudo {command}`, then run this again.')
        say(f'without {", ".join(names)} the tests that use sound fail; `sudo {command}` '
            'installs them.')
        return
    say('installing Debian packages: ' + ' '.join(names))
    try:
        _apt_get(prefix, names, processes)
    except CommandFailed as error:
        reason = next((line for line in error.lines if line.startswith('E: ')), str(error))
        if required:
            raise Refusal(f'`{command}` failed ({reason}): install {", ".join(required)}, '
                          'then run this again.') from error
        say(f'`{command}` failed ({reason}): the tests that use sound will fail.')


def _apt_get(prefix: list[str], names: list[str], processes: Processes) -> None:
    apt_get = prefix + ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
    install = apt_get + ['install', '--yes', '--no-install-recommends'] + names
    try:
        processes.run(install)
    except CommandFailed:
        # A machine that has never updated its lists, or not for long, does not know the packages.
        processes.run(apt_get + ['update'])
        processes.run(install)
