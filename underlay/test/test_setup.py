# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The set-up as a whole: it finishes, it is done once, and it survives being stopped anywhere."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from conftest import UNDERLAY, Checkout


def leftovers(text: str) -> list[str]:
    """Command lines of processes that mention `text`."""
    found = []
    for process in psutil.process_iter(['cmdline']):
        line = ' '.join(process.info['cmdline'] or [])
        if text in line and process.pid != os.getpid():
            found.append(line)
    return found


def leftovers_after(text: str, limit: float) -> list[str]:
    """Those that are still there after `limit` seconds."""
    end = time.monotonic() + limit
    while leftovers(text) and time.monotonic() < end:
        time.sleep(0.05)
    return leftovers(text)


def stop_at(checkout: Checkout, step: str, number: signal.Signals,
            delay: float = 0.0) -> tuple[int, str]:
    """Run the set-up and send it a signal `delay` seconds after it announces a step."""
    child = checkout.start()
    assert child.stdout is not None
    output = ''
    for line in child.stdout:
        output += line
        if step in line:
            time.sleep(delay)
            child.send_signal(number)
            break
    else:
        pytest.fail(f'{step} was not announced:\n{output}')
    rest, _ = child.communicate(timeout=60)
    return child.returncode, output + rest


def check_whole(checkout: Checkout) -> None:
    """Assert that everything the small checkout asks for is there and works."""
    environment, = checkout.environments
    answer = subprocess.run(
        [str(environment / 'bin' / 'python'), '-c', 'import tiny_ros, tiny_torch.m499 as m;'
         'print(tiny_ros.answer + m.x)'], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == '541'
    cmake = (environment / 'share' / 'tiny_ros' / 'cmake' / 'tiny_rosConfig.cmake').read_text()
    assert '/opt/python' not in cmake
    assert f'{environment}/lib/' in cmake
    activate = Path((checkout.folder / '.environment').read_text().strip())
    assert activate.is_file()
    assert (activate.parent / 'share' / 'tiny' / 'package.xml').is_file()
    assert not list(checkout.root.glob('scratch-*'))


def test_done_once(checkout: Checkout) -> None:
    first = checkout.run()
    assert first.returncode == 0, first.stdout
    check_whole(checkout)
    stamps = {path: path.stat().st_mtime_ns for path in checkout.environments[0].glob('.stamps/*')}

    second = checkout.run()
    assert second.returncode == 0
    assert len(second.stdout.splitlines()) == 1
    assert stamps == {path: path.stat().st_mtime_ns for path in stamps}


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted(checkout: Checkout, number: signal.Signals) -> None:
    for step, delay in (('virtual environment', 0.5), ('] ROS 2 wheels', 0.0), ('] PyTorch', 0.3),
                        ('byte code', 0.1), ('] Python packages without', 0.7)):
        code, output = stop_at(checkout, step, number, delay)
        assert not leftovers_after(str(checkout.root), 5.0)
        if number is signal.SIGKILL:
            assert code == -signal.SIGKILL
        else:
            assert code == 130, output
            assert 'the same command resumes' in output
    last = checkout.run()
    assert last.returncode == 0, last.stdout
    check_whole(checkout)


def test_finished_steps_are_not_repeated(checkout: Checkout) -> None:
    stop_at(checkout, 'PyTorch', signal.SIGINT)
    last = checkout.run()
    assert last.returncode == 0, last.stdout
    assert '] ROS 2 wheels ...' not in last.stdout
    assert '] PyTorch ...' in last.stdout


def test_second_setup_waits(checkout: Checkout) -> None:
    first, second = checkout.start(), checkout.start()
    outputs = [child.communicate(timeout=200)[0] for child in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], outputs
    assert sum('waiting for another set-up' in output for output in outputs) == 1
    check_whole(checkout)


def test_changed_gap_package_gets_its_own_overlay(checkout: Checkout) -> None:
    assert checkout.run().returncode == 0
    before = Path((checkout.folder / '.environment').read_text().strip()).parent
    module = checkout.folder / 'underlay' / 'src' / 'tiny' / 'tiny' / '__init__.py'
    module.write_text('answer = 2\n')
    assert checkout.run().returncode == 0
    after = Path((checkout.folder / '.environment').read_text().strip()).parent
    texts = [next(overlay.glob('lib/*/site-packages/tiny/__init__.py')).read_text()
             for overlay in (before, after)]
    assert texts == ['answer = 1\n', 'answer = 2\n']


def test_package_that_cannot_be_had_is_named(checkout: Checkout) -> None:
    requirements = checkout.folder / 'underlay' / 'requirements-torch.txt'
    whole = requirements.read_text()
    requirements.write_text('--no-index\nnot-on-this-index==3.1\n')
    result = checkout.run()
    last = result.stdout.splitlines()[-1]
    assert result.returncode == 1
    assert 'not-on-this-index==3.1' in last
    assert 'resumes' in last
    assert 'Traceback' not in result.stdout
    requirements.write_text(whole)
    assert checkout.run().returncode == 0


def test_gap_package_that_does_not_build_is_named(checkout: Checkout) -> None:
    script = checkout.folder / 'underlay' / 'src' / 'tiny' / 'setup.py'
    whole = script.read_text()
    script.write_text('raise SystemExit("broken")\n')
    result = checkout.run()
    assert result.returncode == 1
    assert 'tiny' in result.stdout.splitlines()[-1]
    assert 'Traceback' not in result.stdout
    assert not (checkout.folder / '.environment').exists()
    script.write_text(whole)
    assert checkout.run().returncode == 0
    check_whole(checkout)


def test_unsuitable_python_is_refused(tmp_path: Path) -> None:
    stub = tmp_path / 'python3'
    stub.write_text(
        '#!/bin/sh\necho \'{"executable": "/opt/python3", "implementation": "cpython", '
        '"version": [3, 9, 2], "free_threaded": false, "bits": 64, "base_prefix": "/usr", '
        '"include": "/usr/include/python3.9", "ensurepip": true}\'\n')
    stub.chmod(0o755)
    result = subprocess.run(
        [sys.executable, str(UNDERLAY / 'setup')], capture_output=True, text=True, check=False,
        env={'PATH': str(tmp_path), 'HOME': str(tmp_path), 'ASSIST_ENV_ROOT': str(tmp_path / 'r')})
    assert result.returncode == 1
    assert result.stderr == ''
    assert len(result.stdout.splitlines()) == 1
    assert 'python3 is 3.9.2' in result.stdout
    assert '3.10 to 3.14' in result.stdout
    assert not (tmp_path / 'r').exists()
