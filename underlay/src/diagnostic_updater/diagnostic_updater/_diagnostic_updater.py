# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Tasks that report on a node, and the updater that publishes what they report."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.node import Node

from diagnostic_updater._diagnostic_status_wrapper import DiagnosticStatusWrapper

StatusFunction = Callable[[DiagnosticStatusWrapper], DiagnosticStatusWrapper]

_NO_HARDWARE_ID = (
    'diagnostic_updater: no hardware ID was set; call setHardwareID, with "none" for a node '
    'that has no device'
)


class DiagnosticTask:
    """Something with a name that fills a status; subclasses implement `run`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def getName(self) -> str:
        """Return the name of the task."""
        return self.name

    def run(self, stat: DiagnosticStatusWrapper) -> DiagnosticStatusWrapper:
        """Fill the status and return it."""
        return stat


class FunctionDiagnosticTask(DiagnosticTask):
    """A task whose work is done by a function."""

    def __init__(self, name: str, fn: StatusFunction) -> None:
        super().__init__(name)
        self.fn = fn

    def run(self, stat: DiagnosticStatusWrapper) -> DiagnosticStatusWrapper:
        """Fill the status and return it."""
        return self.fn(stat)


class CompositeDiagnosticTask(DiagnosticTask):
    """Several tasks that report in one status: merged summaries, values of all."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.tasks: list[DiagnosticTask] = []

    def addTask(self, t: DiagnosticTask) -> None:
        """Add one more task."""
        self.tasks.append(t)

    def run(self, stat: DiagnosticStatusWrapper) -> DiagnosticStatusWrapper:
        """Fill the status with what every task reports, and return it."""
        before, merged = DiagnosticStatusWrapper(), DiagnosticStatusWrapper()
        before.summary(stat)
        for task in self.tasks:
            stat.summary(before)
            stat = task.run(stat)
            merged.mergeSummary(stat)
        stat.summary(merged)
        return stat


class DiagnosticTaskVector:
    """The tasks of a node. Safe to change from any thread, also while tasks run."""

    def __init__(self) -> None:
        self.tasks: list[FunctionDiagnosticTask] = []
        self.lock = threading.Lock()

    def addedTaskCallback(self, task: FunctionDiagnosticTask) -> None:
        """Do what has to be done when a task is added; nothing here."""

    def add(self, *args: Any) -> None:
        """Add a task: `add(task)`, or `add(name, function)`."""
        if len(args) not in (1, 2):
            raise TypeError(f'add takes a task, or a name and a function, not {len(args)} values')
        task = FunctionDiagnosticTask(
            *(args if len(args) == 2 else (args[0].getName(), args[0].run))
        )
        with self.lock:
            self.tasks.append(task)
        self.addedTaskCallback(task)

    def removeByName(self, name: str) -> bool:
        """Remove the first task of that name; return whether there was one."""
        with self.lock:
            for index, task in enumerate(self.tasks):
                if task.name == name:
                    del self.tasks[index]
                    return True
        return False

    def _snapshot(self) -> list[FunctionDiagnosticTask]:
        # Tasks run without the lock, so that one may add or remove tasks.
        with self.lock:
            return list(self.tasks)


class Updater(DiagnosticTaskVector):
    """Run the tasks of a node periodically and publish their statuses on /diagnostics.

    Declares two parameters on the node, unless they exist: `diagnostic_updater.period`
    (seconds; default: the argument) and `diagnostic_updater.use_fqn` (whether statuses are
    named after the node with its namespace). Works on a lifecycle node in every state.
    """

    def __init__(self, node: Node, period: float = 1.0) -> None:
        super().__init__()
        self.node = node
        self.verbose = False
        self.hwid = ''
        self.warn_nohwid_done = False
        self.publisher = node.create_publisher(DiagnosticArray, '/diagnostics', 1)
        self.__period = self._parameter('diagnostic_updater.period', period)
        self.use_fqn = self._parameter('diagnostic_updater.use_fqn', False)
        self.timer = node.create_timer(self.__period, self.update)

    @property
    def period(self) -> float:
        """Seconds between two updates."""
        return self.__period

    @period.setter
    def period(self, period: float) -> None:
        self.node.destroy_timer(self.timer)
        self.__period = period
        self.timer = self.node.create_timer(period, self.update)

    def setHardwareID(self, hwid: str) -> None:
        """Set the hardware ID of every status from now on."""
        self.hwid = hwid

    def update(self) -> None:
        """Run every task and publish the statuses."""
        statuses = [self._run(task) for task in self._snapshot()]
        bad = [status for status in statuses if status.level != DiagnosticStatus.OK]
        if self.verbose:
            for status in bad:
                self.node.get_logger().warning(
                    f'Non-zero diagnostic status. Name: {status.name}, '
                    f'status {status.level[0]}: {status.message}'
                )
        if not self.hwid and not bad and not self.warn_nohwid_done:
            self.node.get_logger().warning(_NO_HARDWARE_ID)
            self.warn_nohwid_done = True
        self.publish(statuses)

    def force_update(self) -> None:
        """Update now, without waiting for the period to end."""
        self.update()

    def broadcast(self, lvl: bytes, msg: str) -> None:
        """Publish one summary under the name of every task, without running them."""
        statuses = []
        for task in self._snapshot():
            status = DiagnosticStatusWrapper(name=task.name)
            status.summary(lvl, msg)
            statuses.append(status)
        self.publish(statuses)

    def publish(self, msg: DiagnosticStatus | list[DiagnosticStatus]) -> None:
        """Publish one status or several, each named after the node and its task."""
        array = DiagnosticArray()
        array.header.stamp = self.node.get_clock().now().to_msg()
        name = self.node.get_fully_qualified_name() if self.use_fqn else self.node.get_name()
        for status in msg if isinstance(msg, list) else [msg]:
            # A copy, because rclpy serializes messages of the exact class only.
            array.status.append(
                DiagnosticStatus(
                    level=status.level,
                    name=f'{name}: {status.name}',
                    message=status.message,
                    hardware_id=status.hardware_id,
                    values=status.values,
                )
            )
        self.publisher.publish(array)

    def addedTaskCallback(self, task: FunctionDiagnosticTask) -> None:
        """Publish that the node is starting, under the name of the new task."""
        status = DiagnosticStatusWrapper(name=task.name, hardware_id=self.hwid)
        status.summary(DiagnosticStatus.OK, 'Node starting up')
        self.publish(status)

    def _run(self, task: FunctionDiagnosticTask) -> DiagnosticStatusWrapper:
        status = DiagnosticStatusWrapper(name=task.name, hardware_id=self.hwid)
        status.summary(DiagnosticStatus.ERROR, 'No message was set')
        filled = task.run(status)
        if not isinstance(filled, DiagnosticStatus):
            raise TypeError(
                f'diagnostic task {task.name!r} must return the status that it was given, '
                f'not {filled!r}'
            )
        return filled

    def _parameter(self, name: str, default: float | bool) -> Any:
        if not self.node.has_parameter(name):
            self.node.declare_parameter(name, default)
        return self.node.get_parameter(name).value
