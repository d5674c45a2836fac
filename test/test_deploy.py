# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The service and the container: what can be checked of them without a robot."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from assist import settings
from assist.preflight.catalogue import CHECKS

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / 'deploy'
UNIT = DEPLOY / 'assist.service'
INSTALLED = '/opt/assist/'
DOCKERFILE = (DEPLOY / 'Dockerfile').read_text()


@pytest.fixture
def service() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNIT)
    return parser['Service']


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose environment is a file that says what it was given."""
    root = tmp_path / 'checkout'
    (root / 'deploy').mkdir(parents=True)
    shutil.copy(DEPLOY / 'enter', root / 'deploy')
    (root / 'setup.bash').write_text('export ENTERED="yes, ROS_DISTRO=${ROS_DISTRO:-unset}"\n')
    return root


def enter(checkout: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {'PATH': os.environ['PATH'], **variables}
    program = str(checkout / 'deploy' / 'enter')
    return subprocess.run([program, *command], env=environment, capture_output=True, text=True)


@pytest.mark.skipif(not shutil.which('systemd-analyze'), reason='systemd is not installed')
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    # The tree is not at the place where a robot has it, and systemd looks for the program.
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text().replace(INSTALLED, f'{ROOT}/'))
    result = subprocess.run(
        ['systemd-analyze', 'verify', str(copy)], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0, result.stderr
    assert UNIT.name not in result.stderr


def test_the_unit_starts_what_is_there(service: configparser.SectionProxy) -> None:
    program, *command = service['ExecStart'].split()
    assert program.startswith(INSTALLED)
    assert os.access(ROOT / program.removeprefix(INSTALLED), os.X_OK)
    assert command == ['ros2', 'launch', 'assist', 'bringup.launch.py']


def test_the_launch_ends_the_nodes_and_is_started_again(
    service: configparser.SectionProxy,
) -> None:
    assert service['KillMode'] == 'mixed'
    assert service['KillSignal'] == 'SIGINT'
    assert float(service['TimeoutStopSec']) >= 10.0
    assert service['Restart'] == 'on-failure'
    assert service['OOMPolicy'] == 'continue'


def test_the_unit_is_hardened_but_reaches_its_devices(
    service: configparser.SectionProxy,
) -> None:
    assert service['User'] == 'assist'
    assert service['NoNewPrivileges'] == 'yes'
    assert service['ProtectSystem'] == 'strict'
    assert {'audio', 'video'} <= set(service['SupplementaryGroups'].split())
    # Each of these takes devices away, or the memory that code is made in.
    for name in (
        *('PrivateDevices', 'ProtectClock', 'DeviceAllow', 'DevicePolicy', 'PrivateNetwork'),
        *('PrivateIPC', 'MemoryDenyWriteExecute', 'RestrictRealtime'),
    ):
        assert name not in service


def test_every_setting_of_the_example_is_one() -> None:
    lines = re.findall(r'^#([A-Z_]+)=(.+)$', (DEPLOY / 'environment').read_text(), re.M)
    assert len(lines) > 5
    settings.from_environment(dict(lines))


def test_a_command_runs_in_the_environment(checkout: Path) -> None:
    result = enter(checkout, 'sh', '-c', 'echo "$ENTERED, $1"', '-', 'two words')
    assert (result.returncode, result.stdout) == (0, 'yes, ROS_DISTRO=unset, two words\n')


@pytest.mark.parametrize(
    ('variables', 'distribution'),
    [
        ({'ROS_DISTRO': 'jazzy'}, 'unset'),
        ({'ROS_DISTRO': 'jazzy', 'AMENT_PREFIX_PATH': '/opt/ros/jazzy'}, 'jazzy'),
    ],
)
def test_an_image_that_only_names_its_distribution_is_not_entered_yet(
    checkout: Path, variables: dict[str, str], distribution: str
) -> None:
    result = enter(checkout, 'printenv', 'ENTERED', **variables)
    assert result.stdout == f'yes, ROS_DISTRO={distribution}\n'


def test_the_libraries_of_the_venv_are_found(checkout: Path) -> None:
    packages = checkout / 'venv' / 'lib' / 'python3.12' / 'site-packages'
    packages.mkdir(parents=True)
    result = enter(checkout, 'printenv', 'PYTHONPATH', PYTHONPATH='/else')
    assert result.stdout == f'{packages}:/else\n'


def test_no_command_is_one_sentence(checkout: Path) -> None:
    result = enter(checkout)
    assert result.returncode == 2
    assert 'give a command' in result.stderr


def test_a_signal_reaches_the_command(checkout: Path) -> None:
    program = "import signal; print('up', flush=True); signal.pause()"
    process = subprocess.Popen(
        [checkout / 'deploy' / 'enter', 'python3', '-c', program],
        env={'PATH': os.environ['PATH']},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    try:
        assert process.stdout and process.stdout.readline() == 'up\n'
        process.send_signal(signal.SIGINT)
        assert process.wait(10) in (-signal.SIGINT, 1)
    finally:
        process.kill()
        process.communicate()


def test_the_image_copies_and_runs_what_is_there() -> None:
    assert re.search(r'^FROM ros:\$\{ROS_DISTRO\}$', DOCKERFILE, re.M)
    assert re.search(r'^USER assist$', DOCKERFILE, re.M)
    assert re.search(r'^STOPSIGNAL SIGINT$', DOCKERFILE, re.M)
    assert re.search(r'^ENTRYPOINT \["/opt/assist/deploy/enter"\]$', DOCKERFILE, re.M)
    for source in re.findall(r'^COPY (\S+) ', DOCKERFILE, re.M):
        assert (ROOT / source).exists()
    ignored = (DEPLOY / 'Dockerfile.dockerignore').read_text().splitlines()
    assert not {'src', 'launch', 'config', 'test', 'deploy', 'setup.bash'} & set(ignored)


def test_the_health_check_asks_for_checks_that_exist() -> None:
    wanted = re.findall(r'"--only", "([^"]+)"', DOCKERFILE)
    assert wanted
    # Not those that a graph which runs would make fail, or that load a model.
    assert set(wanted) <= {one.name for one in CHECKS} - {'domain', 'microphone', 'speech model'}
