# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Put together what was measured, what the nodes report and whether they live."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from assist_common.errors import InputError

from assist_monitor.history import History
from assist_monitor.recent import Recent
from assist_monitor.sampling import Sample
from assist_monitor.thresholds import Level, Threshold, Watch

HISTORY = 1000
"""Samples that are kept."""

CPU_WINDOW = 6
"""Samples whose mean is held against the limits of cpu: a busy moment is no fault."""

CAPS = {'disk_free': 'disk'}
"""What is no worse than something else: a large disk that is full to 97 % has room for years."""

NODE_UNITS = {'memory': 'MiB', 'cpu': '% of a core'}
"""What is remembered of each node, and its unit."""

MOST_NODES = 200
MOST_TASKS = 2000
"""More names than these come from a fault or an attack, not from a robot."""


class Status(IntEnum):
    """The levels of diagnostic_msgs/DiagnosticStatus."""

    OK = 0
    WARN = 1
    ERROR = 2
    STALE = 3


@dataclass(frozen=True)
class Task:
    """One status of /diagnostics: `node: name`."""

    node: str
    """without namespace; empty when the name has no node in it"""
    name: str
    level: Status
    message: str


@dataclass(frozen=True)
class Beat:
    """One heartbeat."""

    node: str
    """fully qualified"""
    pid: int
    host: str
    state: int
    """id of the primary lifecycle state"""
    in_transition: bool
    executor_age: float
    """s"""
    worker_age: float
    """s"""


@dataclass(frozen=True)
class NodeHealth:
    """How one node is; see assist_msgs/NodeHealth."""

    name: str
    state: str
    level: Status
    message: str
    pid: int = 0
    cpu: float = math.nan
    memory: float = math.nan


@dataclass(frozen=True)
class Health:
    """How the whole system is; see assist_msgs/SystemHealth."""

    level: Level
    reasons: tuple[str, ...]
    sample: Sample
    nodes: tuple[NodeHealth, ...]


STATES = {0: 'unknown', 1: 'unconfigured', 2: 'inactive', 3: 'active', 4: 'finalized'}
"""Names of the primary states of lifecycle_msgs/State."""

MISSING = 'missing'


def short_name(node: str) -> str:
    """Return the name of a node without its namespace."""
    return node.rsplit('/', 1)[-1]


