# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The node that measures, listens to all others and writes the logs."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from assist_common import qos
from assist_common.component import Component
from assist_common.errors import InputError, as_sentence
from assist_common.main import run
from assist_common.memory import MEBIBYTE
from assist_msgs.msg import Decision, Heartbeat, LatencyReport, SystemHealth
from diagnostic_msgs.msg import DiagnosticArray
from rcl_interfaces.msg import Log
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from std_msgs.msg import Header

from assist_monitor import conversions
from assist_monitor.health import MOST_NODES, Health, HealthBook
from assist_monitor.health_log import HealthLog
from assist_monitor.leak import LeakDetector
from assist_monitor.log_writer import LogWriter, Record, default_folder
from assist_monitor.memory_care import MemoryCare
from assist_monitor.monitor_diagnostics import MonitorDiagnostics
from assist_monitor.monitor_parameters import MonitorParameters, doubts, to_thresholds
from assist_monitor.names import GRAPH
from assist_monitor.network import NetworkReader, dds_interfaces
from assist_monitor.polling import PolledSubscription, deliver
from assist_monitor.processes import Process
from assist_monitor.recent import Recent
from assist_monitor.relief import parse_relief
from assist_monitor.sampling import Sampler
from assist_monitor.watchman import Hang, Watchman

MANY = QoSProfile(depth=200)

LISTEN_PERIOD = 0.5
"""Seconds between two looks at heartbeats, diagnostics and latencies."""

ROSOUT = QoSProfile(
    depth=1000,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL,
)
"""As the publishers have it, so that what was said before this node came is not lost."""

REPORTS_END = 30.0
"""Seconds without a latency report after which a node has no latency any more."""

LINES = 2000
"""Records that may wait for the disk."""

DRAIN_TIMEOUT = 2.0
"""Seconds for which a node that is stopped goes on writing what it has."""


