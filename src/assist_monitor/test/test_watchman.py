# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from assist_monitor.health import Beat
from assist_monitor.watchman import Hang, Watchman

NAME, HOST = '/robot/supervisor_node', 'robot'


def watchman() -> Watchman:
    return Watchman(NAME, HOST, 2.0)


def beat(node: str = NAME, host: str = HOST, age: float = 0.0, in_transition: bool = False) -> Beat:
    return Beat(node, 42, host, 3, in_transition, age, 0.0)


def test_one_that_beats_is_left_alone() -> None:
    watched = watchman()
    assert watched.hang(0.0) is None
    for tenth in range(50):
        watched.heard(beat(), tenth / 10)
        assert watched.hang(tenth / 10 + 0.05) is None


def test_silence_is_told_once_and_again_of_the_next_process() -> None:
    watched = watchman()
    watched.heard(beat(), 10.0)
    hang = watch(watched, 10.0, 12.5)
    assert hang is not None
    assert (hang.pid, hang.text) == (42, 'supervisor_node has been silent for 2.5 s')
    assert watch(watched, 12.5, 20.0) is None
    watched.heard(beat(), 20.5)
    assert watch(watched, 20.5, 24.0) is not None


def watch(watched: Watchman, begin: float, end: float) -> Hang | None:
    """Look twice a second; return the first hang."""
    moments = [begin + half / 2 for half in range(round(2 * (end - begin)) + 1)]
    return next(filter(None, map(watched.hang, moments)), None)


def test_a_standstill_of_both_is_no_hang() -> None:
    watched = watchman()
    watched.heard(beat(), 10.0)
    assert watch(watched, 10.0, 10.5) is None
    # The first heartbeat comes before its executor has had its turn.
    watched.heard(beat(age=59.5), 70.4)
    assert watch(watched, 70.5, 70.5) is None
    watched.heard(beat(age=59.5), 70.9)
    assert watch(watched, 71.0, 71.0) is None
    assert watch(watched, 71.5, 72.5) is None
    watched.heard(beat(age=62.0), 72.6)
    assert watch(watched, 73.0, 73.0) is not None


def test_silence_after_a_standstill_is_a_hang() -> None:
    watched = watchman()
    watched.heard(beat(), 10.0)
    assert watch(watched, 10.0, 10.5) is None
    assert watch(watched, 70.5, 71.0) is None
    assert watch(watched, 71.5, 73.0) is not None


def test_an_executor_that_stands_still_is_a_hang_unless_in_a_transition() -> None:
    watched = watchman()
    watched.heard(beat(age=2.6, in_transition=True), 10.0)
    assert watched.hang(10.1) is None
    watched.heard(beat(age=2.6), 10.5)
    hang = watched.hang(10.6)
    assert hang is not None
    assert 'does not react' in hang.text


def test_others_and_other_machines_do_not_count() -> None:
    watched = watchman()
    watched.heard(beat(node='/robot/stt_node'), 10.0)
    watched.heard(beat(host='elsewhere'), 10.0)
    assert watch(watched, 10.0, 20.0) is None
