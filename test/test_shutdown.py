# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The end of the whole graph by either signal; benchmarks/shutdown.py does it fifty times."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
from assist.demo import launch_arguments
from assist.dialogue import VOICE_RATE
from assist.ending import EndWatch
from assist.observer import Observer
from assist.person import Person
from assist.session import Session
from assist_common.testing import claim_domain
from assist_intent.audit import folders, verify
from std_msgs.msg import String

LONGEST = 5.0
"""Seconds from the signal to the end of the launch."""


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_all_end_in_order_and_nothing_is_lost(tmp_path: Path, number: signal.Signals) -> None:
    domain = claim_domain()
    environment = {'ROS_DOMAIN_ID': str(domain), 'ROS_LOG_DIR': str(tmp_path / 'ros')}
    arguments = launch_arguments(tmp_path)
    arguments['log_directory'] = str(tmp_path / 'logs')
    with (
        Observer(domain_id=domain) as observer,
        Person(observer.node, VOICE_RATE),
        Session(arguments, tmp_path / 'launch.log', environment) as session,
    ):
        watch = EndWatch(observer)
        typed = observer.node.create_publisher(String, 'text_command', 10)
        assert observer.wait_for(lambda seen: seen.active_after is not None, 60.0)
        typed.publish(String(data='Bring me the cup.'))
        assert observer.wait_for(lambda seen: seen.decisions and seen.health, 15.0)
        ending = watch.end(session, number)
    assert ending.problem == '', (tmp_path / 'launch.log').read_text()
    assert ending.seconds <= LONGEST
    reports = [verify(folder) for folder in folders(tmp_path / 'audit')]
    assert [report.problems for report in reports] == [[]]
    assert reports[0].lines >= 1
    metrics = (tmp_path / 'logs' / 'metrics.log').read_text().splitlines()
    assert json.loads(metrics[-1])
