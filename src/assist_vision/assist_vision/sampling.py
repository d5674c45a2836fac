# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""How the pixels of a box count for what is in it."""

from __future__ import annotations

import numpy as np


def towards_middle(count: int) -> np.ndarray:
    """Return (count,) weights of rows or columns of a box: 1 in the middle, 0.2 at an edge."""
    return 1.0 - 0.8 * np.abs((np.arange(count) + 0.5) * 2 / count - 1)
