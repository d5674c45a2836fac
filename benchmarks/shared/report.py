# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Figures as JSON beside a benchmark, and the two options that all benchmarks have."""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from shared import figures


def parser(description: str | None, runs: int) -> argparse.ArgumentParser:
    """Return a parser with --runs and --quick."""
    result = argparse.ArgumentParser(description=description)
    result.add_argument('--runs', type=int, default=runs, help='repetitions (%(default)s)')
    result.add_argument(
        '--quick', action='store_true', help='a short version, printed and not written'
    )
    return result


def finish(script: str, result: dict[str, Any], *, quick: bool) -> int:
    """Print the result; write it and the table of all figures unless it is a short one."""
    text = json.dumps(result, indent=2, ensure_ascii=False) + '\n'
    print(text)
    if not quick:
        Path(script).with_suffix('.json').write_text(text)
        figures.write()
    return 0


def line(value: float, limit: float, *, at_least: bool = False) -> dict[str, Any]:
    """Return a figure with the limit that it is to keep and whether it does."""
    met = value >= limit if at_least else value <= limit
    return {'value': value, 'at_least' if at_least else 'at_most': limit, 'met': bool(met)}


def missed(result: Any) -> list[dict[str, Any]]:
    """Return every figure of a result that does not keep its limit; see `line`."""
    if isinstance(result, dict):
        own = [result] if result.get('met') is False else []
        return own + [line for part in result.values() for line in missed(part)]
    return [line for part in result for line in missed(part)] if isinstance(result, list) else []


def spread(values: Sequence[float], digits: int = 2) -> dict[str, float]:
    """Return median, least and greatest."""
    return {
        'median': round(statistics.median(values), digits),
        'min': round(min(values), digits),
        'max': round(max(values), digits),
    }


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and the greatest of times, in ms."""
    p50, p95, most = (1000 * float(value) for value in np.percentile(seconds, [50, 95, 100]))
    return {'p50_ms': round(p50, 1), 'p95_ms': round(p95, 1), 'max_ms': round(most, 1)}
