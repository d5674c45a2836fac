# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""setup.bash enters a genuine ROS 2, or else the environment, with the workspace on top."""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import UNDERLAY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout, in a path with a space, that has only setup.bash and a built workspace."""
    checkout = tmp_path / 'my checkout'
    (checkout / 'install').mkdir(parents=True)
    shutil.copy(UNDERLAY.parent / 'setup.bash', checkout)
    (checkout / 'install' / 'local_setup.bash').write_text('export WORKSPACE_ENTERED=1\n')
    return checkout


def point_at_environment(folder: Path) -> None:
    """Use the environment in which these tests run."""
    pointer = UNDERLAY.parent / '.environment'
    shutil.copy(pointer, folder / '.environment')


def bash(folder: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a bash that inherits nothing; `@enter` sources setup.bash."""
    text = script.replace('@enter', f'source "{folder}/setup.bash"')
    environment = {'PATH': '/usr/bin:/bin', 'HOME': str(folder),
                   'ASSIST_ROS_ROOT': str(folder / 'no-ros'), **variables}
    return subprocess.run(['bash', '--norc', '-c', text], env=environment, cwd='/', text=True,
                          capture_output=True, timeout=60, check=False)


def test_environment_is_entered(folder: Path) -> None:
    point_at_environment(folder)
    result = bash(folder, 'set -eu; @enter; python -c "import rclpy, vision_msgs.msg";'
                          'echo $ROS_DISTRO $WORKSPACE_ENTERED $ROS_AUTOMATIC_DISCOVERY_RANGE; '
                          'echo $FASTDDS_DEFAULT_PROFILES_FILE')
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        'kilted 1 LOCALHOST', f'{folder}/config/fastdds.xml']
    assert result.stderr == ''


def test_entering_twice_changes_nothing(folder: Path) -> None:
    point_at_environment(folder)
    show = 'env | sort | grep -v "^_="'
    result = bash(folder, f'@enter; {show} > "$HOME/once"; @enter; {show} | diff "$HOME/once" -')
    assert (result.returncode, result.stdout, result.stderr) == (0, '', '')


def test_newer_environment_replaces_the_older(folder: Path) -> None:
    for name in ('old', 'new'):
        (folder / name).mkdir()
        (folder / name / 'activate.bash').write_text(
            f'export ASSIST_UNDERLAY=/{name} ROS_DISTRO=kilted\n'
            f'_assist_prepend PATH /{name}/bin\n_assist_prepend PYTHONPATH /{name}/lib\n'
            f'_assist_prepend LD_LIBRARY_PATH /{name}/lib/deep\n'
            f'_assist_prepend LD_LIBRARY_PATH /{name}/lib\n')
    point = 'echo "$HOME/{0}/activate.bash" > "$HOME/.environment"; @enter;'
    result = bash(folder, point.format('old') + point.format('new')
                  + 'echo $PATH; echo $PYTHONPATH; echo $LD_LIBRARY_PATH', PYTHONPATH='/mine')
    assert result.stdout.splitlines() == [
        '/new/bin:/usr/bin:/bin', '/new/lib:/mine', '/new/lib:/new/lib/deep']


@pytest.mark.parametrize('pointer', [None, '/gone/activate.bash\n'])
def test_missing_environment_is_explained(folder: Path, pointer: str | None) -> None:
    if pointer is not None:
        (folder / '.environment').write_text(pointer)
    result = bash(folder, '@enter; echo "returned $? ${ROS_DISTRO-none}"')
    assert result.stdout == 'returned 1 none\n'
    assert len(result.stderr.splitlines()) == 1
    assert 'make setup' in result.stderr
    assert str(folder) in result.stderr


def test_installed_ros_is_used(folder: Path) -> None:
    point_at_environment(folder)
    for name in ('jazzy', 'kilted'):
        setup = folder / 'ros' / name / 'setup.bash'
        setup.parent.mkdir(parents=True)
        # As the genuine one does, it reads a variable that may be unset.
        setup.write_text(f'[ -z "$AMENT_TRACE_SETUP_FILES" ]; export ROS_DISTRO={name}\n')
    result = bash(folder, 'set -eu; @enter; echo $ROS_DISTRO ${ASSIST_UNDERLAY-none} '
                          '$WORKSPACE_ENTERED; @enter; echo $ROS_DISTRO; echo $-',
                  ASSIST_ROS_ROOT=str(folder / 'ros'))
    lines = result.stdout.splitlines()
    assert lines[:2] == ['kilted none 1', 'kilted'], result.stderr
    assert 'u' in lines[2]


def test_ros_that_is_in_use_stays(folder: Path) -> None:
    point_at_environment(folder)
    result = bash(folder, '@enter; echo $ROS_DISTRO ${ASSIST_UNDERLAY-none} $WORKSPACE_ENTERED',
                  ROS_DISTRO='lyrical')
    assert result.stdout == 'lyrical none 1\n'


def test_settings_of_the_user_stay(folder: Path) -> None:
    point_at_environment(folder)
    result = bash(folder, '@enter; echo $FASTDDS_DEFAULT_PROFILES_FILE '
                          '$ROS_AUTOMATIC_DISCOVERY_RANGE [$ROS_STATIC_PEERS]',
                  FASTDDS_DEFAULT_PROFILES_FILE='/mine.xml', ROS_STATIC_PEERS='',
                  ROS_AUTOMATIC_DISCOVERY_RANGE='SUBNET')
    assert result.stdout == '/mine.xml SUBNET []\n'


def test_nothing_of_its_own_is_left_behind(folder: Path) -> None:
    point_at_environment(folder)
    result = bash(folder, '@enter; set | grep -i "^_assist"; declare -F | grep _assist')
    assert result.stdout == ''


def test_fast_dds_profile_is_in_the_checkout() -> None:
    assert os.access(UNDERLAY.parent / 'config' / 'fastdds.xml', os.R_OK)
