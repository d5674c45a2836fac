# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""One run of the whole graph on the demo input, shared by the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from assist.demo import converse, launch_arguments
from assist.dialogue import DIALOGUE, VOICE_RATE, speak
from assist.observer import Observer
from assist.person import Person
from assist.session import Session
from assist_common.testing import claim_domain


@dataclass
class Run:
    """A graph that has been through the dialogue and still runs."""

    session: Session
    observer: Observer
    environment: dict[str, str]


@pytest.fixture(scope='session')
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp('graph')
    domain = claim_domain()
    environment = {'ROS_DOMAIN_ID': str(domain), 'ROS_LOG_DIR': str(folder / 'ros')}
    lines = list(zip(DIALOGUE, speak(DIALOGUE, folder), strict=True))
    arguments = launch_arguments(folder)
    arguments['log_directory'] = str(folder / 'logs')
    log = folder / 'launch.log'
    with (
        Observer(domain_id=domain) as observer,
        # Stays until the end: a microphone that falls silent is a fault.
        Person(observer.node, VOICE_RATE) as person,
        Session(arguments, log, environment) as session,
    ):
        converse(observer, session, person, lines)
        print(log.read_text())
        yield Run(session, observer, environment)
        assert session.stop() == 0, log.read_text()
        assert session.orphans == []
