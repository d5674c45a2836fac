# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What tests share: a model, because loading it takes a second, a graph and a sound server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from assist_audio.transcriber import Transcriber
from assist_common import models
from assist_common.testing import Graph
from sound_system import Processes, SoundServer


@pytest.fixture(scope='session')
def model_path() -> str:
    return models.resolve('tiny.en')


@pytest.fixture(scope='session')
def transcriber(model_path: str) -> Transcriber:
    return Transcriber(model_path, 'cpu', 'int8')


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph() as running:
        yield running


@pytest.fixture
def server() -> Iterator[SoundServer]:
    # A socket's path may not be longer than 107 characters.
    folder = Path(tempfile.mkdtemp())
    running = SoundServer(folder)
    yield running
    running.stop()
    shutil.rmtree(folder)


@pytest.fixture
def processes(graph: Graph, server: SoundServer) -> Iterator[Processes]:
    started = Processes(graph, server)
    yield started
    started.stop()
