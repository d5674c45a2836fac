# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Give back the shared memory of processes that were killed.

Fast DDS keeps the messages of a process in /dev/shm/fastdds_ID, 1 to 17 MB with our profiles, and
holds a lock on fastdds_ID_el as long as the process lives. Nobody removes both when it is killed,
so that a node that dies again and again would fill the memory of the machine.
"""

from __future__ import annotations

import fcntl
import re
import time
from pathlib import Path

FOLDER = Path('/dev/shm')

YOUNG = 60.0
"""Seconds for which a lock is left alone: between making and taking it a process may be at work."""

_LOCK = re.compile(r'fastdds_[0-9a-f]{16}_el')


def sweep(folder: Path = FOLDER) -> int:
    """Remove what no process holds any more; return how many bytes that was."""
    if not folder.is_dir():
        return 0
    locks = [path for path in folder.iterdir() if _LOCK.fullmatch(path.name)]
    return sum(_remove(lock) for lock in locks)


def _remove(lock: Path) -> int:
    segment = lock.with_name(lock.name.removesuffix('_el'))
    try:
        if time.time() - lock.stat().st_mtime < YOUNG:
            return 0
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            size = segment.stat().st_size if segment.exists() else 0
            segment.unlink(missing_ok=True)
            lock.unlink(missing_ok=True)
    except OSError:  # held, somebody else's, or just removed
        return 0
    return size
