# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The virtual environment, the wheels in it, and the repair of what their build left behind."""
from __future__ import annotations

import re
import shutil
from contextlib import suppress
from pathlib import Path

from .errors import CommandFailed, Refusal
from .machine import Interpreter
from .process import Processes, clean_environment
from .steps import Progress, write_atomically

# Where the ROS wheels were built (a manylinux image), as their CMake files still say.
_BUILD_INCLUDE = re.compile(r'/opt/python/cp[^/;"\s]+/include/python3\.\d+\w*')
_BUILD_NUMPY = re.compile(
    r'/opt/python/cp[^/;"\s]+/lib/python3\.\d+\w*/site-packages/numpy/_?core/include')

_WANTED = re.compile(r'^\s*(?:Collecting|Processing|Requirement already satisfied:) (\S+)')
_NOT_HAD = re.compile(r'No matching distribution found for (\S+)')


class Environment:
    """A virtual environment and its pip."""

    def __init__(self, prefix: Path, python: Interpreter, processes: Processes,
                 scratch: Path) -> None:
        """`scratch`: folder for pip's temporary files, on the same disk."""
        self.prefix = prefix
        self.python = python
        self._processes = processes
        self._scratch = scratch

    @property
    def executable(self) -> Path:
        return self.prefix / 'bin' / 'python'

    @property
    def site_packages(self) -> Path:
        return self.prefix / 'lib' / f'python{self.python.release}' / 'site-packages'

    def create(self, progress: Progress) -> None:
        """Make the virtual environment anew."""
        if self.prefix.exists():
            shutil.rmtree(self.prefix)
        self._processes.run([self.python.executable, '-m', 'venv', str(self.prefix)],
                            tick=progress.tick)

    def install(self, requirements: Path, progress: Progress) -> None:
        """Install what a fully pinned requirement file names."""
        self.drop_unfinished()
        self.pip(['install', '--no-deps', '--no-compile', '-r', str(requirements)], progress)

    def pip(self, arguments: list[str], progress: Progress) -> None:
        """Run pip; a failure names the package that could not be had."""
        wanted: list[str] = []

        def follow(line: str) -> None:
            match = _WANTED.match(line)
            if match:
                wanted.append(match.group(1).rsplit('/', 1)[-1])
                progress.note(f'{len(wanted)} packages, {wanted[-1]}')
            elif line.startswith('Installing collected packages'):
                progress.note(f'unpacking {len(wanted)} packages')

        command = [str(self.executable), '-m', 'pip', *arguments, '--no-input',
                   '--disable-pip-version-check', '--progress-bar', 'off']
        try:
            self._processes.run(command, environment=self._variables(), line=follow,
                                tick=progress.tick)
        except CommandFailed as error:
            raise Refusal(self._explain(error, wanted)) from error

    def _variables(self) -> dict[str, str]:
        # The ROS wheels' bootstrapper, where it is already there, would start Python twice.
        return dict(clean_environment(), _ROS_WHEELS_BOOTSTRAP_COMPLETE='1',
                    TMPDIR=str(self._scratch))

    def _explain(self, error: CommandFailed, wanted: list[str]) -> str:
        text = '\n'.join(error.lines)
        if 'No space left on device' in text:
            return 'the disk is full: free some space and run this again; it resumes.'
        missing = _NOT_HAD.search(text)
        package = missing.group(1) if missing else (wanted[-1] if wanted else 'the first package')
        errors = [line for line in error.lines if line.startswith('ERROR:')]
        reason = errors[-1][len('ERROR: '):] if errors else str(error)
        return (f'pip could not install {package} ({reason}): check the network and the package '
                f'index, and run this again; it resumes. Full log: {self._processes.log}')

    def drop_unfinished(self) -> None:
        """Forget packages whose installation was cut short, so that pip installs them again.

        pip writes INSTALLER and then RECORD, which lists it, as the last of a package's files.
        """
        for info in self.site_packages.glob('*.dist-info'):
            try:
                finished = f'{info.name}/INSTALLER' in (info / 'RECORD').read_text()
            except OSError:
                finished = False
            if not finished:
                shutil.rmtree(info)

    def repair(self, progress: Progress) -> None:
        """Point the CMake files of the ROS wheels at this machine's Python and numpy."""
        numpy_include = self.site_packages / 'numpy' / '_core' / 'include'
        for path in (self.prefix / 'share').glob('**/cmake/*.cmake'):
            text = path.read_text()
            repaired = repair_paths(text, self.python.include, str(numpy_include))
            if repaired != text:
                write_atomically(path, repaired)
        # colcon takes a prefix without such a file for a mistake, and warns at every build.
        write_atomically(self.prefix / 'local_setup.sh', '# setup.bash of a checkout enters it.\n')

    def compile(self, progress: Progress) -> None:
        """Compile all modules on all cores: pip would on one, and nodes start slowly without."""
        # Some packages carry templates that are no valid Python: those fail, and never matter.
        with suppress(CommandFailed):
            self._processes.run([str(self.executable), '-m', 'compileall', '-qq', '-j', '0',
                                 str(self.site_packages)],
                                environment=self._variables(), tick=progress.tick)


def repair_paths(text: str, include: str, numpy_include: str) -> str:
    """Replace the include folders of the machine that built the wheels by those given."""
    text = _BUILD_INCLUDE.sub(lambda _: include, text)
    return _BUILD_NUMPY.sub(lambda _: numpy_include, text)
