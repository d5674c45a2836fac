# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Keep the garbage collector's pauses short in a process that runs for months."""

from __future__ import annotations

import gc

PERIOD = 60.0
"""Seconds between two calls of `sweep`."""


def settle() -> None:
    """Take all that there is now for something that stays; collections look only at newer things.

    A full collection of the 200,000 objects that libraries and models bring stops every thread for
    a tenth of a second; one of what is newer takes a millisecond.
    """
    gc.collect()
    gc.freeze()


def sweep() -> None:
    """Collect what is newer; to be called now and then by who has settled.

    Python itself would do so after tens of thousands of new objects. But only a full collection
    empties the lists in which CPython keeps up to 2000 freed tuples of each length
    (Objects/tupleobject.c): left alone they grow for hours, to megabytes, and look like a leak.
    """
    gc.collect()


def collect() -> None:
    """Collect everything that nobody needs, also what there was when the process settled."""
    has_settled = gc.get_freeze_count() > 0
    gc.unfreeze()
    gc.collect()
    if has_settled:
        gc.freeze()
