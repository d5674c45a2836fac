# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
import subprocess
import sys

from assist_common import threads


def test_opencv_heeds_its_bound() -> None:
    code = 'import cv2; print(cv2.getNumThreads())'
    environment = {**os.environ, threads.OPENCV: '1'}
    command = [sys.executable, '-c', code]
    output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert output.stdout.strip() == '1'
