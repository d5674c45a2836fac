# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Between messages and what the engines work with."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence

from assist_common.conversions import to_seconds
from assist_common.errors import InputError
from assist_msgs.msg import Decision, Heartbeat, LatencyReport, SystemHealth
from assist_msgs.msg import NodeHealth as NodeHealthMessage
from assist_msgs.msg import SystemMode as SystemModeMessage
from diagnostic_msgs.msg import DiagnosticStatus
from rcl_interfaces.msg import Log
from std_msgs.msg import Header

from assist_monitor.health import Beat, Health, NodeHealth, Status, Task, short_name
from assist_monitor.leak import Trend
from assist_monitor.log_writer import INFO, Record
from assist_monitor.modes import SystemMode

LONGEST_TEXT = 500
"""Characters of a message that somebody else wrote and that is passed on."""

VERDICTS = {
    Decision.EXECUTE: 'execute',
    Decision.CONFIRM: 'confirm',
    Decision.ASK: 'ask',
    Decision.REFUSE: 'refuse',
    Decision.ANSWER: 'answer',
    Decision.STOP: 'stop',
    Decision.EXPIRE: 'expire',
}
RISKS = {
    Decision.LOW: 'low',
    Decision.MEDIUM: 'medium',
    Decision.HIGH: 'high',
    Decision.FORBIDDEN: 'forbidden',
}


def to_beat(message: Heartbeat) -> Beat:
    """Return a heartbeat.

    Raises:
        InputError: it has no name or process, or an age that is no number.
    """
    if not message.node.startswith('/') or not message.pid:
        raise InputError(f"a heartbeat came from '{message.node}', process {message.pid}")
    if not math.isfinite(message.executor_age) or not math.isfinite(message.worker_age):
        raise InputError(f'a heartbeat of {message.node} has an age that is not a number')
    return Beat(
        node=message.node,
        pid=message.pid,
        host=message.host,
        state=message.state,
        in_transition=message.in_transition,
        executor_age=message.executor_age,
        worker_age=message.worker_age,
    )


def to_task(message: DiagnosticStatus) -> Task:
    """Return one status of /diagnostics.

    Raises:
        InputError: it has no name, or a level that does not exist.
    """
    name = message.name.strip()
    level = message.level[0] if isinstance(message.level, bytes) else int(message.level)
    if not name:
        raise InputError('a diagnostic has no name')
    if level not in set(Status):
        raise InputError(f"the diagnostic '{name[:100]}' has the level {level}")
    node, colon, task = name[:LONGEST_TEXT].partition(':')
    return Task(
        node=short_name(node.strip()) if colon else '',
        name=task.strip() if colon else node,
        level=Status(level),
        message=message.message[:LONGEST_TEXT],
    )


def to_log_record(message: Log) -> Record:
    """Return a line of /rosout."""
    return Record(
        time=to_seconds(message.stamp),
        level=_level(message.level),
        node=message.name,
        message=message.msg,
        file=message.file,
        line=message.line,
        function=message.function,
    )


def to_decision_record(message: Decision, namespace: str, time: float) -> Record:
    """Return what was decided, as a line of the log."""
    verdict = VERDICTS.get(message.verdict, str(message.verdict))
    return Record(
        time=time,
        level=INFO,
        node=logger_name(f'{namespace}/intent_node'),
        message=f"'{message.text}': {verdict} {message.intent}".rstrip(),
        fields={
            'kind': 'decision',
            'request_id': message.request_id,
            'intent': message.intent,
            'slots': {slot.name: slot.value for slot in message.slots},
            'verdict': verdict,
            'risk': RISKS.get(message.risk, str(message.risk)),
            'reasons': list(message.reasons),
            'reply': message.reply,
        },
        vital=True,
    )


def to_latency_records(message: LatencyReport) -> Iterator[Record]:
    """Return a line for each stage of a report; times in seconds."""
    for stage in message.stages:
        times = {
            name: getattr(stage, name)
            for name in ('count', 'min', 'mean', 'max', 'p50', 'p95', 'p99')
        }
        yield Record(
            time=to_seconds(message.header.stamp),
            level=INFO,
            node=logger_name(message.node),
            message=f'{stage.name}: p50 {stage.p50 * 1000:.1f} ms, p95 {stage.p95 * 1000:.1f} ms',
            fields={'kind': 'latency', 'stage': stage.name, **times},
        )


def to_health_record(
    health: Health, trends: Mapping[str, Trend], node: str, time: float
) -> Record:
    """Return the health of the system, and the trends of its memory, as a line of metrics."""
    sample = dataclasses.asdict(health.sample)
    return Record(
        time=time,
        level=INFO,
        node=node,
        message=f'health: {health.level.name}',
        fields={
            'kind': 'health',
            'health': health.level.name,
            'reasons': list(health.reasons),
            'nodes': {node.name: node.state for node in health.nodes},
            'memory_slopes': {
                name: dataclasses.asdict(trend.slope)
                for name, trend in trends.items()
                if trend.slope
            },
            **sample,
        },
    )


def to_health_message(health: Health, header: Header) -> SystemHealth:
    """Return the health of the system as a message."""
    sample = health.sample
    return SystemHealth(
        header=header,
        level=int(health.level),
        reasons=list(health.reasons),
        cpu=sample.cpu,
        memory=sample.memory,
        swap=sample.swap,
        disk=sample.disk,
        temperature=sample.temperature,
        nodes=[
            NodeHealthMessage(
                name=node.name,
                state=node.state,
                level=int(node.level),
                message=node.message,
                pid=node.pid,
                cpu=node.cpu,
                memory=node.memory,
            )
            for node in health.nodes
        ],
    )


def to_node_healths(message: SystemHealth) -> list[NodeHealth]:
    """Return how the nodes are.

    Raises:
        InputError: a node has a level that does not exist.
    """
    for node in message.nodes:
        if node.level not in set(Status):
            raise InputError(f"the health of '{node.name}' has the level {node.level}")
    return [
        NodeHealth(node.name, node.state, Status(node.level), node.message[:LONGEST_TEXT])
        for node in message.nodes
    ]


def to_mode_message(mode: SystemMode, header: Header) -> SystemModeMessage:
    """Return the mode as a message."""
    return SystemModeMessage(
        header=header, mode=int(mode.mode), missing=list(mode.missing), reason=mode.reason
    )


def absolute(names: Sequence[str], namespace: str) -> list[str]:
    """Return fully qualified names of nodes."""
    prefix = namespace.rstrip('/')
    return [name if name.startswith('/') else f'{prefix}/{name}' for name in names]


def logger_name(node: str) -> str:
    """Return the name under which a node logs, from its fully qualified name."""
    return node.strip('/').replace('/', '.')


def _level(level: bytes | int) -> int:
    # A plain uint8 here, but a byte in the messages of older distributions.
    return level[0] if isinstance(level, bytes) else level
