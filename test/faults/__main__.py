# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Inject faults into the whole graph and write what came of each; see docs/benchmarks.md.

Kills and freezes every node, takes away microphone, camera, disk, processor and memory, damages a
model, cuts a network, sets the clock and floods the topics. Lines to meet for each: detected within
the time in the table, recovered within 10 s after the cause is gone, nothing approved without its
confirmation, no line of the audit log lost. Writes faults.json and faults.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from assist_common.testing import claim_domain

from faults import runner
from faults.fault import RECOVERY, Outcome

FOLDER = Path(__file__).resolve().parents[2] / 'benchmarks'


def main() -> int:
    """Run; return 0 only if every line was kept."""
    parser = argparse.ArgumentParser(prog='faults', description=__doc__)
    parser.add_argument('--seed', type=int, default=1, help='of the order (%(default)s)')
    parser.add_argument('--only', default='', help='those whose name contains this; not written')
    parser.add_argument('--there', default='', help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not any(options.only in name for name in runner.names()):
        parser.error(f"the name of no fault contains '{options.only}'")
    domain = claim_domain()
    if options.there:
        outcomes = runner.run_network(domain, options.there, tell, options.only)
        print(json.dumps([asdict(outcome) for outcome in outcomes]))
        return 0
    began = time.monotonic()
    outcomes = runner.run(domain, options.seed, tell, options.only)
    outcomes += runner.in_two_namespaces(['--seed', str(options.seed)], options.only)
    seconds = time.monotonic() - began
    if not options.only:
        write(outcomes, options.seed, seconds)
    tried = [outcome for outcome in outcomes if not outcome.not_run]
    kept = sum(outcome.passed for outcome in tried)
    print(f'{kept} of {len(tried)} faults within their lines, {seconds:.0f} s')
    for outcome in outcomes:
        if outcome.not_run:
            print(f'not run: {outcome.fault}: {outcome.not_run}')
    return 1 if kept < len(tried) else 0


def tell(outcome: Outcome) -> None:
    """Print one outcome, beside what is read by programs."""
    print(row(outcome), file=sys.stderr, flush=True)


def write(outcomes: list[Outcome], seed: int, seconds: float) -> None:
    """Write the table."""
    entries = [asdict(outcome) | {'passed': outcome.passed} for outcome in outcomes]
    result = {
        'seed': seed,
        'seconds': round(seconds),
        'faults': len(outcomes),
        'passed': sum(outcome.passed for outcome in outcomes),
        'recover_within': RECOVERY,
        'each': entries,
    }
    (FOLDER / 'faults.json').write_text(json.dumps(result, indent=2, ensure_ascii=False) + '\n')
    head = ['| fault | within | detected | recovered | first report | harm |', '|' + ' --- |' * 6]
    (FOLDER / 'faults.md').write_text('\n'.join([*head, *map(row, outcomes)]) + '\n')


def row(outcome: Outcome) -> str:
    """Return one line of the table."""
    if outcome.not_run:
        reason = outcome.not_run.replace('|', '/')[:160]
        return f'| {outcome.fault} | {outcome.detect_within:g} s | not run: {reason} | | | |'
    missed = '' if outcome.passed else ' (missed)'
    cells = (
        outcome.fault + missed,
        f'{outcome.detect_within:g} s',
        'all stayed well' if outcome.rode_out else _seconds(outcome.detected),
        _seconds(outcome.recovered),
        outcome.report.replace('|', '/')[:160],
        '; '.join(outcome.harm).replace('|', '/') or 'none',
    )
    return f'| {" | ".join(cells)} |'


def _seconds(value: float | None) -> str:
    return 'never' if value is None else f'{value:.2f} s'


if __name__ == '__main__':
    sys.exit(main())
