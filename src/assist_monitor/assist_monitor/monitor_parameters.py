# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of monitor_node."""

from __future__ import annotations

from dataclasses import dataclass

from assist_common.errors import ConfigurationError
from assist_common.parameters import parameter

from assist_monitor.names import mistyped, question
from assist_monitor.relief import parse_relief
from assist_monitor.thresholds import Threshold

SUPERVISOR = 'supervisor_node'


@dataclass(frozen=True)
class MonitorParameters:
    log_directory: str = parameter(
        '',
        'folder of the log files; empty: assist below ROS_LOG_DIR, else ~/.ros/log/assist',
        read_only=True,
    )
    log_file_size: int = parameter(
        10, 'size after which a log file becomes a backup, MiB', low=1, high=10000, read_only=True
    )
    log_backups: int = parameter(5, 'backups of each log file', low=0, high=1000, read_only=True)
    log_compress: bool = parameter(False, 'keep backups as .gz', read_only=True)
    log_reserve: int = parameter(
        50,
        'free disk below which DEBUG is not logged any more, and below half of it no INFO either, '
        'but for decisions; MiB',
        low=0,
        read_only=True,
    )
    sample_period: float = parameter(
        5.0, 'how often the machine is measured and health published, s', low=0.5, read_only=True
    )
    check_period: float = parameter(
        30.0, 'how often health and latency are written to metrics.log, s', low=1.0, read_only=True
    )
    history: int = parameter(
        1000, 'samples that are kept in memory', low=10, high=100000, read_only=True
    )
    heartbeat_timeout: float = parameter(
        2.0, 'a node that was silent for longer is missing, s', low=1.0, read_only=True
    )
    stale_after: float = parameter(
        5.0, 'a diagnostic that was not renewed for longer is stale, s', low=1.0, read_only=True
    )
    cpu: tuple[float, ...] = parameter(
        (90.0, 101.0, 5.0),
        'use of all cores, mean of six samples: warning, critical (above 100: never), hysteresis; '
        'percent',
        low=0.0,
    )
    memory: tuple[float, ...] = parameter(
        (85.0, 95.0, 3.0), 'memory used: warning, critical, hysteresis; percent', low=0.0
    )
    swap: tuple[float, ...] = parameter(
        (50.0, 101.0, 5.0),
        'swap used: warning, critical (above 100: never, since memory is watched by itself), '
        'hysteresis; percent',
        low=0.0,
    )
    disk: tuple[float, ...] = parameter(
        (90.0, 97.0, 1.0),
        'disk of the logs used: warning, critical, hysteresis; percent; counts only together with '
        'disk_free',
        low=0.0,
    )
    disk_free: tuple[float, ...] = parameter(
        (5000.0, 1000.0, 100.0),
        'space left on that disk: warning and critical from there down, hysteresis; MiB; counts '
        'only together with disk',
        low=0.0,
    )
    temperature: tuple[float, ...] = parameter(
        (80.0, 95.0, 3.0),
        'hottest sensor: warning, critical, hysteresis; degrees Celsius',
        low=0.0,
    )
    throttling: tuple[float, ...] = parameter(
        (6.0, 6000.0, 3.0),
        'how often heat slows a core down: warning, critical, hysteresis; times a minute',
        low=0.0,
    )
    network_loss: tuple[float, ...] = parameter(
        (100.0, 100000.0, 50.0),
        'UDP datagrams that find no room in a buffer: warning, critical, hysteresis; per s',
        low=0.0,
    )
    files: tuple[float, ...] = parameter(
        (70.0, 90.0, 5.0),
        'open files of the fullest node, of what it may open: warning, critical, hysteresis; '
        'percent',
        low=0.0,
    )
    gpu_memory: tuple[float, ...] = parameter(
        (90.0, 98.0, 3.0),
        'memory of the fullest GPU used: warning, critical, hysteresis; percent',
        low=0.0,
    )
    gpu_temperature: tuple[float, ...] = parameter(
        (80.0, 92.0, 3.0),
        'hottest GPU: warning, critical, hysteresis; degrees Celsius',
        low=0.0,
    )
    release_memory_of: tuple[str, ...] = parameter(
        ('stt_node', 'detector_node'),
        'nodes whose release_memory service is called; without / they are of this namespace',
        read_only=True,
    )
    release_at_warning: bool = parameter(True, 'have memory released when its use comes to WARNING')
    relief: tuple[str, ...] = parameter(
        (),
        'parameters that nodes are given while memory, of the machine or of a GPU, is CRITICAL, '
        "each as: 'stt_node: model=tiny.en device=cpu'; they are set back when it is HEALTHY again",
        read_only=True,
    )
    relief_hold: float = parameter(
        60.0,
        'how long memory must be HEALTHY until that; doubled each time the pressure comes back, s',
        low=0.0,
        read_only=True,
    )
    supervisor: str = parameter(
        SUPERVISOR,
        'node that is killed when it hangs, on this machine, so that the launch starts it anew',
        read_only=True,
    )
    leak_limit: float = parameter(
        5.0, 'growth of the memory of a node that is a WARNING, MiB/h', low=0.0, read_only=True
    )
    leak_warm_up: float = parameter(
        600.0, 'first time of each process that does not count for it, s', low=0.0, read_only=True
    )
    leak_window: float = parameter(
        7200.0, 'time that the growth is measured over, s', low=60.0, read_only=True
    )


def doubts(chosen: MonitorParameters) -> list[str]:
    """Return a sentence for each name of a node that is likely a mistake."""
    named = {
        'relief': list(parse_relief(chosen.relief)),
        'release_memory_of': chosen.release_memory_of,
        'supervisor': [chosen.supervisor],
    }
    return [
        f"the parameter '{parameter}' names '{name}'; {question(name, [SUPERVISOR])}"
        for parameter, names in named.items()
        for name in mistyped(names, [SUPERVISOR])
    ]


UNITS = {
    'cpu': '%',
    'memory': '%',
    'swap': '%',
    'disk': '%',
    'disk_free': 'MiB',
    'temperature': 'degrees Celsius',
    'throttling': 'times a minute',
    'network_loss': 'datagrams/s',
    'files': '%',
    'gpu_memory': '%',
    'gpu_temperature': 'degrees Celsius',
}


FALLING = ('disk_free',)
"""Values of which less is worse."""


def to_thresholds(chosen: MonitorParameters) -> list[Threshold]:
    """Return the thresholds.

    Raises:
        ConfigurationError: one of them is not three numbers in order.
    """
    return [_threshold(name, getattr(chosen, name), unit) for name, unit in UNITS.items()]


def _threshold(name: str, numbers: tuple[float, ...], unit: str) -> Threshold:
    if len(numbers) != 3:
        raise ConfigurationError(
            f"the parameter '{name}' has {len(numbers)} numbers",
            'give three: warning, critical, hysteresis',
        )
    return Threshold(name, *numbers, unit=unit, falling=name in FALLING)
