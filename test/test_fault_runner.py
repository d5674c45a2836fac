# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""How faults are chosen and told, without a graph."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from faults import __main__ as command
from faults import fault, network, resources, runner


class Forbidden(fault.Fault):
    name = 'forbidden'

    def inject(self, rig: object) -> None:
        raise PermissionError(1, 'Operation not permitted')


def make_rig() -> SimpleNamespace:
    return SimpleNamespace(
        wait_until_well=lambda *_: 0.0,
        false_acts=list,
        type=lambda text: None,
        record=lambda: None,
    )


def test_what_may_not_be_brought_about_is_told_and_ends_nothing() -> None:
    outcome = fault.attempt(Forbidden(), make_rig())
    assert not outcome.passed
    assert outcome.not_run == '[Errno 1] Operation not permitted'
    assert 'not run: [Errno 1] Operation not permitted' in command.row(outcome)


class Drizzle(fault.Fault):
    name = 'drizzle'
    detect_within = 0.3
    hold = 1.0
    tolerable = True

    def inject(self, rig: object) -> None:
        self.began = time.monotonic()


@pytest.mark.parametrize(
    ('troubled', 'reported_after', 'passed'),
    [
        ((9.0, 9.0), None, True),
        ((0.2, 0.4), None, False),
        ((0.2, 9.0), None, False),
        ((0.2, 9.0), 0.4, True),
        ((0.2, 9.0), 0.7, False),
        ((0.2, 9.0), 0.1, True),
    ],
)
def test_what_may_do_no_harm_counts_from_the_first_harm(
    monkeypatch: pytest.MonkeyPatch,
    troubled: tuple[float, float],
    reported_after: float | None,
    passed: bool,
) -> None:
    monkeypatch.setattr(fault, 'CALM', 0.0)
    drizzle, rig = Drizzle(), make_rig()

    def troubles(_since: float) -> list[str]:
        begin, end = troubled
        age = time.monotonic() - drizzle.began
        return ['a node is not active'] if begin <= age < end else []

    def report(_words: str, _timeout: float) -> SimpleNamespace | None:
        at = None if reported_after is None else drizzle.began + reported_after
        return None if at is None else SimpleNamespace(at=at, where='log', text='lost')

    rig.troubles, rig.wait_for_report = troubles, report
    rig.wait_until_well = lambda *_: time.monotonic()
    rig.audit_problems = list
    assert fault.attempt(drizzle, rig).passed == passed


def test_without_namespaces_the_faults_of_the_network_are_not_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*words: str) -> None:
        raise subprocess.CalledProcessError(1, words)

    monkeypatch.setattr(network, '_run', refuse)
    outcomes = runner.in_two_namespaces([], 'network')
    assert [outcome.fault for outcome in outcomes] == [network.Cut.name, network.Loss.name]
    assert all('ip' in outcome.not_run for outcome in outcomes)
    assert [outcome.fault for outcome in runner.in_two_namespaces([], 'cut')] == [network.Cut.name]
    assert runner.in_two_namespaces([], 'camera lost') == []


def test_every_name_can_be_chosen_and_others_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {'memory short', 'disk full', network.Cut.name, 'camera lost'} <= set(runner.names())
    monkeypatch.setattr(sys, 'argv', ['faults', '--only', 'nonsense of no kind'])
    with pytest.raises(SystemExit):
        command.main()
    assert "no fault contains 'nonsense of no kind'" in capsys.readouterr().err


def test_a_cgroup_is_gone_after_the_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, 'CGROUPS', tmp_path)
    short = resources.MemoryPressure()
    assert list(tmp_path.iterdir()) == []
    rig = SimpleNamespace(
        process=lambda name: SimpleNamespace(pid=42), release_memory=lambda name: None
    )
    short.inject(rig)
    (group,) = tmp_path.iterdir()
    assert short.name == 'memory short (cgroup)'
    assert (group / 'cgroup.procs').read_text() == '42'
    # The files of a real cgroup go with it.
    real = Path.rmdir
    monkeypatch.setattr(
        Path, 'rmdir', lambda path: ([file.unlink() for file in path.iterdir()], real(path))
    )
    short.heal(rig)
    assert not group.exists()
    assert (tmp_path / 'cgroup.procs').read_text() == '42'
