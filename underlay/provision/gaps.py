# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The packages of underlay/src: ROS packages for which no wheel exists, built with colcon."""
from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import Iterator, Sequence

from .activation import child_environment
from .errors import CommandFailed, Refusal
from .process import Processes
from .steps import Progress
from .wheels import Environment

_KEPT = 3  # overlays of other checkouts, or of this one's past, that are left alone
_STAMP = '.finished'
_CACHES = ('__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.hypothesis')
_EVENT = re.compile(r'^(Starting >>>|Finished <<<|Failed   <<<) (\S+)')


def find_packages(folder: Path) -> tuple[list[Path], list[Path]]:
    """The packages in `folder`: those built with CMake, which are messages, and those in Python."""
    packages = sorted(path.parent for path in folder.glob('*/package.xml'))
    messages = [path for path in packages if (path / 'CMakeLists.txt').is_file()]
    return messages, [path for path in packages if path not in messages]


def sources(package: Path) -> Iterator[Path]:
    """The files of a package that decide what is installed (tests do not), in a fixed order."""
    for where, folders, files in os.walk(str(package)):
        folders[:] = sorted(name for name in folders if name not in (*_CACHES, 'test'))
        yield from (Path(where, name) for name in sorted(files) if not name.endswith('.pyc'))


def packages_hash(packages: Sequence[Path]) -> str:
    """A hash of the names and contents of all sources, and of how they are built."""
    total = hashlib.sha256(Path(__file__).read_bytes())
    for package in packages:
        for path in sources(package):
            total.update(f'{path.relative_to(package.parent)}\0'.encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]


class Overlay:
    """One build of some gap packages, in a folder named after the hash of their sources.

    A checkout whose packages differ builds its own and leaves those of the others alone.
    """

    def __init__(self, environment: Environment, name: str, packages: Sequence[Path]) -> None:
        self._environment = environment
        self._name = name
        self._packages = packages
        self.prefix = environment.prefix / f'{name}-{packages_hash(packages)}'
        self.stamp = self.prefix / _STAMP

    def build(self, processes: Processes, scratch: Path, progress: Progress) -> None:
        """Build from nothing and install; `scratch` holds what is needed only meanwhile."""
        work = scratch / self._name
        shutil.rmtree(self.prefix, ignore_errors=True)
        self.prefix.mkdir()
        work.mkdir()
        if self._packages:
            try:
                self._colcon(processes, work, progress)
            except CommandFailed as error:
                failed = [line for line in error.lines if line.startswith('Failed   <<<')]
                raise Refusal(f'building underlay/src failed ({failed[0] if failed else error}): '
                              f'the reason is in {processes.log}') from error
        self._prune()

    def _colcon(self, processes: Processes, work: Path, progress: Progress) -> None:
        finished: list[str] = []

        def follow(line: str) -> None:
            match = _EVENT.match(line)
            if match and match.group(1).startswith('Finished'):
                finished.append(match.group(2))
            if match:
                progress.note(f'{len(finished)} of {len(self._packages)}, {match.group(2)}')

        environment = self._environment
        processes.run(
            [str(environment.executable), '-m', 'colcon', '--log-base', str(work / 'log'),
             'build', '--base-paths', *map(str, self._packages),
             '--build-base', str(work / 'build'), '--install-base', str(self.prefix),
             '--merge-install', '--event-handlers', 'console_cohesion+', 'desktop_notification-',
             '--cmake-args', f'-DPython3_EXECUTABLE={environment.executable}',
             '-DCMAKE_BUILD_TYPE=Release', '-DBUILD_TESTING=OFF', '--no-warn-unused-cli'],
            environment=child_environment(environment), cwd=work, line=follow, tick=progress.tick)

    def _prune(self) -> None:
        """Remove the overlays of this name that were not used for longest."""
        others = set(self._environment.prefix.glob(f'{self._name}-*')) - {self.prefix}

        def last_used(path: Path) -> float:
            stamp = path / _STAMP
            return stamp.stat().st_mtime if stamp.is_file() else 0.0

        for path in sorted(others, key=last_used, reverse=True)[_KEPT:]:
            shutil.rmtree(path, ignore_errors=True)
