# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What the machine and the processes of the nodes use, measured with psutil."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from assist_common.memory import MEBIBYTE

from assist_monitor.gpu import GpuReader, GpuSample, nvml
from assist_monitor.network import NetworkReader, NetworkSample

THROTTLE_COUNTERS = Path('/sys/devices/system/cpu')
"""Below it, on Intel: cpuN/thermal_throttle/*_throttle_count, Documentation/ABI/testing/
sysfs-devices-system-cpu of Linux."""


@dataclass(frozen=True)
class ProcessSample:
    """What the process of one node uses."""

    pid: int
    cpu: float
    """percent of one core since the sample before"""
    memory: float
    """resident, MiB"""
    threads: int
    files: int
    """open file descriptors; -1 where it may not be read"""
    file_limit: int = -1
    """most open file descriptors; -1 where there is none or it may not be read"""


@dataclass(frozen=True)
class Sample:
    """What the machine uses at one moment."""

    cpu: float
    """of all cores together, percent since the sample before"""
    cores: tuple[float, ...]
    """of each core, percent"""
    memory: float
    """used, percent"""
    memory_available: float
    """MiB"""
    swap: float
    """used, percent"""
    disk: float
    """used on the volume of the logs, percent; NaN where it cannot be read"""
    disk_free: float
    """MiB"""
    disk_written: float
    """MiB/s on all disks since the sample before; NaN where it cannot be read"""
    temperature: float
    """hottest sensor, degrees Celsius; NaN where there is none"""
    frequency: float
    """of the cores, percent of the highest; NaN where it cannot be read. Low under load: throttled
    """
    throttling: float = math.nan
    """times a minute that heat slowed a core down; NaN where it is not counted"""
    networks: tuple[NetworkSample, ...] = ()
    """the interfaces that DDS uses"""
    network_loss: float = math.nan
    """UDP datagrams per s that found no room in a buffer; NaN where it is not counted"""
    gpus: tuple[GpuSample, ...] = ()
    processes: Mapping[str, ProcessSample] = field(default_factory=dict)
    """by the name of the node"""


class Sampler:
    """Measures the machine and the processes that it is told of."""

    def __init__(
        self, folder: str, gpu: GpuReader | None = None, network: NetworkReader | None = None
    ) -> None:
        """Measure the disk that holds the folder."""
        self.gpu = gpu or GpuReader(nvml())
        self._network = network or NetworkReader()
        self._folder = folder
        self._processes: dict[int, psutil.Process] = {}
        self._written = _bytes_written()
        self._throttled = _throttle_count()
        self._moment: float | None = None
        psutil.cpu_percent(percpu=True)

    def sample(self, pids: Mapping[str, int], now: float) -> Sample:
        """Return the sample of this moment.

        Args:
            pids: process of each node on this machine; one that has gone is left out.
            now: seconds on a steady clock.
        """
        cores = tuple(psutil.cpu_percent(percpu=True))
        memory = psutil.virtual_memory()
        disk, disk_free = self._disk()
        seconds = self._seconds_since_last(now)
        networks, network_loss = self._network.read(seconds)
        return Sample(
            cpu=sum(cores) / len(cores) if cores else 0.0,
            cores=cores,
            memory=memory.percent,
            memory_available=memory.available / MEBIBYTE,
            swap=psutil.swap_memory().percent,
            disk=disk,
            disk_free=disk_free,
            disk_written=self._write_rate(seconds),
            temperature=_temperature(),
            frequency=_frequency(),
            throttling=self._throttle_rate(seconds),
            networks=networks,
            network_loss=network_loss,
            gpus=tuple(self.gpu.read()),
            processes=self._sample_processes(pids),
        )

    def close(self) -> None:
        """Let go of the GPU."""
        self.gpu.close()

    def _disk(self) -> tuple[float, float]:
        try:
            usage = psutil.disk_usage(self._folder)
        except OSError:
            return math.nan, math.nan
        return usage.percent, usage.free / MEBIBYTE

    def _seconds_since_last(self, now: float) -> float:
        before, self._moment = self._moment, now
        return math.nan if before is None or now <= before else now - before

    def _write_rate(self, seconds: float) -> float:
        before, self._written = self._written, _bytes_written()
        return (self._written - before) / MEBIBYTE / seconds

    def _throttle_rate(self, seconds: float) -> float:
        before, self._throttled = self._throttled, _throttle_count()
        return 60 * (self._throttled - before) / seconds

    def _sample_processes(self, pids: Mapping[str, int]) -> dict[str, ProcessSample]:
        wanted = set(pids.values())
        self._processes = {pid: seen for pid, seen in self._processes.items() if pid in wanted}
        samples = {name: self._sample_process(pid) for name, pid in pids.items()}
        return {name: sample for name, sample in samples.items() if sample}

    def _sample_process(self, pid: int) -> ProcessSample | None:
        try:
            process = self._processes.get(pid)
            if process is None or not process.is_running():
                process = self._processes[pid] = psutil.Process(pid)
            with process.oneshot():
                return ProcessSample(
                    pid=pid,
                    cpu=process.cpu_percent(),
                    memory=process.memory_info().rss / MEBIBYTE,
                    threads=process.num_threads(),
                    files=_open_files(process),
                    file_limit=_file_limit(process),
                )
        except (psutil.Error, ValueError):
            return None


def _open_files(process: psutil.Process) -> int:
    try:
        return process.num_fds()
    except psutil.AccessDenied:
        return -1


def _file_limit(process: psutil.Process) -> int:
    read: Any = getattr(process, 'rlimit', None)
    if read is None:
        return -1
    try:
        soft, _ = read(psutil.RLIMIT_NOFILE)
    except psutil.AccessDenied:
        return -1
    return int(soft)


def _bytes_written() -> float:
    counters = psutil.disk_io_counters()
    return counters.write_bytes if counters else math.nan


def _temperature() -> float:
    read: Any = getattr(psutil, 'sensors_temperatures', dict)
    readings = read()
    values = [sensor.current for sensors in readings.values() for sensor in sensors]
    return max((value for value in values if value is not None), default=math.nan)


def _throttle_count() -> float:
    """Return how often heat slowed a core down since the system started."""
    counters = THROTTLE_COUNTERS.glob('cpu[0-9]*/thermal_throttle/core_throttle_count')
    try:
        counts = [int(path.read_text()) for path in counters]
    except (OSError, ValueError):
        return math.nan
    return sum(counts) if counts else math.nan


def _frequency() -> float:
    try:
        frequency = psutil.cpu_freq()
    except (OSError, NotImplementedError):
        return math.nan
    if not frequency or not frequency.max:
        return math.nan
    return 100 * frequency.current / frequency.max
