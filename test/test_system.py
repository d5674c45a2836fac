# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The whole graph on the demo input: what was heard, seen, understood and decided."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from typing import Any

import cv2
import pytest
from assist.demo import DIALOGUE
from assist.nodes import IMAGE_NODES, NODES
from assist.showing import shown
from assist.summary import matches
from assist_common.testing import wait_until
from assist_msgs.msg import Decision, SystemMode
from diagnostic_msgs.msg import DiagnosticStatus

RECOVERY_TIMEOUT = 10.0
"""Seconds in which a killed node must be active again."""


def words(text: str) -> str:
    return ' '.join(re.findall(r'[a-z]+', text.lower()))


def test_every_sentence_was_heard(run: Any) -> None:
    heard = [words(transcript.text) for transcript in run.observer.seen.transcripts]
    assert heard == [words(line.text) for line in DIALOGUE if line.text]
    assert all(transcript.final for transcript in run.observer.seen.transcripts)


def test_every_sentence_met_its_decision(run: Any) -> None:
    assert matches(run.observer.seen, DIALOGUE) == len(DIALOGUE)


def test_the_confirmation_belongs_to_its_request(run: Any) -> None:
    bring = [decision for decision in run.observer.seen.decisions if decision.intent == 'bring']
    assert [decision.verdict for decision in bring[:2]] == [Decision.CONFIRM, Decision.EXECUTE]
    assert bring[0].request_id == bring[1].request_id
    assert bring[0].risk >= Decision.MEDIUM


def test_all_that_had_to_be_shown_happened(run: Any) -> None:
    assert [item.name for item in shown(run.observer.seen) if item.decision is None] == []
    assert run.observer.seen.stopped


def test_the_objects_of_the_photographs_were_seen(run: Any) -> None:
    assert {'person', 'bus', 'cup'} <= set(run.observer.seen.labels)


def test_the_robot_said_what_it_sees(run: Any) -> None:
    said = ' '.join(utterance.text for utterance in run.observer.seen.utterances)
    assert 'bus' in said
    assert 'Here is the cup.' in said


def test_the_annotated_picture_can_be_read(run: Any, tmp_path: Any) -> None:
    assert run.observer.save_picture(tmp_path / 'annotated.png')
    picture = cv2.imread(str(tmp_path / 'annotated.png'))
    assert picture.shape[2] == 3
    assert picture.std() > 10


@pytest.mark.parametrize('name', NODES)
def test_every_node_reports_ok_with_its_hardware(run: Any, name: str) -> None:
    status = run.observer.seen.statuses[f'{name}: lifecycle']
    assert (status.level, status.message) == (DiagnosticStatus.OK, 'active')
    assert status.hardware_id


@pytest.mark.parametrize('stage', ['vad', 'stt', 'detect', 'relate', 'parse', 'policy'])
def test_the_stages_are_measured(run: Any, stage: str) -> None:
    measured = run.observer.seen.latency[stage]
    assert measured.count > 0
    assert 0 < measured.p50 <= measured.p95 <= measured.max


def test_only_the_detector_maps_torch(run: Any) -> None:
    with_torch = {
        name
        for name, process in run.session.processes().items()
        if any('/torch/' in region.path for region in process.memory_maps())
    }
    assert with_torch <= {'detector_node'}


def test_only_those_that_publish_images_share_memory(run: Any) -> None:
    sharing = {
        name
        for name, process in run.session.processes().items()
        if any('/fastdds_' in region.path for region in process.memory_maps())
    }
    assert sharing == set(IMAGE_NODES)


def test_nobody_else_on_the_network_can_reach_a_node(run: Any) -> None:
    processes = run.session.processes()
    assert set(processes) == set(NODES)
    for name, process in processes.items():
        addresses = {socket.laddr.ip for socket in process.net_connections('inet')}
        assert addresses == {'127.0.0.1'}, name


def test_a_second_terminal_sees_the_topics(run: Any) -> None:
    result = subprocess.run(
        ['ros2', 'topic', 'list'],
        env={**os.environ, **run.environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert {'/assist/transcript', '/assist/scene', '/diagnostics'} <= set(result.stdout.split())


def test_a_second_terminal_echoes_the_scene(run: Any) -> None:
    result = subprocess.run(
        ['ros2', 'topic', 'echo', '--once', '/assist/scene'],
        env={**os.environ, **run.environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert 'label: ' in result.stdout


@pytest.mark.parametrize('name', NODES)
def test_a_killed_node_comes_back_active(run: Any, name: str) -> None:
    seen = run.observer.seen
    wait_until(lambda: name in run.session.processes(), f'{name} to run')
    killed = run.session.processes()[name]
    seen.statuses.pop(f'{name}: lifecycle', None)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait(timeout=5)
    seen.statuses.pop(f'{name}: lifecycle', None)

    def is_back() -> bool:
        status = seen.statuses.get(f'{name}: lifecycle')
        process = run.session.processes().get(name)
        return (
            status is not None
            and status.message == 'active'
            and process is not None
            and process.pid != killed.pid
        )

    wait_until(is_back, f'{name} to be active again', RECOVERY_TIMEOUT)
    well = run.observer.wait_for(
        lambda seen: seen.mode.mode == SystemMode.NORMAL, RECOVERY_TIMEOUT
    )
    assert well, seen.mode.reason
