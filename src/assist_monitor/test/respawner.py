# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Start nodes as processes and start them again when they die, as launch does."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

DUMMY = Path(__file__).with_name('dummy_node.py')
RESPAWN_DELAY = 0.5


class Respawner:
    """A context manager around the processes of some dummy nodes."""

    def __init__(self, domain_id: int, namespace: str, orders: dict[str, Path]) -> None:
        self._environment = {**os.environ, 'ROS_DOMAIN_ID': str(domain_id)}
        self._namespace = namespace
        self._orders = orders
        self._ending = threading.Event()
        self._threads = [
            threading.Thread(target=self._keep, args=(name,), daemon=True) for name in orders
        ]
        self.processes: dict[str, subprocess.Popen] = {}
        self.starts = dict.fromkeys(orders, 0)

    def __enter__(self) -> Respawner:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        for process in self.processes.values():
            process.kill()
        for thread in self._threads:
            thread.join(10.0)

    def _keep(self, name: str) -> None:
        while not self._ending.is_set():
            process = subprocess.Popen(self._command(name), env=self._environment)
            self.processes[name] = process
            self.starts[name] += 1
            if self._ending.is_set():
                process.kill()
            process.wait()
            self._ending.wait(RESPAWN_DELAY)

    def _command(self, name: str) -> list[str]:
        return [
            *(sys.executable, str(DUMMY), '--ros-args', '-r', f'__node:={name}'),
            *('-r', f'__ns:={self._namespace}', '-p', f'orders:={self._orders[name]}'),
        ]
