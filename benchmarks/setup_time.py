# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Time the set-up of the environment: once into an empty folder, and again when it is there.

Packages come from the registry, or from pip's cache where it has them; the result says which.
Lines to meet: the first at most 360 s. Writes setup_time.json. Needs 8 GB of disk for a while.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS_AGAIN = 5
ROOT = Path(__file__).resolve().parents[1]
RESULT = Path(__file__).with_suffix('.json')


def main() -> int:
    """Set up in a temporary folder, and write the figures."""
    cache = subprocess.run(['pip', 'cache', 'dir'], capture_output=True, text=True, check=True)
    cached = any(Path(cache.stdout.strip()).glob('http*/*'))
    with tempfile.TemporaryDirectory() as folder:
        # A checkout of its own: set-up notes in it which environment it uses.
        checkout = Path(folder) / 'checkout'
        subprocess.run(['git', 'clone', '--quiet', str(ROOT), str(checkout)], check=True)
        first = run(checkout)
        again = [run(checkout) for _ in range(RUNS_AGAIN)]
    result = {
        'first_seconds': round(first, 1),
        'packages': "in pip's cache" if cached else 'downloaded',
        'again_seconds_median': round(statistics.median(again), 2),
        'runs_again': RUNS_AGAIN,
    }
    RESULT.write_text(json.dumps(result, indent=2) + '\n')
    print(json.dumps(result, indent=2))
    return 0


def run(checkout: Path) -> float:
    """Return the seconds that one set-up takes."""
    began = time.monotonic()
    subprocess.run(
        [str(checkout / 'underlay' / 'setup')],
        env={**os.environ, 'ASSIST_ENV_ROOT': str(checkout.parent / 'environments')},
        check=True,
    )
    return time.monotonic() - began


if __name__ == '__main__':
    sys.exit(main())
