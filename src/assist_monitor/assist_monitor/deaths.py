# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Hear at once that a process has ended, without looking again and again."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable


class Deaths:
    """Calls a function, on a thread of its own, when a watched process of this machine ends.

    The descriptor of a process (Linux, man 2 pidfd_open) is readable once it has ended, also while
    its parent has not taken notice. Who must be sure looks as well, now and then: a kernel before
    5.3, a sandbox, or a Python built for older kernels has no such descriptors, and nothing is told
    then.
    """

    def __init__(self, tell: Callable[[], object]) -> None:
        self._tell = tell
        self._descriptors: dict[int, int] = {}
        self._poll = select.epoll()
        self._ending = os.eventfd(0)
        self._poll.register(self._ending, select.EPOLLIN)
        self._thread = threading.Thread(target=self._run, name='deaths', daemon=True)
        self._thread.start()

    def watch(self, pid: int) -> None:
        """Tell when this process ends; at once if it has."""
        # A copy: the other thread takes out what has ended.
        if pid in list(self._descriptors.values()):
            return
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            self._tell()
        except (OSError, AttributeError):
            return
        else:
            self._descriptors[descriptor] = pid
            self._poll.register(descriptor, select.EPOLLIN)

    def close(self) -> None:
        """Watch no more."""
        os.eventfd_write(self._ending, 1)
        self._thread.join()
        for descriptor in (*self._descriptors, self._ending):
            os.close(descriptor)
        self._poll.close()

    def _run(self) -> None:
        while True:
            ended = [descriptor for descriptor, _ in self._poll.poll()]
            if self._ending in ended:
                return
            for descriptor in ended:
                del self._descriptors[descriptor]
                os.close(descriptor)
            self._tell()
