# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A few faults, each once; `make faults` tries all of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from assist.nodes import NODES
from assist_common.testing import claim_domain
from faults import floods
from faults.devices import CameraLoss, MicrophoneLoss
from faults.fault import Fault, trial
from faults.models import DamagedModel
from faults.processes import Freeze, Kill
from faults.resources import FullDisk, SmallDisk
from faults.rig import Rig
from faults.runner import whole_graph

SEED = 7

Graph = tuple[Rig, Path, SmallDisk]


@pytest.fixture(scope='module')
def graph() -> Iterator[Graph]:
    with whole_graph(claim_domain()) as running:
        yield running


def chosen() -> tuple[str, str]:
    killed, frozen = random.Random(SEED).sample(list(NODES), 2)
    return killed, frozen


FAULTS = {
    'a node dies': lambda graph: Kill(chosen()[0]),
    'a node hangs': lambda graph: Freeze(chosen()[1]),
    'the supervisor hangs': lambda graph: Freeze('supervisor_node'),
    'the microphone is lost': lambda graph: MicrophoneLoss(),
    'the camera is lost': lambda graph: CameraLoss(),
    'the model is damaged': lambda graph: DamagedModel(graph[1]),
    'the disk is full': lambda graph: FullDisk(graph[2]),
}


@pytest.mark.parametrize('name', FAULTS)
def test_a_fault_is_reported_does_no_harm_and_passes(graph: Graph, name: str) -> None:
    fault: Fault = FAULTS[name](graph)
    outcome = trial(fault, graph[0])
    assert outcome.report or outcome.rode_out, outcome
    assert outcome.recovered is not None, outcome
    assert outcome.harm == (), outcome


def test_nonsense_on_every_input_does_no_harm(graph: Graph) -> None:
    rig = graph[0]
    topics = floods.inputs(rig.observer.node, rig.nodes)
    assert {'/assist/audio_in', '/assist/text_command', '/assist/scene'} <= set(topics)
    pids = {name: rig.pid(name) for name in rig.nodes}
    outcome = trial(floods.MalformedFlood(SEED), rig)
    assert outcome.recovered is not None, outcome
    assert outcome.harm == (), outcome
    assert {name: rig.pid(name) for name in rig.nodes} == pids
