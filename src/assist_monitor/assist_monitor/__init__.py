# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Health, logs and supervision of the graph."""

from assist_common import memory

# The messages import it, 15 MB, for arrays of fixed size that these nodes never meet.
memory.load_late('numpy')
