# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Count the tests in JUnit result files; close with `N passed, N failed, N skipped`."""
from __future__ import annotations

import argparse
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path


def count(path: Path) -> Counter[str]:
    """Outcomes of the test cases in one file; an error counts as failed.

    A file that is no JUnit result (CTest writes a format of its own beside it) counts nothing, and
    one that cannot be read counts as failed: its test process died while writing it.
    """
    outcomes: Counter[str] = Counter()
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError:
        return Counter(failed=1)
    if root.tag not in ('testsuite', 'testsuites'):
        return outcomes
    for case in root.iter('testcase'):
        tags = {child.tag for child in case}
        if tags & {'failure', 'error'}:
            outcomes['failed'] += 1
        elif 'skipped' in tags or case.get('status') == 'notrun':
            outcomes['skipped'] += 1
        else:
            outcomes['passed'] += 1
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(description='Count the tests in JUnit result files.')
    parser.add_argument('folders', nargs='+', type=Path,
                        help='folders with results; one without any counts as a failed test')
    total: Counter[str] = Counter()
    for folder in parser.parse_args().folders:
        outcomes: Counter[str] = Counter()
        for path in folder.rglob('*.xml'):
            outcomes += count(path)
        if not outcomes:
            print(f'assist: {folder} has no test results: its tests did not run.')
            outcomes['failed'] += 1
        total += outcomes
    print(f'{total["passed"]} passed, {total["failed"]} failed, {total["skipped"]} skipped')
    return 1 if total['failed'] else 0


if __name__ == '__main__':
    sys.exit(main())
