# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Time the set-up of the environment: once into an empty folder, and again when it is there.

Packages come from the registry, or from pip's cache where it has them; the result says which.
Line to meet: the first at most 360 s. Writes setup_time.json. Needs 8 GB of disk for a while.
`--quick` times the environment that is there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from shared import report

LIMIT = 360.0
ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Set up in a temporary folder, and write the figures."""
    options = report.parser(__doc__, 5).parse_args()
    if options.quick:
        again = [run(ROOT, os.environ) for _ in range(options.runs)]
        return report.finish(__file__, {'again_seconds': report.spread(again)}, quick=True)
    cache = subprocess.run(['pip', 'cache', 'dir'], capture_output=True, text=True, check=True)
    cached = any(Path(cache.stdout.strip()).glob('http*/*'))
    with tempfile.TemporaryDirectory() as folder:
        # A checkout of its own: set-up notes in it which environment it uses.
        checkout = Path(folder) / 'checkout'
        subprocess.run(['git', 'clone', '--quiet', str(ROOT), str(checkout)], check=True)
        environment = {**os.environ, 'ASSIST_ENV_ROOT': str(Path(folder) / 'environments')}
        first = run(checkout, environment)
        again = [run(checkout, environment) for _ in range(options.runs)]
    result = {
        'first_seconds': report.line(round(first, 1), LIMIT),
        'packages': "in pip's cache" if cached else 'downloaded',
        'again_seconds': report.spread(again),
        'runs_again': options.runs,
    }
    return report.finish(__file__, result, quick=False)


def run(checkout: Path, environment: Mapping[str, str]) -> float:
    """Return the seconds that one set-up takes."""
    began = time.monotonic()
    subprocess.run([str(checkout / 'underlay' / 'setup')], env=environment, check=True)
    return time.monotonic() - began


if __name__ == '__main__':
    sys.exit(main())