class MonitorNode(Component):
    """Measure the machine, gather what the nodes report, and write the logs of the whole graph."""

    parameters: MonitorParameters
    # What it tells changes no more often than the machine is measured; stale it is after five.
    diagnostics_period = 2.0

    def on_setup(self) -> None:
        """Open the log files and listen."""
        chosen = self.parameters
        folder = Path(chosen.log_directory).expanduser() if chosen.log_directory else None
        self.writer = LogWriter(
            folder or default_folder(os.environ),
            limit=chosen.log_file_size * MEBIBYTE,
            backups=chosen.log_backups,
            reserve=chosen.log_reserve * MEBIBYTE,
            compress=chosen.log_compress,
        )
        self.at_teardown(self.writer.close)
        self.host = socket.gethostname()
        self.namespace = self.get_namespace()
        supervisor = conversions.absolute([chosen.supervisor], self.namespace)[0]
        self.watchman = Watchman(supervisor, self.host, chosen.heartbeat_timeout)
        self.leaks = LeakDetector(
            limit=chosen.leak_limit, warm_up=chosen.leak_warm_up, window=chosen.leak_window
        )
        self.reports = MonitorDiagnostics(self.writer, self.leaks)
        measures = parse_relief(chosen.relief)
        nodes = conversions.absolute(list(measures), self.namespace)
        self.care = MemoryCare(
            self,
            conversions.absolute(chosen.release_memory_of, self.namespace),
            dict(zip(nodes, measures.values(), strict=True)),
            chosen.relief_hold,
        )
        self.lock = threading.Lock()
        self.book = HealthBook(
            to_thresholds(chosen),
            heartbeat_timeout=chosen.heartbeat_timeout,
            stale_after=chosen.stale_after,
            history=chosen.history,
            own_tasks=[(self.get_name(), task) for task in self.reports.tasks],
            expected=[supervisor, *conversions.absolute(GRAPH, self.namespace), *nodes],
        )
        self.sampler = Sampler(
            str(self.writer.folder), network=NetworkReader(dds_interfaces(os.environ))
        )
        self.at_teardown(self.sampler.close)
        self.health_log = HealthLog()
        self.dropped = 0
        self.latencies: Recent[str, LatencyReport] = Recent(MOST_NODES, silent_after=REPORTS_END)
        self.lines = self.create_worker(lambda write: write(), capacity=LINES, name='log writer')
        self.samples = self.create_worker(self.check, newest_only=True, name='sampler')
        self._connect(chosen)

    def on_start(self) -> None:
        """Say where the logs are; the first sample comes after one period."""
        for doubt in doubts(self.parameters):
            self.log.warning(as_sentence(doubt))
        if self.writer.fault:
            self.log.error(as_sentence(self.writer.fault))
        else:
            self.log.info(f'The logs are in {self.writer.folder}.')
        self.checked = self.steady() - self.parameters.check_period
        self.health: Health | None = None
        self.beats.discard()
        self.diagnoses.discard()
        self.delays.discard()

    def on_stop(self) -> None:
        """Write what is still there, and what the executor has not got to."""
        for subscription, take in self.written.items():
            deliver(self, subscription, take)
        if self.health is not None:
            self._write_metrics(self.health)
        deadline = self.steady() + DRAIN_TIMEOUT
        while self.lines.pending or self.lines.busy_seconds:
            if self.steady() > deadline:
                self.log.warning(f'{self.lines.pending} records were not written in time.')
                break
            time.sleep(0.01)

    def check_parameters(self, new: MonitorParameters) -> None:
        """Refuse thresholds that are out of order, and relief that cannot be read."""
        to_thresholds(new)
        parse_relief(new.relief)

    def on_parameters_changed(self, old: MonitorParameters) -> None:
        """Use the new thresholds."""
        if hasattr(self, 'book'):
            with self.lock:
                self.book.set_thresholds(to_thresholds(self.parameters))

    def sample(self) -> None:
        """Have the machine measured, with all that is known by now."""
        self.listen()
        self.samples.put(None)

    # What comes in.

    def listen(self) -> None:
        """Take the heartbeats, diagnostics and latencies that came."""
        self.beats.deliver()
        self.diagnoses.deliver()
        self.delays.deliver()
        if hang := self.watchman.hang(self.steady()):
            self._kill(hang)

    def see_beat(self, message: Heartbeat, age: float) -> None:
        """Take a heartbeat that came some seconds ago."""
        beat = conversions.to_beat(message)
        came = self.steady() - age
        self.watchman.heard(beat, came)
        with self.lock:
            self.book.heard(beat, came)

    def see_diagnostics(self, message: DiagnosticArray, age: float) -> None:
        """Take what is sound of /diagnostics."""
        for status in message.status:
            try:
                task = conversions.to_task(status)
                with self.lock:
                    self.book.diagnosed(task, self.steady() - age)
            except InputError as error:
                self.report_error('/diagnostics', error)

    def see_log(self, message: Log) -> None:
        """Write a line of /rosout."""
        self._write(self.writer.log, conversions.to_log_record(message))

    def see_decision(self, message: Decision) -> None:
        """Write a decision."""
        self._write(
            self.writer.log, conversions.to_decision_record(message, self.namespace, time.time())
        )

    def see_latency(self, message: LatencyReport, age: float) -> None:
        """Remember the latest report of a node."""
        with self.lock:
            self.latencies.put(message.node, message, self.steady() - age)

    # What goes out.

    def check(self, _: object = None) -> None:
        """Measure, judge and publish; runs on a worker."""
        with self.lock:
            pids = self.book.pids(self.host)
        with self.stage('sample'):
            sample = self.sampler.sample(pids, self.steady())
        self.leaks.update(sample.processes, self.steady())
        with self.lock:
            health = self.book.check(sample, self.steady(), self._complaints())
            watches = self.book.watches
            ranges = self.book.ranges()
            active = self.book.active_pids()
        self.reports.update(health, watches, ranges, self.sampler.gpu.fault)
        header = Header(stamp=self.now())
        self.healths.publish(conversions.to_health_message(health, header))
        self.health = health
        self._note_level(health)
        levels = {name: watches[name].level for name in ('memory', 'gpu_memory')}
        self.care.update(
            levels, active, self.steady(), release=self.parameters.release_at_warning
        )
        if self.steady() - self.checked >= self.parameters.check_period:
            self.checked = self.steady()
            self._write_metrics(health)

    def _connect(self, chosen: MonitorParameters) -> None:
        self.healths = self.create_publisher(SystemHealth, 'health', qos.RELIABLE)
        self.beats = PolledSubscription(self, Heartbeat, 'heartbeat', self.see_beat, MANY)
        self.diagnoses = PolledSubscription(
            self, DiagnosticArray, '/diagnostics', self.see_diagnostics, MANY
        )
        self.delays = PolledSubscription(self, LatencyReport, 'latency', self.see_latency, MANY)
        self.create_timer(LISTEN_PERIOD, self.listen)
        self.written: dict[Any, Callable[[Any], None]] = {
            self.create_subscription(Log, '/rosout', self.see_log, ROSOUT): self.see_log,
            self.create_subscription(
                Decision, 'decision', self.see_decision, qos.RELIABLE
            ): self.see_decision,
        }
        self.create_timer(chosen.sample_period, self.sample)
        for name, task in self.reports.tasks.items():
            self.add_diagnostic(name, task)

    def _write(self, write: Callable[[Record, float], None], record: Record) -> None:
        self.lines.put(partial(write, record, self.steady()))

    def _complaints(self) -> list[str]:
        before, self.dropped = self.dropped, self.lines.dropped
        lost = self.dropped - before
        overflow = f'logs: {lost} records came faster than they could be written' if lost else ''
        log_fault = f'logs: {self.writer.fault}' if self.writer.fault else ''
        faults = (log_fault, overflow, self.sampler.gpu.fault)
        return [*self.leaks.complaints(), *filter(None, faults)]

    def _kill(self, hang: Hang) -> None:
        process = Process.of_node(hang.pid, hang.node)
        if process is None:
            return
        self.log.error(f'{hang.text}; its process {hang.pid} is killed.')
        if fault := process.end(force=True):
            self.log.error(f'Could not end {hang.node}: {fault}.')

    def _write_metrics(self, health: Health) -> None:
        record = conversions.to_health_record(
            health, self.leaks.trends, self.log.name, time.time()
        )
        self._write(self.writer.metric, record)
        self._write_latencies()

    def _write_latencies(self) -> None:
        with self.lock:
            self.latencies.forget(self.steady())
        for _, report, seen in self.latencies.items():
            if self.steady() - seen < REPORTS_END:
                for record in conversions.to_latency_records(report):
                    self._write(self.writer.metric, record)

    def _note_level(self, health: Health) -> None:
        worse, text = self.health_log.update(health.level, health.reasons, self.steady())
        # A line each: rclpy ties the severity to the line that logs.
        if text and worse:
            self.log.warning(text)
        elif text:
            self.log.info(text)


def main() -> int:
    """Run the node."""
    return run(MonitorNode)
