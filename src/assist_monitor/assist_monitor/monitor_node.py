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
from assist_common.errors import ConfigurationError, InputError
from assist_common.main import run
from assist_msgs.msg import Decision, Heartbeat, LatencyReport, SystemHealth
from diagnostic_msgs.msg import DiagnosticArray
from rcl_interfaces.msg import Log
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from std_msgs.msg import Header
from std_srvs.srv import Trigger

from assist_monitor import conversions
from assist_monitor.health import Health, HealthBook, short_name
from assist_monitor.leak import LeakDetector
from assist_monitor.log_writer import MEBIBYTE, LogWriter, Record, default_folder
from assist_monitor.monitor_diagnostics import MonitorDiagnostics
from assist_monitor.monitor_parameters import MonitorParameters, to_thresholds
from assist_monitor.network import NetworkReader, dds_interfaces
from assist_monitor.polling import PolledSubscription
from assist_monitor.processes import Process
from assist_monitor.relief import Relief, parse_relief
from assist_monitor.reliever import Reliever
from assist_monitor.sampling import Sampler
from assist_monitor.thresholds import Level
from assist_monitor.watchman import Hang, Watchman

MANY = QoSProfile(depth=200)

LISTEN_PERIOD = 0.5
"""Seconds between two looks at heartbeats and diagnostics."""

ROSOUT = QoSProfile(
    depth=1000,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL,
)
"""As the publishers have it, so that what was said before this node came is not lost."""

LINES = 2000
"""Records that may wait for the disk."""

DRAIN_TIMEOUT = 2.0
"""Seconds for which a node that is stopped goes on writing what it has."""


