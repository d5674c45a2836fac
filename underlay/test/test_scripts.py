# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The scripts behind the make targets: building a workspace, counting tests, checking packages."""
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import PACKAGE_XML, UNDERLAY

SCRIPTS = UNDERLAY.parent / 'scripts'

SETUP_PY = """
import os, time
from setuptools import setup
time.sleep(float(os.environ.get('SLOWLY', 0)))
setup(name='tiny', version='0.1.0', packages=['tiny'], data_files=[
    ('share/ament_index/resource_index/packages', ['resource/tiny']),
    ('share/tiny', ['package.xml'])])
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A checkout with one package, which uses the environment that these tests run in."""
    package = tmp_path / 'src' / 'tiny'
    for name in ('setup.bash', '.environment', 'colcon.meta'):
        shutil.copy(UNDERLAY.parent / name, tmp_path)
    shutil.copytree(SCRIPTS, tmp_path / 'scripts')
    for name in ('launch', 'config', 'test'):
        (tmp_path / name).mkdir()
    for name in ('tiny', 'resource'):
        (package / name).mkdir(parents=True)
    (package / 'tiny' / '__init__.py').touch()
    (package / 'tiny' / 'extra.py').touch()
    (package / 'resource' / 'tiny').touch()
    (package / 'package.xml').write_text(PACKAGE_XML)
    (package / 'setup.py').write_text(SETUP_PY)
    return tmp_path


def build(workspace: Path, **variables: str) -> subprocess.Popen[str]:
    """Start scripts/build in its own process group."""
    return subprocess.Popen(
        [str(workspace / 'scripts' / 'build')], text=True, stdout=subprocess.PIPE, cwd='/',
        stderr=subprocess.STDOUT, start_new_session=True, env=dict(os.environ, **variables))


def built(workspace: Path) -> str:
    """Run scripts/build, which must succeed, and return what it printed."""
    child = build(workspace)
    output, _ = child.communicate(timeout=120)
    assert child.returncode == 0, output
    return output


def installed(workspace: Path) -> set[str]:
    """The modules of the installed package."""
    return {path.name for path in workspace.glob('install/tiny/lib/*/site-packages/tiny/*.py')}


def test_build_follows_the_sources(workspace: Path) -> None:
    assert 'is built after' in built(workspace)
    assert installed(workspace) == {'__init__.py', 'extra.py'}
    assert built(workspace) == 'assist: the workspace is built.\n'
    (workspace / 'src' / 'tiny' / 'tiny' / 'extra.py').unlink()
    assert 'is built after' in built(workspace)
    assert installed(workspace) == {'__init__.py'}


def test_broken_package_is_an_error(workspace: Path) -> None:
    script = workspace / 'src' / 'tiny' / 'setup.py'
    script.write_text(SETUP_PY.replace("packages=['tiny']", "packages=['no_such_folder']"))
    child = build(workspace)
    output, _ = child.communicate(timeout=120)
    assert child.returncode == 1
    assert 'no_such_folder' in output
    assert 'the build failed' in output
    script.write_text(SETUP_PY)
    built(workspace)
    assert installed(workspace)


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted_build_is_begun_anew(workspace: Path, number: signal.Signals) -> None:
    child = build(workspace, SLOWLY='30')
    assert child.stdout is not None
    for line in child.stdout:
        if 'Starting >>>' in line:
            break
    time.sleep(0.5)
    os.killpg(child.pid, number)
    output, _ = child.communicate(timeout=30)
    if number is not signal.SIGKILL:
        assert child.returncode == 130
        assert 'the same command resumes' in output
    (workspace / 'build' / 'half-an-object-file').touch()
    built(workspace)
    assert installed(workspace)
    assert not (workspace / 'build' / 'half-an-object-file').exists()


def test_builds_of_one_checkout_take_turns(workspace: Path) -> None:
    first, second = build(workspace), build(workspace)
    outputs = [child.communicate(timeout=120)[0] for child in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], outputs
    assert sum('waiting for another build' in output for output in outputs) == 1


def count(*folders: Path) -> tuple[int, str]:
    """Run count_tests.py; return its exit code and closing line."""
    result = subprocess.run(
        [sys.executable, str(SCRIPTS / 'count_tests.py'), *map(str, folders)],
        capture_output=True, text=True, check=False)
    assert result.stderr == ''
    return result.returncode, result.stdout.splitlines()[-1]


PASSED = '<testcase name="a"/>'
FAILED = '<testcase name="b"><failure/></testcase>'
ERROR = '<testcase name="c"><error/></testcase>'
SKIPPED = '<testcase name="d"><skipped/></testcase>'


@pytest.mark.parametrize(('text', 'code', 'line'), [
    (f'<testsuites><testsuite>{PASSED}{PASSED}</testsuite></testsuites>', 0,
     '2 passed, 0 failed, 0 skipped'),
    (f'<testsuite>{PASSED}{SKIPPED}</testsuite>', 0, '1 passed, 0 failed, 1 skipped'),
    (f'<testsuite>{PASSED}{FAILED}{ERROR}</testsuite>', 1, '1 passed, 2 failed, 0 skipped'),
    ('<testsuite></testsuite>', 1, '0 passed, 1 failed, 0 skipped'),
    ('<testsuite>', 1, '0 passed, 1 failed, 0 skipped'),
    ('<Site><Testing/></Site>', 1, '0 passed, 1 failed, 0 skipped'),
])
def test_count(tmp_path: Path, text: str, code: int, line: str) -> None:
    (tmp_path / 'deep').mkdir()
    (tmp_path / 'deep' / 'pytest.xml').write_text(text)
    assert count(tmp_path) == (code, line)


def test_package_without_results_counts_as_failed(tmp_path: Path) -> None:
    (tmp_path / 'a').mkdir()
    (tmp_path / 'a' / 'pytest.xml').write_text(f'<testsuite>{PASSED}</testsuite>')
    assert count(tmp_path / 'a', tmp_path / 'b') == (1, '1 passed, 1 failed, 0 skipped')


def check(tmp_path: Path, requirements: str) -> subprocess.CompletedProcess[str]:
    path = tmp_path / 'requirements.txt'
    path.write_text(requirements)
    return subprocess.run([sys.executable, str(SCRIPTS / 'check_requirements.py'), str(path)],
                          capture_output=True, text=True, check=False)


def test_requirements_that_are_there(tmp_path: Path) -> None:
    assert check(tmp_path, '# comment\nnumpy>=1.26  # why\n\npytest\n').returncode == 0


@pytest.mark.parametrize('requirement', ['no-such-package>=2', 'numpy>=900'])
def test_requirement_that_is_missing_is_named(tmp_path: Path, requirement: str) -> None:
    result = check(tmp_path, f'pytest\n{requirement}\n')
    assert result.returncode == 1
    assert requirement in result.stderr
    assert 'pip install -r' in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_what_the_environment_installs_meets_the_requirements() -> None:
    result = subprocess.run(
        [sys.executable, str(SCRIPTS / 'check_requirements.py'),
         str(UNDERLAY.parent / 'requirements.txt')], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
