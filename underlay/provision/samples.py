# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Recordings of human voices for the tests, taken from the source archive of pocketsphinx.

They are LibriVox readings, which are in the public domain, with a text for each, and commands for a
card game by its authors (BSD-2-Clause; the licence lies beside them).
"""
from __future__ import annotations

import shutil
from pathlib import Path

from .models import extract
from .steps import Progress
from .wheels import Environment

_ARCHIVE = 'pocketsphinx-*.tar.gz'
# Folder or file in the archive, and where that goes.
_MEMBERS = (
    ('test/data/librivox/', 'librivox/'),
    ('test/data/cards/', 'cards/'),
    ('LICENSE', 'LICENSE'),
)


def provide(environment: Environment, requirements: Path, progress: Progress) -> None:
    """Download and unpack the recordings into the environment's `samples/human-voice` folder."""
    samples = environment.prefix / 'samples'
    new = environment.prefix / 'samples.new'
    downloads = environment.prefix / 'downloads-samples'
    for folder in (new, downloads):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    progress.note('downloading')
    environment.pip(
        ['download', '--no-deps', '--ignore-requires-python', '--no-binary', 'pocketsphinx',
         '--require-hashes', '-r', str(requirements), '--dest', str(downloads)], progress)
    archive = next(downloads.glob(_ARCHIVE))
    for member, target in _MEMBERS:
        extract(archive, member, new / 'human-voice' / target)
    shutil.rmtree(downloads)
    shutil.rmtree(samples, ignore_errors=True)
    new.rename(samples)
