# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Weigh monitor_node and supervisor_node in the whole graph on demo input, for a minute.

Lines to meet, both together: at most 3 % of one core and 150 MB resident. Pages of libraries count
in each process that uses them; what is its own, and with its share of the common pages, is shown
beside it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import psutil
from assist.demo import launch_arguments
from assist.dialogue import VOICE_RATE
from assist.observer import Observer
from assist.person import Person
from assist.session import Session
from assist_common.testing import claim_domain
from shared import report

MEGABYTE = 1e6
NODES = ('monitor_node', 'supervisor_node')
START_TIMEOUT = 90.0
SETTLE = 10.0
SECONDS, QUICK_SECONDS = 60.0, 15.0
MOST_CPU, MOST_MEMORY = 3.0, 150.0
SIZES = {'rss': 'MB', 'pss': 'MB with its share of common pages', 'uss': 'MB of its own'}


def main() -> int:
    """Measure, print and write."""
    options = report.parser(__doc__, runs=1).parse_args()
    seconds = QUICK_SECONDS if options.quick else SECONDS
    found: dict[str, list[float]] = {}
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory() as folder:
            for name, value in weigh(Path(folder), seconds).items():
                found.setdefault(name, []).append(value)
    spreads = {name: report.spread(values) for name, values in found.items()}
    result = {
        'runs': options.runs,
        'seconds_of_each': seconds,
        'lines': {
            'cpu %': report.line(spreads['both, cpu %']['median'], MOST_CPU),
            'MB': report.line(spreads['both, MB']['median'], MOST_MEMORY),
        },
        'figures': spreads,
    }
    report.finish(__file__, result, quick=options.quick)
    return int(bool(report.missed(result)))


def weigh(folder: Path, seconds: float) -> dict[str, float]:
    """Return CPU in percent of one core, and memory in MB, of each node and of both."""
    domain = claim_domain()
    environment = {'ROS_DOMAIN_ID': str(domain), 'ROS_LOG_DIR': str(folder / 'ros')}
    arguments = launch_arguments(folder) | {'log_directory': str(folder / 'logs')}
    with (
        Observer(domain_id=domain) as observer,
        Person(observer.node, VOICE_RATE),
        Session(arguments, folder / 'launch.log', environment) as session,
    ):
        if not observer.wait_for(lambda seen: seen.active_after is not None, START_TIMEOUT):
            raise SystemExit('the graph did not become active; run make demo to see why')
        time.sleep(SETTLE)
        running = session.processes()
        processes = {name: running[name] for name in NODES}
        before = {name: _cpu(process) for name, process in processes.items()}
        begin = time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - begin
        found = {}
        for name, process in processes.items():
            found[f'{name}, cpu %'] = 100 * (_cpu(process) - before[name]) / passed
            sizes = process.memory_full_info()
            for kind, unit in SIZES.items():
                found[f'{name}, {unit}'] = getattr(sizes, kind) / MEGABYTE
    for unit in ('cpu %', *SIZES.values()):
        found[f'both, {unit}'] = sum(found[f'{name}, {unit}'] for name in NODES)
    return found


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


if __name__ == '__main__':
    sys.exit(main())
