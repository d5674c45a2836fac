# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""All faults, one after the other."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from assist.dialogue import picture
from assist.nodes import NODES, discovery
from assist_common import models

from faults import network
from faults.devices import CameraLoss, MicrophoneLoss
from faults.fault import Fault, Outcome, attempt, broken, not_run
from faults.floods import LogFlood, MalformedFlood
from faults.jumps import ClockJump
from faults.models import DamagedModel, copy_of
from faults.processes import Freeze, Kill
from faults.resources import BusyProcessors, FullDisk, MemoryPressure, SmallDisk
from faults.rig import Rig

SPEECH_MODEL = 'tiny.en'
JUMP = 3600.0
NETWORK_FAULTS = (network.Cut, network.Loss)


@contextmanager
def whole_graph(domain: int) -> Iterator[tuple[Rig, Path, SmallDisk]]:
    """Give a running graph whose logs are on a small disk, and the folder of its speech model."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix='assist_faults_')))
        disk = stack.enter_context(SmallDisk(folder / 'disk'))
        model = copy_of(Path(models.resolve(SPEECH_MODEL)), folder)
        places = {
            'audit_folder': str(disk.folder / 'audit'),
            'log_directory': str(disk.folder / 'logs'),
            'speech_model': str(model),
        }
        yield stack.enter_context(Rig(folder, domain, arguments=places)), model, disk


def run(
    domain: int, seed: int, tell: Callable[[Outcome], None], only: str = ''
) -> list[Outcome]:
    """Try every fault whose name contains a text; tell of each as it is done."""
    choices = random.Random(seed)
    outcomes: list[Outcome] = []

    def attempt_all(faults: Sequence[Fault], rig: Rig) -> None:
        for fault in faults:
            if only in fault.name:
                outcomes.append(attempt(fault, rig))
                tell(outcomes[-1])

    if any(only in name for name in local_names()):
        with whole_graph(domain) as (rig, model, disk):
            attempt_all(local_faults(model, disk, choices), rig)
    with tempfile.TemporaryDirectory(prefix='assist_faults_') as folder:
        jumps = [ClockJump(JUMP), ClockJump(-JUMP)]
        if any(only in fault.name for fault in jumps):
            with Rig(Path(folder), domain, arguments={'use_sim_time': 'true'}) as rig:
                attempt_all(jumps, rig)
    return outcomes


def names() -> list[str]:
    """Return the names of all faults."""
    jumps = [ClockJump(JUMP).name, ClockJump(-JUMP).name]
    return [*local_names(), *jumps, *(fault.name for fault in NETWORK_FAULTS)]


def local_names() -> list[str]:
    """Return the names of the faults of one computer."""
    return [fault.name for fault in local_faults(Path(), SmallDisk(Path()), random.Random(0))]


def local_faults(model: Path, disk: SmallDisk, choices: random.Random) -> list[Fault]:
    """Return the faults of one computer in an order by chance, the floods last."""
    faults: list[Fault] = [Kill(name) for name in NODES] + [Freeze(name) for name in NODES]
    faults += [MicrophoneLoss(), CameraLoss(), DamagedModel(model), FullDisk(disk)]
    faults += [BusyProcessors(), MemoryPressure()]
    choices.shuffle(faults)
    return [*faults, LogFlood(), MalformedFlood(choices.randrange(2**32))]


def run_network(
    domain: int, there: str, tell: Callable[[Outcome], None], only: str = ''
) -> list[Outcome]:
    """Try the faults of the network; this process is in the namespace `here` already."""
    outcomes = []
    with tempfile.TemporaryDirectory(prefix='assist_faults_') as name:
        folder = Path(name)
        shown = picture(folder / 'shown.png')
        with Rig(
            folder,
            domain,
            arguments={'discovery': 'subnet', 'camera_source': str(shown)},
            remote=(network.REMOTE_NODES, network.inside(there)),
        ) as rig:
            for kind in NETWORK_FAULTS:
                if only in kind.name:
                    outcomes.append(attempt(kind(there), rig))
                    tell(outcomes[-1])
    return outcomes


def in_two_namespaces(arguments: Sequence[str], only: str) -> list[Outcome]:
    """Run this program again between two namespaces; return what it found.

    Where that is not possible, as without the rights for it, each fault is one that was not run.
    """
    wanted = [fault for fault in NETWORK_FAULTS if only in fault.name]
    if not wanted:
        return []
    with ExitStack() as stack:
        try:
            spaces = stack.enter_context(network.Namespaces())
        except (OSError, subprocess.SubprocessError) as error:
            return [not_run(fault.name, fault.detect_within, error) for fault in wanted]
        command = [*network.inside(spaces.here), sys.executable, '-m', 'faults', *arguments]
        done = subprocess.run(
            [*command, '--only', only, '--there', spaces.there],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **discovery('subnet')},
        )
    if done.returncode:
        return [broken(fault.name, fault.detect_within) for fault in wanted]
    return [Outcome(**entry) for entry in json.loads(done.stdout)]