class MonitorNode(Component):
    """Measure the machine, gather what the nodes report, and write the logs of the whole graph."""

    parameters: MonitorParameters

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
        self.reliever = Reliever(self, dict(zip(nodes, measures.values(), strict=True)))
        self.relief = Relief(chosen.relief_hold)
        self.lock = threading.Lock()
        self.book = HealthBook(
            to_thresholds(chosen),
            heartbeat_timeout=chosen.heartbeat_timeout,
            stale_after=chosen.stale_after,
            history=chosen.history,
            own_tasks=[(self.get_name(), task) for task in self.reports.tasks],
        )
        self.sampler = Sampler(
            str(self.writer.folder), network=NetworkReader(dds_interfaces(os.environ))
        )
        self.at_teardown(self.sampler.close)
        self.level = Level.HEALTHY
        self.memory_level = Level.HEALTHY
        self.latencies: dict[str, LatencyReport] = {}
        self.lines = self.create_worker(lambda write: write(), capacity=LINES, name='log writer')
        self.samples = self.create_worker(self.check, newest_only=True, name='sampler')
        self._connect(chosen)

    def on_start(self) -> None:
        """Say where the logs are; the first sample comes after one period."""
        if self.sampler.gpu.fault:
            self.log.warning(f'GPU: {self.sampler.gpu.fault}.')
        self.log.info(f'The logs are in {self.writer.folder}.')
        self.checked = self.steady() - self.parameters.check_period
        self.health: Health | None = None
        self.beats.discard()
        self.diagnoses.discard()

    def on_stop(self) -> None:
        """Write what is still there."""
        if self.health is not None:
            self._write_metrics(self.health)
        deadline = self.steady() + DRAIN_TIMEOUT
        while self.lines.pending or self.lines.busy_seconds:
            if self.steady() > deadline:
                self.log.warning(f'{self.lines.pending} records were not written in time.')
                break
            time.sleep(0.01)

    def on_parameters_changed(self, old: MonitorParameters) -> None:
        """Use other thresholds, unless they make no sense."""
        try:
            thresholds = to_thresholds(self.parameters)
        except ConfigurationError as error:
            self.log.error(f'{error} The thresholds stay as they were.')
            return
        if hasattr(self, 'book'):
            with self.lock:
                self.book.set_thresholds(thresholds)

    def sample(self) -> None:
        """Have the machine measured, with all that is known by now."""
        self.listen()
        self.samples.put(None)

    # What comes in.

    def listen(self) -> None:
        """Take the heartbeats and diagnostics that came."""
        self.beats.deliver()
        self.diagnoses.deliver()
        if hang := self.watchman.hang(self.steady()):
            self._kill(hang)

    def see_beat(self, message: Heartbeat) -> None:
        """Take a heartbeat."""
        beat = conversions.to_beat(message)
        self.watchman.heard(beat, self.steady())
        with self.lock:
            self.book.heard(beat, self.steady())

    def see_diagnostics(self, message: DiagnosticArray) -> None:
        """Take what is sound of /diagnostics."""
        for status in message.status:
            try:
                task = conversions.to_task(status)
                with self.lock:
                    self.book.diagnosed(task, self.steady())
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

    def see_latency(self, message: LatencyReport) -> None:
        """Remember the latest report of a node."""
        self.latencies[message.node] = message

    def release_memory(
        self, request: Trigger.Request, response: Trigger.Response
    ) -> Trigger.Response:
        """Ask the nodes to release memory; the answer does not wait for theirs."""
        asked = self._release_memory()
        response.success = bool(asked)
        response.message = (
            f'asked {", ".join(asked)} to release memory'
            if asked
            else 'no node offers release_memory; check the parameter release_memory_of'
        )
        return response

    # What goes out.

    def check(self, _: object = None) -> None:
        """Measure, judge and publish; runs on a worker."""
        with self.lock:
            pids = self.book.pids(self.host)
        with self.stage('sample'):
            sample = self.sampler.sample(pids, self.steady())
        self.leaks.update(sample.processes, self.steady())
        with self.lock:
            health = self.book.check(sample, self.steady(), self.leaks.complaints())
            watches = self.book.watches
        self.reports.update(health, watches, self.sampler.gpu.fault)
        header = Header(stamp=self.now())
        self.healths.publish(conversions.to_health_message(health, header))
        self.health = health
        self._note_level(health)
        self._care_for_memory(watches['memory'].level)
        self._relieve(max(watches[name].level for name in ('memory', 'gpu_memory')))
        if self.steady() - self.checked >= self.parameters.check_period:
            self.checked = self.steady()
            self._write_metrics(health)

    def _connect(self, chosen: MonitorParameters) -> None:
        self.healths = self.create_publisher(SystemHealth, 'health', qos.RELIABLE)
        self.beats = PolledSubscription(self, Heartbeat, 'heartbeat', self.see_beat, MANY)
        self.diagnoses = PolledSubscription(
            self, DiagnosticArray, '/diagnostics', self.see_diagnostics, MANY
        )
        self.create_timer(LISTEN_PERIOD, self.listen)
        self.create_subscription(Log, '/rosout', self.see_log, ROSOUT)
        self.create_subscription(LatencyReport, 'latency', self.see_latency, qos.RELIABLE)
        self.create_subscription(Decision, 'decision', self.see_decision, qos.RELIABLE)
        self.create_service(Trigger, '~/release_memory', self.release_memory)
        names = conversions.absolute(chosen.release_memory_of, self.get_namespace())
        self.releasers = {n: self.create_client(Trigger, f'{n}/release_memory') for n in names}
        self.create_timer(chosen.sample_period, self.sample)
        for name, task in self.reports.tasks.items():
            self.add_diagnostic(name, task)

    def _write(self, write: Callable[[Record, float], None], record: Record) -> None:
        self.lines.put(partial(write, record, self.steady()))

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
        for report in list(self.latencies.values()):
            for record in conversions.to_latency_records(report):
                self._write(self.writer.metric, record)

    def _note_level(self, health: Health) -> None:
        before, self.level = self.level, health.level
        if health.level == before:
            return
        text = (
            f'Health is {health.level.name}'
            + ''.join(f'; {reason.rstrip(".")}' for reason in health.reasons)
            + '.'
        )
        if health.level > before:
            self.log.warning(text)
        else:
            self.log.info(text)

    def _care_for_memory(self, level: Level) -> None:
        before, self.memory_level = self.memory_level, level
        if level > before and self.parameters.release_at_warning:
            asked = self._release_memory()
            if asked:
                self.log.warning(f'Memory is short: asked {", ".join(asked)} to release some.')

    def _relieve(self, level: Level) -> None:
        changed = self.relief.update(level, self.steady())
        if self.relief.on:
            with self.lock:
                pids = self.book.active_pids()
            given = self.reliever.apply(pids)
            if given:
                self.log.warning(f'Memory is critical: gave {", ".join(given)} what relief says.')
        elif changed:
            restored = self.reliever.restore()
            if restored:
                self.log.info(f'Memory suffices again: set back {", ".join(restored)}.')

    def _release_memory(self) -> list[str]:
        ready = {
            name: client for name, client in self.releasers.items() if client.service_is_ready()
        }
        for name, client in ready.items():
            future = client.call_async(Trigger.Request())
            future.add_done_callback(partial(self._released, short_name(name)))
        return [short_name(name) for name in ready]

    def _released(self, name: str, future: Any) -> None:
        try:
            answer = future.result()
        except Exception as error:
            self.report_error(f'{name}/release_memory', error)
            return
        self.log.info(f'{name} released memory: {answer.message or answer.success}.')


def main() -> int:
    """Run the node."""
    return run(MonitorNode)
