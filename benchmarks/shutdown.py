# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Bring the whole graph up and end it, fifty times, by SIGINT and SIGTERM in turn.

Lines to meet, every time: exit code 0 of the launch and of every node, ended within 5 s, nothing
left running, deactivated in the reverse order of the bring-up, a whole audit log. Writes
shutdown.json; exit code 1 when a line is missed.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections import Counter
from itertools import cycle
from pathlib import Path
from typing import Any

from assist.demo import launch_arguments
from assist.dialogue import VOICE_RATE
from assist.ending import Ending, EndWatch
from assist.observer import Observer
from assist.person import Person
from assist.session import Session
from assist_common.testing import claim_domain
from assist_intent.audit import folders, verify
from shared import report
from std_msgs.msg import String

LIMIT = 5.0
QUICK_RUNS = 3
START_TIMEOUT = 60.0
ANSWER_TIMEOUT = 15.0
REPEATED_AFTER = 2.0


def main() -> int:
    """Run, print and write the figures."""
    options = report.parser(__doc__, 50).parse_args()
    runs = QUICK_RUNS if options.quick else options.runs
    domain = claim_domain()
    endings, problems = [], []
    for _, number in zip(range(runs), cycle((signal.SIGINT, signal.SIGTERM)), strict=False):
        with tempfile.TemporaryDirectory() as folder:
            ending, fault = run(Path(folder), domain, number)
        print(f'{number.name}: {ending.seconds:.2f} s {ending.problem or fault}', file=sys.stderr)
        endings.append(ending)
        problems += [problem for problem in (ending.problem, fault) if problem]
    seconds = [ending.seconds for ending in endings]
    result = {
        'runs': runs,
        'seconds': report.spread(seconds),
        'slowest': report.line(round(max(seconds), 2), LIMIT),
        'exit_codes': dict(Counter(str(ending.exit_code) for ending in endings)),
        'orphans': report.line(sum(len(ending.orphans) for ending in endings), 0),
        'orders': dict(Counter(' '.join(ending.order) for ending in endings)),
        'problems': report.line(len(problems), 0) | {'each': problems},
    }
    report.finish(__file__, result, quick=options.quick)
    return int(bool(report.missed(result)))


def run(folder: Path, domain: int, number: signal.Signals) -> tuple[Ending, str]:
    """Return how one graph ended, and what was wrong with its audit log."""
    environment = {'ROS_DOMAIN_ID': str(domain), 'ROS_LOG_DIR': str(folder / 'ros')}
    arguments = launch_arguments(folder) | {'log_directory': str(folder / 'logs')}
    with (
        Observer(domain_id=domain) as observer,
        Person(observer.node, VOICE_RATE),
        Session(arguments, folder / 'launch.log', environment) as session,
    ):
        watch = EndWatch(observer)
        typed = observer.node.create_publisher(String, 'text_command', 10)
        if not observer.wait_for(lambda seen: seen.active_after is not None, START_TIMEOUT):
            raise SystemExit('shutdown: the graph did not become active; run make demo to see why')
        if not is_answered(observer, typed):
            raise SystemExit('shutdown: a typed command met no decision')
        ending = watch.end(session, number)
        if ending.problem:
            print(session.log_file.read_text(), file=sys.stderr)
    reports = [verify(found) for found in folders(folder / 'audit')]
    if not any(found.lines for found in reports):
        return ending, 'the audit log is empty'
    return ending, '; '.join(problem for found in reports for problem in found.problems)


def is_answered(observer: Observer, typed: Any) -> bool:
    """Type a command until it meets a decision: nodes are active before they have found all."""
    deadline = time.monotonic() + ANSWER_TIMEOUT
    while time.monotonic() < deadline:
        typed.publish(String(data='Bring me the cup.'))
        if observer.wait_for(lambda seen: seen.decisions, REPEATED_AFTER):
            return True
    return False


if __name__ == '__main__':
    sys.exit(main())
