# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What the set-up asks of the machine, and what it says where the machine lacks it."""
from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from provision import machine
from provision.errors import CommandFailed, Refusal
from provision.process import Processes

GOOD = machine.Interpreter(
    name='python3', executable='/usr/bin/python3.12', version=(3, 12, 3), implementation='cpython',
    free_threaded=False, bits=64, base_prefix='/usr', include='/usr/include/python3.12',
    ensurepip=True)


@pytest.mark.parametrize('version', [(3, 10, 0), (3, 14, 9)])
def test_suitable(version: tuple[int, int, int]) -> None:
    assert replace(GOOD, version=version).objection() == ''


@pytest.mark.parametrize(('change', 'word'), [
    ({'version': (3, 9, 18)}, '3.9.18'),
    ({'version': (3, 15, 0)}, '3.15.0'),
    ({'implementation': 'pypy'}, 'pypy'),
    ({'free_threaded': True}, 'GIL'),
    ({'bits': 32}, '32 bits'),
    ({'base_prefix': '/opt/p', 'include': '/opt/p/include'}, 'Python.h'),
])
def test_unsuitable(change: dict[str, object], word: str) -> None:
    assert word in replace(GOOD, **change).objection()


def test_next_python_on_path_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    pythons = {'python3': replace(GOOD, version=(3, 9, 2)),
               'python3.11': replace(GOOD, name='python3.11', version=(3, 11, 2))}
    monkeypatch.setattr(machine, 'probe', pythons.get)
    assert machine.find_interpreter().name == 'python3.11'


def test_probe_finds_the_python_behind_an_environment() -> None:
    found = machine.probe('python3')
    assert found is not None
    assert not (Path(found.executable).parent.parent / 'pyvenv.cfg').exists()
    assert found.headers


def test_other_processors_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.platform, 'machine', lambda: 'aarch64')
    with pytest.raises(Refusal, match='aarch64'):
        machine.check_platform()


def test_old_c_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.os, 'confstr', lambda name: 'glibc 2.27')
    with pytest.raises(Refusal, match='2.28'):
        machine.check_platform()


def test_full_disk_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, 'disk_usage', lambda path: SimpleNamespace(free=10**9))
    with pytest.raises(Refusal, match=r'1\.0 GB free'):
        machine.check_disk(tmp_path)


class Recorder(Processes):
    """Takes commands instead of running them; those that contain `failing` fail."""

    def __init__(self, failing: str = '') -> None:
        super().__init__(Path('/dev/null'))
        self.commands: list[str] = []
        self._failing = failing

    def run(self, command: list[str], **_: object) -> None:  # type: ignore[override]
        line = ' '.join(command)
        self.commands.append(line)
        if self._failing and self._failing in line:
            raise CommandFailed(command, 100, ['E: Unable to locate package'])


def missing(monkeypatch: pytest.MonkeyPatch, required: bool, prefix: list[str] | None) -> None:
    packages = [machine.DebianPackage('cmake', lambda: False, required),
                machine.DebianPackage('make', lambda: True)]
    monkeypatch.setattr(machine, 'debian_packages', lambda python: packages)
    monkeypatch.setattr(machine, 'administrator_prefix', lambda: prefix)
    monkeypatch.setattr(machine.shutil, 'which', lambda name: f'/usr/bin/{name}')


def test_missing_debian_packages_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    missing(monkeypatch, True, ['sudo', '-n'])
    recorder, said = Recorder(), []
    machine.provide_debian_packages(GOOD, recorder, said.append)
    command, = recorder.commands
    assert command.startswith('sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install')
    assert command.endswith(' cmake')
    assert 'cmake' in said[0]


def test_lists_are_updated_when_a_package_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    missing(monkeypatch, True, [])
    recorder = Recorder(failing='install')
    with pytest.raises(Refusal, match='Unable to locate package'):
        machine.provide_debian_packages(GOOD, recorder, print)
    assert ['install' in line for line in recorder.commands] == [True, False, True]


def test_without_root_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    missing(monkeypatch, True, None)
    with pytest.raises(Refusal, match='sudo apt-get install .* cmake'):
        machine.provide_debian_packages(GOOD, Recorder(), print)


def test_optional_packages_only_warn(monkeypatch: pytest.MonkeyPatch) -> None:
    missing(monkeypatch, False, None)
    said: list[str] = []
    machine.provide_debian_packages(GOOD, Recorder(), said.append)
    assert 'cmake' in said[0]
