# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What monitor_node says on /diagnostics."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from diagnostic_msgs.msg import DiagnosticStatus

from assist_monitor.health import Health, Status, short_name
from assist_monitor.leak import LeakDetector, describe
from assist_monitor.log_writer import LogWriter
from assist_monitor.thresholds import Level, Watch

LEVELS = {
    Level.HEALTHY: DiagnosticStatus.OK,
    Level.WARNING: DiagnosticStatus.WARN,
    Level.CRITICAL: DiagnosticStatus.ERROR,
}


class MonitorDiagnostics:
    """One task for each thing that is measured; `update` gives them something to tell."""

    def __init__(self, writer: LogWriter, leaks: LeakDetector) -> None:
        self._writer = writer
        self._leaks = leaks
        self._lost = 0
        self._health: Health | None = None
        self._watches: dict[str, Watch] = {}
        self._ranges: dict[str, str] = {}
        self._gpu_fault = ''
        self.tasks: dict[str, Callable[[Any], Any]] = {
            'cpu': self.cpu,
            'memory': self.memory,
            'disk': self.disk,
            'temperature': self.temperature,
            'network': self.network,
            'gpu': self.gpu,
            'processes': self.processes,
            'leaks': self.leaks,
            'nodes': self.nodes,
            'logs': self.logs,
        }

    def update(
        self, health: Health, watches: dict[str, Watch], ranges: dict[str, str], gpu_fault: str
    ) -> None:
        """Take what was found by the latest check, and the ranges of late."""
        self._health, self._watches, self._gpu_fault = health, watches, gpu_fault
        self._ranges = ranges

    def cpu(self, status: Any) -> Any:
        """Report the use of the cores."""
        if self._summarise(status, 'cpu'):
            sample = self._health.sample  # type: ignore[union-attr]
            for index, value in enumerate(sample.cores):
                status.add(f'core {index}', f'{value:.0f} %')
            _add(status, 'frequency', sample.frequency, '% of the highest')
            for name, process in sample.processes.items():
                status.add(short_name(name), f'{process.cpu:.1f} % of a core')
                self._add_range(status, short_name(name), f'{name} cpu')
        return status

    def memory(self, status: Any) -> Any:
        """Report memory, swap and what each node has."""
        if self._summarise(status, 'memory', 'swap'):
            sample = self._health.sample  # type: ignore[union-attr]
            _add(status, 'available', sample.memory_available, 'MiB')
            for name, process in sample.processes.items():
                status.add(short_name(name), f'{process.memory:.0f} MiB')
                self._add_range(status, short_name(name), f'{name} memory')
        return status

    def processes(self, status: Any) -> Any:
        """Report threads and open files of each node."""
        if self._summarise(status, 'files'):
            sample = self._health.sample  # type: ignore[union-attr]
            for name, process in sample.processes.items():
                text = f'{process.threads} threads, {process.files} of {process.file_limit} files'
                status.add(short_name(name), text)
        return status

    def leaks(self, status: Any) -> Any:
        """Report how fast the memory of each node grows."""
        complaints = self._leaks.complaints()
        if complaints:
            status.summary(DiagnosticStatus.WARN, '; '.join(complaints))
        else:
            status.summary(DiagnosticStatus.OK, 'no memory grows for long')
        for name, trend in dict(self._leaks.trends).items():
            status.add(short_name(name), describe(trend.slope))
        return status

    def network(self, status: Any) -> Any:
        """Report the interfaces that DDS uses."""
        if self._summarise(status, 'network_loss'):
            for interface in self._health.sample.networks:  # type: ignore[union-attr]
                _add(status, f'{interface.name} sent', interface.sent, 'MiB/s')
                _add(status, f'{interface.name} received', interface.received, 'MiB/s')
                _add(status, f'{interface.name} lost', interface.lost, 'packets/s')
        return status

    def disk(self, status: Any) -> Any:
        """Report the disk of the logs."""
        if self._summarise(status, 'disk_free', also=('disk',)):
            sample = self._health.sample  # type: ignore[union-attr]
            _add(status, 'written', sample.disk_written, 'MiB/s')
        return status

    def temperature(self, status: Any) -> Any:
        """Report the hottest sensor, and whether heat slows the cores down."""
        self._summarise(status, 'temperature', 'throttling')
        return status

    def gpu(self, status: Any) -> Any:
        """Report the GPUs; that there is none is no fault."""
        if not self._summarise(status, 'gpu_memory', 'gpu_temperature'):
            return status
        gpus = self._health.sample.gpus  # type: ignore[union-attr]
        if self._gpu_fault:
            status.summary(DiagnosticStatus.WARN, self._gpu_fault)
        elif not gpus:
            status.summary(DiagnosticStatus.OK, 'no GPU')
        for index, gpu in enumerate(gpus):
            status.add(f'GPU {index}', gpu.name)
            _add(status, f'GPU {index} memory used', gpu.memory_used, 'MiB')
            _add(status, f'GPU {index} memory', gpu.memory_total, 'MiB')
            _add(status, f'GPU {index} utilisation', gpu.utilisation, '%')
            _add(status, f'GPU {index} temperature', gpu.temperature, 'degrees Celsius')
            _add(status, f'GPU {index} power', gpu.power, 'W')
            _add(status, f'GPU {index} clock', gpu.clock, 'MHz')
            status.add(f'GPU {index} slowed down by', ', '.join(gpu.slowed_by) or 'nothing')
        return status

    def nodes(self, status: Any) -> Any:
        """Report how many nodes are well."""
        if self._health is None:
            return _nothing_yet(status)
        nodes = self._health.nodes
        unwell = [node for node in nodes if node.level != Status.OK]
        level = max((int(node.level) for node in unwell), default=0)
        text = '; '.join(f'{short_name(node.name)}: {node.message}' for node in unwell)
        # A stale task of another node is an error here: this status itself is fresh.
        status.summary(bytes([min(level, 2)]), text or f'all {len(nodes)} nodes are well')
        for node in nodes:
            status.add(short_name(node.name), node.state)
        return status

    def logs(self, status: Any) -> Any:
        """Report whether everything gets into the log files."""
        lost, self._lost = self._writer.dropped - self._lost, self._writer.dropped
        if self._writer.fault or lost:
            text = self._writer.fault or f'{lost} records were lost'
            status.summary(DiagnosticStatus.ERROR, text)
        else:
            status.summary(DiagnosticStatus.OK, 'all records are written')
        status.add('folder', str(self._writer.folder))
        status.add('lost records', str(self._writer.dropped))
        return status

    def _summarise(self, status: Any, *names: str, also: tuple[str, ...] = ()) -> bool:
        """Set level and message from the watches; False while nothing was measured.

        Args:
            also: of watches that are shown, but do not count by themselves.
        """
        if self._health is None:
            _nothing_yet(status)
            return False
        watches = [self._watches[name] for name in names]
        worst = max(watches, key=lambda watch: watch.level)
        watches += [self._watches[name] for name in also]
        values = ', '.join(_text(watch) for watch in watches)
        status.summary(LEVELS[worst.level], worst.sentence or values)
        for watch in watches:
            name = watch.threshold.name
            _add(status, name, watch.value, watch.threshold.unit)
            self._add_range(status, name, name)
        return True

    def _add_range(self, status: Any, key: str, name: str) -> None:
        if name in self._ranges:
            status.add(f'{key}, range', self._ranges[name])


def _nothing_yet(status: Any) -> Any:
    status.summary(DiagnosticStatus.OK, 'not measured yet')
    return status


def _text(watch: Watch) -> str:
    if math.isnan(watch.value):
        return f'{watch.threshold.name}: not known here'
    return f'{watch.threshold.name} {watch.value:.0f} {watch.threshold.unit}'


def _add(status: Any, key: str, value: float, unit: str) -> None:
    status.add(key, 'not known' if math.isnan(value) else f'{value:.1f} {unit}')
