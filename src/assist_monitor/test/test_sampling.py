# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from assist_monitor import sampling
from assist_monitor.gpu import GpuReader
from assist_monitor.processes import Process
from assist_monitor.sampling import Sampler

SLEEP = 'import time; print(flush=True); time.sleep(60)'


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen]:
    """A process whose command line names dummy_node."""
    command = [sys.executable, '-c', SLEEP, 'dummy_node']
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        yield child
        child.kill()


class FakeNvml:
    """An NVML with one GPU; functions named in `broken` fail."""

    class NVMLError(Exception):
        value = 0

    NVML_ERROR_LIBRARY_NOT_FOUND = 12
    NVML_ERROR_DRIVER_NOT_LOADED = 9
    NVML_TEMPERATURE_GPU = 0
    NVML_CLOCK_SM = 1

    def __init__(self, *broken: str, code: int = 999) -> None:
        self.broken, self.code = broken, code
        self.shut_down = False

    def __getattr__(self, name: str) -> object:
        answers = {
            'nvmlInit': None,
            'nvmlDeviceGetCount': 1,
            'nvmlDeviceGetHandleByIndex': 'handle',
            'nvmlDeviceGetName': b'Orin',
            'nvmlDeviceGetMemoryInfo': SimpleNamespace(used=2**30, total=2**32),
            'nvmlDeviceGetUtilizationRates': SimpleNamespace(gpu=40),
            'nvmlDeviceGetTemperature': 55,
            'nvmlDeviceGetPowerUsage': 12500,
            'nvmlDeviceGetClockInfo': 1300,
            'nvmlDeviceGetCurrentClocksThrottleReasons': 0x1 | 0x20,
            'nvmlShutdown': None,
        }

        def call(*_: object) -> object:
            if name in self.broken:
                error = self.NVMLError(f'{name} failed')
                error.value = self.code
                raise error
            self.shut_down |= name == 'nvmlShutdown'
            return answers[name]

        return call


def test_a_gpu_is_read_and_let_go() -> None:
    nvml = FakeNvml()
    reader = GpuReader(nvml)
    (gpu,) = reader.read()
    assert (gpu.name, gpu.memory_used, gpu.memory_total) == ('Orin', 1024, 4096)
    assert (gpu.utilisation, gpu.temperature, gpu.power) == (40, 55, 12.5)
    assert (gpu.clock, gpu.slowed_by) == (1300, ('heat',))
    reader.close()
    assert nvml.shut_down
    assert reader.read() == []


@pytest.mark.parametrize('code', [9, 12])
def test_a_machine_without_nvml_is_no_fault(code: int) -> None:
    reader = GpuReader(FakeNvml('nvmlInit', code=code))
    assert (reader.read(), reader.fault) == ([], '')


def test_a_library_that_is_not_installed_is_no_fault() -> None:
    reader = GpuReader(None)
    assert (reader.read(), reader.fault) == ([], '')
    reader.close()


def test_nvml_that_is_there_but_broken_is_one_sentence() -> None:
    reader = GpuReader(FakeNvml('nvmlInit'))
    assert reader.read() == []
    assert reader.fault == (
        'the GPU cannot be read: nvmlInit failed; check its driver with nvidia-smi'
    )


def test_what_a_gpu_cannot_tell_is_nan() -> None:
    broken = (
        'nvmlDeviceGetTemperature',
        'nvmlDeviceGetMemoryInfo',
        'nvmlDeviceGetPowerUsage',
        'nvmlDeviceGetClockInfo',
        'nvmlDeviceGetCurrentClocksThrottleReasons',
    )
    (gpu,) = GpuReader(FakeNvml(*broken)).read()
    assert all(math.isnan(x) for x in (gpu.temperature, gpu.memory_used, gpu.power, gpu.clock))
    assert gpu.slowed_by == ()
    assert gpu.utilisation == 40


def test_a_gpu_that_is_lost_while_it_runs_is_told_until_it_is_back() -> None:
    nvml = FakeNvml(code=15)
    reader = GpuReader(nvml)
    reader.read()
    assert reader.fault == ''
    nvml.broken = ('nvmlDeviceGetMemoryInfo', 'nvmlDeviceGetTemperature')
    (gpu,) = reader.read()
    assert math.isnan(gpu.memory_used)
    assert reader.fault == (
        'the GPU cannot be read: nvmlDeviceGetTemperature failed; check its driver with nvidia-smi'
    )
    nvml.broken = ()
    reader.read()
    assert reader.fault == ''


