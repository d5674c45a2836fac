# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Tell which packages of a requirement file this Python lacks, and how to get them."""
from __future__ import annotations

import argparse
import sys
from importlib import metadata
from pathlib import Path

try:
    from packaging.requirements import Requirement
except ImportError:
    sys.exit('assist: this Python lacks packaging: run `sudo apt-get install python3-packaging`, '
             'and then this again.')

# Distributions that bring the same modules under another name.
ALTERNATIVES = {'ultralytics-opencv-headless': 'ultralytics', 'webrtcvad-wheels': 'webrtcvad'}


def problem(requirement: Requirement) -> str:
    """What is wrong with what is installed for a requirement; empty when nothing is."""
    for name in (requirement.name, ALTERNATIVES.get(requirement.name)):
        try:
            version = metadata.version(name) if name else None
        except metadata.PackageNotFoundError:
            continue
        if version is not None:
            fits = requirement.specifier.contains(version, prereleases=True)
            return '' if fits else f'{requirement} (here: {version})'
    return str(requirement)


def main() -> int:
    parser = argparse.ArgumentParser(description='Check that Python requirements are installed.')
    parser.add_argument('file', type=Path)
    path = parser.parse_args().file
    lines = [line.partition('#')[0].strip() for line in path.read_text().splitlines()]
    problems = [found for line in lines if line and (found := problem(Requirement(line)))]
    if problems:
        print(f'assist: this Python lacks {", ".join(problems)}: run '
              f'`{sys.executable} -m pip install -r {path.resolve()}` (where Debian forbids that, '
              'in a virtual environment made with --system-site-packages, or with '
              '--break-system-packages).', file=sys.stderr)
        return 1
    print('assist: a genuine ROS 2 is used, and all Python requirements are there.')
    return 0


if __name__ == '__main__':
    sys.exit(main())