class HealthBook:
    """Keeps the latest word of every node; not safe to use from several threads."""

    def __init__(
        self,
        thresholds: Sequence[Threshold],
        *,
        heartbeat_timeout: float,
        stale_after: float,
        history: int = HISTORY,
        own_tasks: Sequence[tuple[str, str]] = (),
        expected: Collection[str] = (),
    ) -> None:
        """Start with nothing known.

        Args:
            thresholds: named by the fields of Sample that they are for, see `values`.
            heartbeat_timeout: a node that was silent for longer, in s, is missing.
            stale_after: a status that was not renewed for longer, in s, is stale.
            history: samples that are kept.
            own_tasks: node and name of statuses that tell only what is known here anyway.
            expected: nodes that are never forgotten, and come before all others where there are too
                many; fully qualified names.
        """
        self.history = History(history)
        self._heartbeat_timeout = heartbeat_timeout
        self._stale_after = stale_after
        self._own_tasks = frozenset(own_tasks)
        self._beats: Recent[str, Beat] = Recent(
            MOST_NODES, silent_after=heartbeat_timeout, expected=frozenset(expected).__contains__
        )
        shorts = frozenset(map(short_name, expected))
        self._tasks: Recent[tuple[str, str], Task] = Recent(
            MOST_TASKS, silent_after=stale_after, expected=lambda key: key[0] in shorts
        )
        self._twins = Twins(heartbeat_timeout)
        self.set_thresholds(thresholds)

    def set_thresholds(self, thresholds: Sequence[Threshold]) -> None:
        """Use other limits from now on."""
        self.watches = {threshold.name: Watch(threshold) for threshold in thresholds}
        self._caps = {cap for name, cap in CAPS.items() if name in self.watches}
        for name, cap in CAPS.items():
            if name in self.watches:
                self.watches[name] = Watch(self.watches[name].threshold, self.watches.get(cap))

    def heard(self, beat: Beat, now: float) -> None:
        """Take a heartbeat."""
        if not self._beats.put(beat.node, beat, now):
            raise InputError(
                f'more than {MOST_NODES} nodes send heartbeats; {beat.node} is ignored'
            )
        self._twins.heard(beat, now)

    def diagnosed(self, task: Task, now: float) -> None:
        """Take a status of /diagnostics."""
        key = task.node, task.name
        if key in self._own_tasks:
            return
        if not self._tasks.put(key, task, now):
            raise InputError(f"more than {MOST_TASKS} diagnostics; '{task.name}' is ignored")

    def pids(self, host: str) -> dict[str, int]:
        """Return the process of every node that was heard from this host."""
        return {name: beat.pid for name, beat, _ in self._beats.items() if beat.host == host}

    def active_pids(self) -> dict[str, int]:
        """Return the process of every node that is active, wherever it runs."""
        return {
            name: beat.pid
            for name, beat, _ in self._beats.items()
            if STATES.get(beat.state) == 'active'
        }

    def check(self, sample: Sample, now: float, complaints: Sequence[str] = ()) -> Health:
        """Return how the system is, and remember it.

        Args:
            complaints: what else is worth a warning.
        """
        self._forget(now)
        beats = sorted(self._beats.items(), key=lambda entry: entry[0])
        nodes = tuple(self._node(beat, heard, sample, now) for _, beat, heard in beats)
        verdicts = [*self._measured(sample), *self._reported(nodes, now)]
        verdicts += [
            (Level.WARNING, complaint) for complaint in (*self._twins.complaints(now), *complaints)
        ]
        level = max((level for level, _ in verdicts), default=Level.HEALTHY)
        self.history.add(now, {**values(sample), **_of_nodes(sample)})
        worst_first = sorted(verdicts, key=lambda verdict: -verdict[0])
        return Health(level, tuple(text for _, text in worst_first), sample, nodes)

    def ranges(self) -> dict[str, str]:
        """Return between which values everything was of late, by name; known ones only."""
        minutes = self.history.seconds / 60
        found = {name: self.history.range(name) for name in self.history.names}
        return {
            name: f'{low:.1f} to {high:.1f} {self._unit(name)} in the last {minutes:.0f} min'
            for name, (low, high) in found.items()
            if not math.isnan(low)
        }

    def _unit(self, name: str) -> str:
        watch = self.watches.get(name)
        return watch.threshold.unit if watch else NODE_UNITS.get(name.rsplit(' ', 1)[-1], '')

    def _measured(self, sample: Sample) -> Iterator[tuple[Level, str]]:
        measured = {**values(sample), 'cpu': self._mean_cpu(sample)}
        for name, watch in self.watches.items():
            watch.update(measured[name])
        for name, watch in self.watches.items():
            if name not in self._caps and watch.level > Level.HEALTHY:
                yield watch.level, watch.sentence

    def _mean_cpu(self, sample: Sample) -> float:
        earlier = self.history.latest('cpu', CPU_WINDOW - 1)
        if len(earlier) < CPU_WINDOW - 1:
            return math.nan
        return (sample.cpu + sum(earlier)) / CPU_WINDOW

    def _reported(self, nodes: Sequence[NodeHealth], now: float) -> Iterator[tuple[Level, str]]:
        """Yield what nodes say: never critical, for what a lost node means is told by the mode."""
        for node in nodes:
            if node.level != Status.OK:
                yield Level.WARNING, f'{short_name(node.name)}: {node.message}'
        known = {short_name(node.name) for node in nodes}
        for _, task, seen in self._tasks.items():
            level, message = self._current(task, seen, now)
            if task.node not in known and level != Status.OK:
                yield Level.WARNING, f'{task.node or task.name}: {message}'

    def _node(self, beat: Beat, heard: float, sample: Sample, now: float) -> NodeHealth:
        name, silent = beat.node, now - heard
        used = sample.processes.get(name)
        if silent > self._heartbeat_timeout:
            return NodeHealth(name, MISSING, Status.ERROR, f'not heard for {silent:.0f} s')
        level, message = self._worst(short_name(name), now)
        return NodeHealth(
            name=name,
            state=STATES.get(beat.state, 'unknown'),
            level=level,
            message=message,
            pid=beat.pid,
            cpu=used.cpu if used else math.nan,
            memory=used.memory if used else math.nan,
        )

    def _worst(self, node: str, now: float) -> tuple[Status, str]:
        found = [
            (*self._current(task, seen, now), task.name)
            for _, task, seen in self._tasks.items()
            if task.node == node
        ]
        # STALE is the highest number, but an error is the better explanation.
        order = (Status.OK, Status.WARN, Status.STALE, Status.ERROR)
        level, message, name = max(
            found, key=lambda entry: order.index(entry[0]), default=(Status.OK, '', '')
        )
        return (level, '') if level == Status.OK else (level, f'{name}: {message}')

    def _current(self, task: Task, seen: float, now: float) -> tuple[Status, str]:
        if now - seen > self._stale_after:
            return Status.STALE, f'no news for {now - seen:.0f} s'
        return task.level, task.message

    def _forget(self, now: float) -> None:
        """Drop strangers, and statuses of nodes that are not set up: they have none any more."""
        self._beats.forget(now)
        set_up = {
            short_name(name)
            for name, beat, heard in self._beats.items()
            if STATES.get(beat.state) in ('inactive', 'active')
            and now - heard <= self._heartbeat_timeout
        }
        gone = {short_name(name) for name, _, _ in self._beats.items()} - set_up
        self._tasks.forget(now, lambda key, seen: key[0] in gone and now - seen > self._stale_after)


