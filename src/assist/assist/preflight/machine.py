# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""GPU, folders and clock."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from assist_common.errors import ConfigurationError

from assist.preflight.check import Skipped
from assist.preflight.subject import Subject

FREE_SPACE = 2**30
EARLIEST_YEAR = 2026
DRIFT_SECONDS = 2.0
"""Least time that the two clocks are compared over."""
LARGEST_DRIFT = 0.1


def gpu(subject: Subject) -> str:
    """Find GPUs, their driver, and whether the libraries can use them."""
    from assist_monitor.gpu import nvml

    wanted = _nodes_on_gpu(subject)
    library = nvml()
    if library is None:
        if wanted:
            raise ConfigurationError(
                f'there is no NVIDIA driver for {" and ".join(wanted)}, which are set to cuda',
                'install the driver, or use profile:=cpu',
            )
        raise Skipped('no NVIDIA GPU; everything runs on the processor')
    names, driver = _devices(library)
    usable = _users()
    if wanted and not all(usable.values()):
        missing = [name for name, works in usable.items() if not works]
        raise ConfigurationError(
            f'{", ".join(missing)} can not use {", ".join(names)}',
            'install the builds for CUDA of them, or use profile:=cpu',
        )
    used = ', '.join(name for name, works in usable.items() if works) or 'no library'
    return f'{", ".join(names)}, driver {driver}, usable by {used}'


def log_folder(subject: Subject) -> str:
    """Write to the folder of the logs."""
    from assist_monitor.log_writer import default_folder

    chosen = subject.parameters('monitor_node').log_directory
    folder = Path(chosen).expanduser() if chosen else default_folder(os.environ)
    return _try_folder(folder, 'log_directory')


def audit_folder(subject: Subject) -> str:
    """Write to the folder of the record of decisions."""
    from assist_intent.resources import audit_folder as folder_of

    chosen = subject.parameters('intent_node').audit_folder
    folder = folder_of(chosen, subject.settings.full_name('intent_node'))
    return _try_folder(folder, 'audit_folder')


def clock(subject: Subject) -> str:
    """See that the date can be right and that the clock goes evenly."""
    year = time.gmtime().tm_year
    if year < EARLIEST_YEAR:
        raise ConfigurationError(
            f'the year is {year}', 'set the clock: sudo timedatectl set-time, or connect to NTP'
        )
    steady, wall = subject.began
    if (rest := DRIFT_SECONDS - (time.monotonic() - steady)) > 0:
        time.sleep(rest)
    passed = time.monotonic() - steady
    drift = time.time() - wall - passed
    if abs(drift) > LARGEST_DRIFT:
        raise ConfigurationError(
            f'the clock was put {drift:+.1f} s while {passed:.0f} s passed',
            'wait until NTP has settled, or let it slew: chronyd without makestep',
        )
    now = time.strftime('%Y-%m-%d %H:%M:%S %Z')
    return f'{now}, {drift * 1000:+.0f} ms in {passed:.0f} s, {_synchronisation()}'


def _try_folder(folder: Path, argument: str) -> str:
    probe = folder / f'.preflight_{os.getpid()}'
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_text('x')
        probe.unlink()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise ConfigurationError(
            f'cannot write to {folder} ({error.strerror})',
            f'make it writable for this user, or use {argument}:=FOLDER',
        ) from error
    if free < FREE_SPACE:
        raise ConfigurationError(
            f'only {free / 2**20:.0f} MiB are free at {folder}',
            f'free 1 GiB, or use {argument}:=FOLDER',
        )
    return f'{folder}, {free / 2**30:.0f} GiB free'


def _nodes_on_gpu(subject: Subject) -> list[str]:
    return [
        node
        for node in ('stt_node', 'detector_node')
        if node in subject.nodes and subject.parameters(node).device.startswith('cuda')
    ]


def _devices(nvml: Any) -> tuple[list[str], str]:
    try:
        nvml.nvmlInit()
        handles = map(nvml.nvmlDeviceGetHandleByIndex, range(nvml.nvmlDeviceGetCount()))
        names = [_text(nvml.nvmlDeviceGetName(handle)) for handle in handles]
        driver = _text(nvml.nvmlSystemGetDriverVersion())
        nvml.nvmlShutdown()
    except Exception as error:  # NVMLError, which has a class for each code
        raise ConfigurationError(
            f'the NVIDIA driver does not answer ({error})', 'see nvidia-smi; start the machine anew'
        ) from error
    if not names:
        raise Skipped('an NVIDIA driver without a GPU')
    return names, driver


def _users() -> dict[str, bool]:
    """Return which library can compute on the GPU."""
    import ctranslate2

    usable = {'ctranslate2': bool(ctranslate2.get_cuda_device_count())}
    try:
        import torch
    except ImportError:
        return usable
    return {**usable, 'torch': bool(torch.cuda.is_available())}


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _synchronisation() -> str:
    try:
        result = subprocess.run(
            ['timedatectl', 'show', '--property=NTPSynchronized', '--value'],
            capture_output=True,
            text=True,
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return 'synchronisation not known here'
    answer = {'yes': 'synchronised', 'no': 'not synchronised by NTP'}
    return answer.get(result.stdout.strip(), 'synchronisation not known here')
