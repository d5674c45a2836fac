# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Time `make demo`, with the environment there, until all nodes are active; weigh the nodes.

Each run starts the command anew and interrupts it, as a person does with Ctrl-C, once the graph
is active. Lines to meet: at most 15 s; stt_node at most 450 MiB. Writes startup.json.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

RUNS = 5
TIMEOUT = 60.0
SETTLE = 5.0
ROOT = Path(__file__).resolve().parents[1]
RESULT = Path(__file__).with_suffix('.json')


def main() -> int:
    """Run, print and write the figures."""
    seconds, memory = [], []
    for number in range(1, RUNS + 1):
        active_after, sizes = run()
        print(f'run {number}: active after {active_after:.1f} s, {sum(sizes.values()):.0f} MiB')
        seconds.append(active_after)
        memory.append(sizes)
    nodes = sorted(set.intersection(*(set(sizes) for sizes in memory)))
    result = {
        'runs': RUNS,
        'seconds_to_all_active': _spread(seconds),
        'resident_mib': {
            name: round(statistics.median(sizes[name] for sizes in memory)) for name in nodes
        },
    }
    RESULT.write_text(json.dumps(result, indent=2) + '\n')
    print(json.dumps(result, indent=2))
    return 0


def run() -> tuple[float, dict[str, float]]:
    """Return the seconds until all nodes were active, and the resident MiB of each after that."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        demo = subprocess.Popen(
            [str(ROOT / 'scripts' / 'demo'), '--output', folder],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, 'PYTHONUNBUFFERED': '1'},
            start_new_session=True,
        )
        try:
            _wait_until_active(demo, began)
            active_after = time.monotonic() - began
            time.sleep(SETTLE)
            return active_after, _memory(demo.pid)
        finally:
            os.killpg(demo.pid, signal.SIGINT)
            demo.communicate(timeout=TIMEOUT)


def _wait_until_active(demo: subprocess.Popen[str], began: float) -> None:
    assert demo.stdout is not None
    for line in demo.stdout:
        if 'all nodes are active' in line:
            return
        if time.monotonic() - began > TIMEOUT:
            break
    raise SystemExit('startup: the graph did not become active; run make demo to see why')


def _memory(pid: int) -> dict[str, float]:
    sizes = {}
    for process in psutil.Process(pid).children(recursive=True):
        for argument in process.cmdline():
            if argument.startswith('__node:='):
                sizes[argument.removeprefix('__node:=')] = process.memory_info().rss / 2**20
    return sizes


def _spread(values: list[float]) -> dict[str, float]:
    return {
        'median': round(statistics.median(values), 2),
        'min': round(min(values), 2),
        'max': round(max(values), 2),
    }


if __name__ == '__main__':
    sys.exit(main())