class Twins:
    """Finds nodes that run twice under one name: their heartbeats take turns.

    A process that was started anew is no twin: the one before is not heard again.
    """

    def __init__(self, timeout: float) -> None:
        """Know no node; a process that was silent for so many seconds is gone."""
        self._timeout = timeout
        self._processes: dict[str, dict[tuple[str, int], float]] = {}
        self._found: dict[str, float] = {}

    def heard(self, beat: Beat, now: float) -> None:
        """Take a heartbeat."""
        seen = self._processes.get(beat.node, {})
        recent = {key: heard for key, heard in seen.items() if now - heard <= self._timeout}
        key = beat.host, beat.pid
        latest = max(recent, key=lambda other: recent[other], default=key)
        if key in recent and latest != key:
            self._found[beat.node] = now
        recent[key] = now
        # Three are as bad as more.
        self._processes[beat.node] = dict(list(recent.items())[-3:])

    def complaints(self, now: float) -> list[str]:
        """Return a sentence for each node that runs twice, and forget those that are gone."""
        self._found = {n: seen for n, seen in self._found.items() if now - seen <= self._timeout}
        self._processes = {
            node: seen
            for node, seen in self._processes.items()
            if now - max(seen.values()) <= self._timeout
        }
        return [
            f'{short_name(node)} runs more than once: '
            + ', '.join(f'process {pid} on {host}' for host, pid in self._processes[node])
            + '; end all but one'
            for node in self._found
            if node in self._processes
        ]


def values(sample: Sample) -> dict[str, float]:
    """Return what thresholds can be set for, by name."""
    gpus = sample.gpus
    return {
        'cpu': sample.cpu,
        'memory': sample.memory,
        'swap': sample.swap,
        'disk': sample.disk,
        'disk_free': sample.disk_free,
        'temperature': sample.temperature,
        'throttling': sample.throttling,
        'network_loss': sample.network_loss,
        'files': _highest(
            percent(used.files, used.file_limit) for used in sample.processes.values()
        ),
        'gpu_memory': _highest(percent(gpu.memory_used, gpu.memory_total) for gpu in gpus),
        'gpu_temperature': _highest(gpu.temperature for gpu in gpus),
    }


def _of_nodes(sample: Sample) -> dict[str, float]:
    """Return what is remembered of each node, such as `/assist/stt_node memory`."""
    return {
        f'{name} {field}': getattr(used, field)
        for name, used in sample.processes.items()
        for field in NODE_UNITS
    }


def _highest(known: Iterable[float]) -> float:
    """Return the highest number; NaN where there is none."""
    return max((value for value in known if not math.isnan(value)), default=math.nan)


def percent(part: float, whole: float) -> float:
    """Return a part as percent of the whole; NaN of nothing."""
    return 100 * part / whole if whole > 0 else math.nan
