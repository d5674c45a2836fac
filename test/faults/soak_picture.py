# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Draw the memory of every node over a soak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

COLUMNS = 3
LEAST_SPAN = 4.0
"""MB that a panel shows at least: less than that is noise to look at."""

Life = tuple[Sequence[float], Sequence[float]]
"""Seconds since the start, and MB, of one process."""


def draw(
    lives: Mapping[str, Sequence[Life]],
    faults: Sequence[tuple[str, float]],
    warm_up: float,
    path: Path,
) -> None:
    """Write a picture with a panel a node, its lives one after the other.

    Args:
        faults: what was broken, and when, s.
        warm_up: s that count for nothing; shaded.
        path: a PNG.
    """
    rows = -(-len(lives) // COLUMNS)
    figure = Figure(figsize=(12.0, 2.6 * rows), layout='constrained')
    FigureCanvasAgg(figure)
    panels = figure.subplots(rows, COLUMNS, sharex=True, squeeze=False).flat
    for panel, (name, of_node) in zip(panels, lives.items(), strict=False):
        for times, memory in of_node:
            panel.plot([at / 60 for at in times], memory, linewidth=0.8)
        low, high = panel.get_ylim()
        margin = max(0.0, LEAST_SPAN - (high - low)) / 2
        panel.set_ylim(low - margin, high + margin)
        panel.axvspan(0.0, warm_up / 60, color='0.92')
        for _, at in faults:
            panel.axvline(at / 60, color='tab:red', linewidth=0.6, linestyle=':')
        panel.set_title(name, fontsize='medium')
        panel.ticklabel_format(useOffset=False)
    names = ', '.join(dict.fromkeys(name for name, _ in faults))
    figure.supxlabel(f'minutes; grey: warm-up; dotted: {names}', fontsize='small')
    figure.supylabel('resident memory, MB')
    figure.savefig(path, dpi=80)
