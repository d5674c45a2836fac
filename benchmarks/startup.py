# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Time `make demo`, with the environment there, until all nodes are active; weigh the nodes.

Each run starts the command anew and interrupts it, as a person does with Ctrl-C, once the graph
is active. Lines to meet: at most 15 s; stt_node at most 450 MiB. Writes startup.json.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from shared import report

QUICK_RUNS = 1
ACTIVE_LIMIT, SPEECH_LIMIT = 15.0, 450.0  # s, MiB
TIMEOUT = 60.0
SETTLE = 5.0
ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run, print and write the figures."""
    options = report.parser(__doc__, 5).parse_args()
    runs = QUICK_RUNS if options.quick else options.runs
    seconds, memory = [], []
    for number in range(1, runs + 1):
        active_after, sizes = run()
        print(f'run {number}: active after {active_after:.1f} s, {sum(sizes.values()):.0f} MiB')
        seconds.append(active_after)
        memory.append(sizes)
    nodes = sorted(set.intersection(*(set(sizes) for sizes in memory)))
    sizes = {name: round(statistics.median(sizes[name] for sizes in memory)) for name in nodes}
    result = {
        'runs': runs,
        'seconds_to_all_active': report.spread(seconds),
        'slowest': report.line(round(max(seconds), 2), ACTIVE_LIMIT),
        'stt_node_mib': report.line(sizes['stt_node'], SPEECH_LIMIT),
        'resident_mib': sizes,
    }
    return report.finish(__file__, result, quick=options.quick)


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


if __name__ == '__main__':
    sys.exit(main())
