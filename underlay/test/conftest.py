# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A small checkout whose set-up is real in every step but the downloads of models and
recordings, and takes seconds."""
from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

UNDERLAY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(UNDERLAY))

# Set-up with models and recordings left out: 200 MB of downloads, tested by themselves.
DRIVER = """
import sys
from pathlib import Path
from provision import models, samples
models.provide = lambda environment, *_: (environment.prefix / 'models').mkdir(exist_ok=True)
samples.provide = lambda *_: None
from provision.main import main
sys.exit(main(Path(__file__).parent))
"""

CMAKE = ('set(includes "/opt/python/cp311-cp311/include/python3.11;/opt/python/cp311-cp311/lib/'
         'python3.11/site-packages/numpy/_core/include")\n')

PACKAGE_XML = """<?xml version="1.0"?>
<package format="3">
  <name>tiny</name><version>0.1.0</version><description>A package to build.</description>
  <maintainer email="assist@example.org">The assist authors</maintainer>
  <license>Apache-2.0</license>
  <export><build_type>ament_python</build_type></export>
</package>
"""


def make_wheel(folder: Path, name: str, files: dict[str, str]) -> None:
    """Write a wheel of version 1.0 that carries `files`."""
    info = f'{name}-1.0.dist-info'
    files = dict(files)
    files[f'{info}/METADATA'] = f'Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n'
    files[f'{info}/WHEEL'] = 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n'
    record = ''
    for path, text in files.items():
        digest = hashlib.sha256(text.encode()).digest()
        code = base64.urlsafe_b64encode(digest).rstrip(b'=').decode()
        record += f'{path},sha256={code},{len(text.encode())}\n'
    files[f'{info}/RECORD'] = record + f'{info}/RECORD,,\n'
    with zipfile.ZipFile(folder / f'{name}-1.0-py3-none-any.whl', 'w') as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


@dataclass(frozen=True)
class Checkout:
    """A checkout with an environment root of its own."""

    folder: Path
    root: Path

    def start(self, path: str | None = None, **variables: str) -> subprocess.Popen[str]:
        """Start the set-up in its own process group."""
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(('ASSIST_', 'PYTHON'))}
        environment.update(variables, ASSIST_ENV_ROOT=str(self.root))
        if path is not None:
            environment['PATH'] = path
        return subprocess.Popen(
            [sys.executable, str(self.folder / 'driver.py')], env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)

    def run(self, path: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the set-up to its end."""
        child = self.start(path, **variables)
        output, _ = child.communicate(timeout=200)
        return subprocess.CompletedProcess(child.args, child.returncode, output)

    @property
    def environments(self) -> list[Path]:
        return list(self.root.glob('env-*'))


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A small checkout; its packages come from a folder, so that no network is needed."""
    folder, wheels = tmp_path / 'checkout', tmp_path / 'wheels'
    underlay = folder / 'underlay'
    package = underlay / 'src' / 'tiny'
    wheels.mkdir()
    for name in ('provision', 'convert_darknet.py'):
        source = UNDERLAY / name
        if source.is_dir():
            shutil.copytree(source, underlay / name, ignore=shutil.ignore_patterns('__pycache__'))
        else:
            shutil.copy(source, underlay / name)
    (folder / 'driver.py').write_text(
        f'import sys; sys.path.insert(0, {str(underlay)!r})\n' + DRIVER)
    # colcon comes from the environment in which the tests run.
    make_wheel(wheels, 'tiny_tools', {'tiny_tools.pth': sysconfig.get_path('purelib') + '\n'})
    make_wheel(wheels, 'tiny_ros', {
        'tiny_ros.py': 'answer = 42\n',
        'tiny_ros-1.0.data/data/share/tiny_ros/cmake/tiny_rosConfig.cmake': CMAKE})
    make_wheel(wheels, 'tiny_torch', {f'tiny_torch/m{i}.py': f'x = {i}\n' for i in range(500)})
    for family, name in (('ros', 'tiny_ros'), ('python', 'tiny_tools'), ('torch', 'tiny_torch'),
                         ('models', 'tiny_models'), ('samples', 'tiny_samples')):
        (underlay / f'requirements-{family}.txt').write_text(
            f'--no-index\n--find-links {wheels.as_uri()}\n{name}==1.0\n')
    (package / 'tiny').mkdir(parents=True)
    (package / 'resource').mkdir()
    (package / 'package.xml').write_text(PACKAGE_XML)
    (package / 'resource' / 'tiny').write_text('')
    (package / 'tiny' / '__init__.py').write_text('answer = 1\n')
    (package / 'setup.py').write_text(
        'from setuptools import setup\n'
        "setup(name='tiny', version='0.1.0', packages=['tiny'], data_files=[\n"
        "    ('share/ament_index/resource_index/packages', ['resource/tiny']),\n"
        "    ('share/tiny', ['package.xml'])])\n")
    return Checkout(folder, tmp_path / 'root')
