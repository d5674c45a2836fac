# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The packages of underlay/src: ROS packages for which no wheel exists, built with colcon."""
from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import Iterator

from .activation import child_environment
from .errors import CommandFailed, Refusal
from .process import Processes
from .steps import Progress
from .wheels import Environment

_KEPT = 3  # overlays of other checkouts, or of this one's past, that are left alone
_STAMP = '.finished'
_CACHES = ('__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache')
_EVENT = re.compile(r'^(Starting >>>|Finished <<<|Failed   <<<) (\S+)')


def sources(folder: Path) -> Iterator[Path]:
    """Every source file below `folder` in a fixed order, relative to it."""
    for where, folders, files in os.walk(str(folder)):
        folders[:] = sorted(name for name in folders if name not in _CACHES)
        for name in sorted(files):
            if not name.endswith('.pyc'):
                yield Path(where, name).relative_to(folder)


def overlay_hash(folder: Path) -> str:
    """A hash of everything below `folder` that decides what is installed: tests do not."""
    total = hashlib.sha256(Path(__file__).read_bytes())
    for path in sources(folder):
        if 'test' not in path.parts[1:-1]:
            contents = hashlib.sha256((folder / path).read_bytes()).digest()
            total.update(f'{path}\0'.encode() + contents)
    return total.hexdigest()[:12]


class Overlay:
    """One build of the gap packages, in a folder named after the hash of their sources."""

    def __init__(self, environment: Environment, folder: Path) -> None:
        self._environment = environment
        self._sources = folder
        self.prefix = environment.prefix / f'underlay-{overlay_hash(folder)}'
        self.stamp = self.prefix / _STAMP
        self._work = environment.prefix / 'work'

    def build(self, processes: Processes, progress: Progress) -> None:
        """Build and install; a killed build is begun anew, others are continued."""
        begun = self._work / 'begun'
        if begun.exists():
            # A killed compiler leaves half an object file that make would take for a whole one.
            shutil.rmtree(self._work)
        shutil.rmtree(self.prefix, ignore_errors=True)
        self._work.mkdir(exist_ok=True)
        begun.touch()
        self._stage()
        try:
            self._colcon(processes, progress)
        except CommandFailed as error:
            begun.unlink()
            failed = [line for line in error.lines if line.startswith('Failed   <<<')]
            raise Refusal(f'building underlay/src failed ({failed[0] if failed else error}): the '
                          f'reason is in {processes.log}') from error
        begun.unlink()
        self._prune()

    def _stage(self) -> None:
        """Copy what changed to the build's own source folder: checkouts share its object files."""
        staged = self._work / 'src'
        wanted = set(sources(self._sources)) if self._sources.is_dir() else set()
        for path in (set(sources(staged)) if staged.is_dir() else set()) - wanted:
            (staged / path).unlink()
        for path in wanted:
            data = (self._sources / path).read_bytes()
            copy = staged / path
            if not copy.is_file() or copy.read_bytes() != data:
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(data)
                copy.chmod((self._sources / path).stat().st_mode & 0o777)
        for build in (self._work / 'build').glob('*'):
            # Python's build folder keeps modules that are gone from the sources.
            if not (build / 'CMakeCache.txt').is_file():
                shutil.rmtree(build, ignore_errors=True)

    def _colcon(self, processes: Processes, progress: Progress) -> None:
        if not any(path.name == 'package.xml' for path in sources(self._work / 'src')):
            self.prefix.mkdir()
            return
        total = len(list((self._work / 'src').glob('*/package.xml')))
        finished: list[str] = []

        def follow(line: str) -> None:
            match = _EVENT.match(line)
            if match and match.group(1).startswith('Finished'):
                finished.append(match.group(2))
            if match:
                progress.note(f'{len(finished)} of {total} packages, {match.group(2)}')

        environment = self._environment
        processes.run(
            [str(environment.executable), '-m', 'colcon', '--log-base', str(self._work / 'log'),
             'build', '--base-paths', str(self._work / 'src'),
             '--build-base', str(self._work / 'build'), '--install-base', str(self.prefix),
             # The build folder may have been configured for another overlay's install folder.
             '--cmake-force-configure',
             '--merge-install', '--event-handlers', 'console_cohesion+', 'desktop_notification-',
             '--cmake-args', f'-DPython3_EXECUTABLE={environment.executable}',
             '-DCMAKE_BUILD_TYPE=Release', '-DBUILD_TESTING=OFF', '--no-warn-unused-cli'],
            environment=child_environment(environment), cwd=self._work, line=follow,
            tick=progress.tick)

    def _prune(self) -> None:
        """Remove the overlays that were not used for longest."""
        others = set(self._environment.prefix.glob('underlay-*')) - {self.prefix}

        def last_used(path: Path) -> float:
            stamp = path / _STAMP
            return stamp.stat().st_mtime if stamp.is_file() else 0.0

        for path in sorted(others, key=last_used, reverse=True)[_KEPT:]:
            shutil.rmtree(path, ignore_errors=True)
