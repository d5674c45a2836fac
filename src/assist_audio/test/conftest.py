# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""One model for all tests: loading it takes a second."""

from __future__ import annotations

import pytest
from assist_audio.transcriber import Transcriber
from assist_common import models


@pytest.fixture(scope='session')
def model_path() -> str:
    return models.resolve('tiny.en')


@pytest.fixture(scope='session')
def transcriber(model_path: str) -> Transcriber:
    return Transcriber(model_path, 'cpu', 'int8')
