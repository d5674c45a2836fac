# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""How alike words are."""

from __future__ import annotations


def edit_distance(first: str, second: str, most: int) -> int:
    """Return insertions, deletions, substitutions and swaps of neighbours (optimal string
    alignment) between two words, or `most + 1` when there are more."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        two_before, before, row = before, row, [i]
        for j, b in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, two_before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
