# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Finds and ends what launched processes leave behind."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress

import psutil

from . import logging

PR_SET_CHILD_SUBREAPER = 36


class Orphans:
    """
    Descendants of this process that outlive the process that started them.

    As a subreaper, this process becomes the parent of every orphan, even of a daemon that has
    left the session it was started in. Descendants count from construction on, and only those
    in another session: what this process runs for itself shares its own session.
    """

    def __init__(self) -> None:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._not_launched = set(psutil.Process().children())

    def find(self) -> list[psutil.Process]:
        """Return the descendants that are there now; zombies are reaped instead."""
        found = []
        for child in psutil.Process().children():
            if child in self._not_launched or not _is_in_other_session(child):
                continue
            with suppress(psutil.NoSuchProcess):
                found += [child, *child.children(recursive=True)]
        gone, alive = psutil.wait_procs(found, timeout=0)
        return alive

    def end(self, patience: float) -> None:
        """End all descendants: SIGTERM, after ``patience`` seconds SIGKILL."""
        orphans = self.find()
        if not orphans:
            return
        logging.get_logger('launch').warning(
            'ending what launched processes left running: '
            + ', '.join(f'{_name(orphan)} [pid {orphan.pid}]' for orphan in orphans)
        )
        for orphan in orphans:
            with suppress(psutil.NoSuchProcess):
                orphan.terminate()
        psutil.wait_procs(orphans, timeout=patience)
        # A process may start others while it is being killed.
        while orphans := self.find():
            for orphan in orphans:
                with suppress(psutil.NoSuchProcess):
                    orphan.kill()
            psutil.wait_procs(orphans, timeout=1.0)


def _is_in_other_session(process: psutil.Process) -> bool:
    try:
        return os.getsid(process.pid) != os.getsid(0)
    except ProcessLookupError:
        return False


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return 'process'
