# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A demo that is told to end leaves nothing running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from assist.nodes import NODES
from assist_common.testing import claim_domain

TIMEOUT = 60.0


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_what_it_started_ends_with_it(tmp_path: Path, number: signal.Signals) -> None:
    demo = subprocess.Popen(
        [sys.executable, '-m', 'assist.demo', '--output', str(tmp_path)],
        env={**os.environ, 'ROS_DOMAIN_ID': str(claim_domain())},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    started: list[psutil.Process] = []
    try:
        started = wait_for_children(demo.pid, len(NODES))
        demo.send_signal(number)
        _, errors = demo.communicate(timeout=TIMEOUT)
        assert demo.returncode == 130
        assert 'everything that it started has ended' in errors
        assert not [process for process in started if process.is_running()]
    finally:
        demo.kill()
        demo.wait()
        for process in started:
            if process.is_running():
                process.kill()


def wait_for_children(pid: int, count: int) -> list[psutil.Process]:
    """Return all descendants of a process once there are more than so many."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        found = psutil.Process(pid).children(recursive=True)
        if len(found) > count:
            return found
        time.sleep(0.2)
    raise TimeoutError(f'the demo did not start {count} nodes')
