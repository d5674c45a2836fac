# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A machine that runs out of disk, processor or memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import psutil

from faults.fault import Fault
from faults.rig import Rig

MIB = 2**20
DISK_SIZE = 96
"""MiB; monitor_node keeps 50 free before it drops what matters less."""

CGROUPS = Path('/sys/fs/cgroup/memory')


class SmallDisk:
    """A context manager: a disk of its own in a folder; `kind` says what stands for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kind = ''

    def __enter__(self) -> SmallDisk:
        self.folder.mkdir(parents=True, exist_ok=True)
        mounted = subprocess.run(
            ['mount', '-t', 'tmpfs', '-o', f'size={DISK_SIZE}m', 'tmpfs', str(self.folder)],
            capture_output=True,
            check=False,
        )
        self.kind = 'tmpfs' if mounted.returncode == 0 else 'RLIMIT_FSIZE'
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.kind == 'tmpfs':
            subprocess.run(['umount', '--lazy', str(self.folder)], check=True)


class FullDisk(Fault):
    """The disk of the logs and of the audit log is full: really, or by a limit of file sizes."""

    name = 'disk full'
    words = r'(No space left|File too large|disk)'
    hold = 3.0
    detect_within = 3.0

    def __init__(self, disk: SmallDisk) -> None:
        self._disk = disk
        self._filler = disk.folder / 'filler'

    def inject(self, rig: Rig) -> None:
        self.name = f'disk full ({self._disk.kind})'
        if self._disk.kind == 'tmpfs':
            self._fill()
        else:
            self._limit(rig, 1)
        rig.type('What do you see?')

    def heal(self, rig: Rig) -> None:
        self._filler.unlink(missing_ok=True)
        if self._disk.kind != 'tmpfs':
            self._limit(rig, psutil.RLIM_INFINITY)

    def _fill(self) -> None:
        with self._filler.open('wb', buffering=0) as file:
            for size in (MIB, 4096, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue

    def _limit(self, rig: Rig, size: int) -> None:
        for name in ('intent_node', 'monitor_node'):
            rig.process(name).rlimit(psutil.RLIMIT_FSIZE, (size, psutil.RLIM_INFINITY))


class BusyProcessors(Fault):
    """Other programs take all processors."""

    name = 'all processors busy'
    words = r'processor|cpu'
    detect_within = 10.0
    hold = 2.0

    def __init__(self) -> None:
        self._programs: list[subprocess.Popen[bytes]] = []

    def inject(self, rig: Rig) -> None:
        for _ in range(2 * (os.cpu_count() or 1)):
            self._programs.append(subprocess.Popen([sys.executable, '-c', 'while True: pass']))

    def heal(self, rig: Rig) -> None:
        for program in self._programs:
            program.kill()
            program.wait()
        self._programs.clear()


class MemoryPressure(Fault):
    """detector_node gets less memory than it has: by a cgroup, or by a limit of addresses."""

    name = 'memory short'
    words = r'detector_node (\(process \d+\) has died|is not running)|detector_node.*memory'
    detect_within = 10.0
    hold = 1.0

    def __init__(self) -> None:
        self._group = CGROUPS / f'assist_fault_{os.getpid()}'
        self._is_cgroup = False
        self._pid = 0

    def inject(self, rig: Rig) -> None:
        process = rig.process('detector_node')
        self._pid = process.pid
        self._is_cgroup = _makes(self._group)
        self.name = f'memory short ({"cgroup" if self._is_cgroup else "RLIMIT_AS"})'
        if self._is_cgroup:
            (self._group / 'cgroup.procs').write_text(str(self._pid))
            limit = self._group / 'memory.limit_in_bytes'
            limit.write_text(str(MIB))
        else:
            process.rlimit(psutil.RLIMIT_AS, (process.memory_info().vms, psutil.RLIM_INFINITY))
        # What it has stays its own; the model that it loads again after this does not fit.
        rig.release_memory('detector_node')

    def heal(self, rig: Rig) -> None:
        if self._is_cgroup:
            (self._group / 'memory.limit_in_bytes').write_text('-1')
            self._remove_group()
        elif psutil.pid_exists(self._pid):
            unlimited = (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY)
            psutil.Process(self._pid).rlimit(psutil.RLIMIT_AS, unlimited)

    def _remove_group(self) -> None:
        for pid in (self._group / 'cgroup.procs').read_text().split():
            (CGROUPS / 'cgroup.procs').write_text(pid)
        deadline = time.monotonic() + 5.0
        while self._group.exists() and time.monotonic() < deadline:
            try:
                self._group.rmdir()
            except OSError:
                time.sleep(0.1)


def _makes(group: Path) -> bool:
    try:
        group.mkdir()
    except OSError:
        return False
    return True
