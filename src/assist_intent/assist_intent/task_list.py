# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The tasks that are being done, how they are halted, and how one takes the place of others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assist_intent.executor import Task


class TaskList:
    """Tasks by the keys of their goals; every method may be called from any thread.

    Args:
        moves: tells whether doing an intent moves the robot.
    """

    def __init__(self, moves: Callable[[str], bool]) -> None:
        self._moves = moves
        self._tasks: dict[bytes, Task] = {}
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._tasks)

    def get(self, key: bytes) -> Task | None:
        """Return a task that is being done."""
        return self._tasks.get(key)

    def all(self) -> list[Task]:
        """Return all tasks, the oldest first."""
        with self._changed:
            return list(self._tasks.values())

    def moving(self) -> list[Task]:
        """Return those that move the robot."""
        return [task for task in self.all() if self._moves(task.intent)]

    @contextmanager
    def holding(self, key: bytes, task: Task) -> Iterator[None]:
        """Count a task as being done meanwhile."""
        with self._changed:
            self._tasks[key] = task
        try:
            yield
        finally:
            with self._changed:
                del self._tasks[key]
                self._changed.notify_all()

    def halt(self, reason: str, others_than: Task | None = None) -> bool:
        """Tell tasks to end: all; or, where a motion takes the place of others, those.

        Return whether there was one that had not been told.
        """
        running = self.moving() if others_than else self.all()
        tasks = [task for task in running if not task.halted and task is not others_than]
        for task in tasks:
            task.halt(reason)
        return bool(tasks)

    def wait_alone(self, task: Task, seconds: float) -> bool:
        """Wait until no other task moves the robot; return whether none does."""
        with self._changed:
            return self._changed.wait_for(lambda: self.moving() == [task], seconds)