def test_an_older_pynvml_without_a_function_is_no_fault() -> None:
    class OlderNvml(FakeNvml):
        def __getattr__(self, name: str) -> object:
            if name == 'nvmlDeviceGetCurrentClocksThrottleReasons':
                raise AttributeError(name)
            return super().__getattr__(name)

    reader = GpuReader(OlderNvml())
    (gpu,) = reader.read()
    assert (gpu.slowed_by, gpu.clock, reader.fault) == ((), 1300, '')


def test_the_machine_is_measured(tmp_path: Path) -> None:
    sampler = Sampler(str(tmp_path), GpuReader(None))
    sampler.sample({}, 0.0)
    sample = sampler.sample({'/me': os.getpid()}, 1.0)
    assert len(sample.cores) == psutil.cpu_count()
    assert 0 <= sample.cpu <= 100
    assert 0 < sample.memory < 100
    assert 0 < sample.disk <= 100
    assert sample.disk_free > 0
    me = sample.processes['/me']
    assert me.memory > 5
    assert me.threads >= 1
    assert me.files >= 3
    assert me.file_limit >= me.files


def test_work_shows_as_cpu(tmp_path: Path) -> None:
    code = 'import sys\nprint(flush=True)\nwhile True: pass'
    with subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            sampler = Sampler(str(tmp_path), GpuReader(None))
            pids = {'/busy': process.pid, '/idle': os.getpid()}
            sampler.sample(pids, 0.0)
            process.stdout.close()
            psutil.cpu_percent(0.5)
            used = sampler.sample(pids, 0.5).processes
            assert used['/busy'].cpu > used['/idle'].cpu
        finally:
            process.kill()


def test_a_process_that_has_gone_is_left_out(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, '-c', ''])
    process.wait()
    sampler = Sampler(str(tmp_path), GpuReader(None))
    assert sampler.sample({'/gone': process.pid, '/wrong': 2**31}, 0.0).processes == {}


def test_a_disk_that_cannot_be_read_is_nan(tmp_path: Path) -> None:
    sample = Sampler(str(tmp_path / 'gone'), GpuReader(None)).sample({}, 0.0)
    assert math.isnan(sample.disk) and math.isnan(sample.disk_free)


def test_the_hottest_sensor_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sensors = {'cpu': [SimpleNamespace(current=50.0), SimpleNamespace(current=71.0)], 'x': []}
    monkeypatch.setattr(psutil, 'sensors_temperatures', lambda: sensors, raising=False)
    frequency = SimpleNamespace(current=600.0, max=2400.0)
    monkeypatch.setattr(sampling.psutil, 'cpu_freq', lambda: frequency, raising=False)
    sample = Sampler(str(tmp_path), GpuReader(None)).sample({}, 0.0)
    assert (sample.temperature, sample.frequency) == (71.0, 25.0)


def test_heat_that_slows_a_core_down_is_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    counter = tmp_path / 'cpu0' / 'thermal_throttle' / 'core_throttle_count'
    counter.parent.mkdir(parents=True)
    counter.write_text('10\n')
    monkeypatch.setattr(sampling, 'THROTTLE_COUNTERS', tmp_path)
    sampler = Sampler(str(tmp_path), GpuReader(None))
    sampler.sample({}, 0.0)
    counter.write_text('13\n')
    assert sampler.sample({}, 60.0).throttling == 3.0
    counter.unlink()
    assert math.isnan(sampler.sample({}, 120.0).throttling)


def test_a_process_lives_until_it_is_ended(sleeper: subprocess.Popen) -> None:
    process = Process.of_node(sleeper.pid, 'dummy_node')
    assert process is not None
    assert process.alive
    assert process.end(force=False) == ''
    sleeper.wait(timeout=10)
    assert not process.alive
    assert process.end(force=True) == ''


def test_a_stopped_process_lives_and_a_zombie_does_not(sleeper: subprocess.Popen) -> None:
    process = Process.of_node(sleeper.pid, 'dummy_node')
    assert process is not None
    sleeper.send_signal(signal.SIGSTOP)
    assert process.alive
    assert process.end(force=True) == ''
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert not process.alive


@pytest.mark.parametrize('pid', [os.getpid(), 2**22 + 1, 2**32 - 1])
def test_a_process_that_is_not_the_node_is_never_taken(pid: int) -> None:
    assert Process.of_node(pid, 'no_such_node') is None
