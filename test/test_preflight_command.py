# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""How checks are run, and what is said of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from assist.preflight import command, report
from assist.preflight.catalogue import CHECKS
from assist.preflight.check import Check, Outcome, Skipped, examine, run
from assist.preflight.engines import PHOTOGRAPHS
from assist.preflight.subject import Subject
from assist_common.errors import ConfigurationError
from assist_common.testing import claim_domain


def check(name: str, function: Callable[[Subject], str], **options: object) -> Check:
    return Check(name, f'The {name} works.', function, f'mend the {name}', **options)  # type: ignore[arg-type]


def good(_: Subject) -> str:
    return 'all is well'


def bad(_: Subject) -> str:
    raise ConfigurationError('it is broken', 'glue it')


def absent(_: Subject) -> str:
    raise Skipped('there is none')


def astonishing(_: Subject) -> str:
    raise KeyError('what')


def leaving(_: Subject) -> str:
    raise SystemExit(3)


def outcomes(*checks: Check, strict: bool = False, **arguments: str) -> list[Outcome]:
    told: list[Outcome] = []
    results = run(checks, Subject(arguments), told.append, strict=strict)
    assert told == results
    return results


@pytest.mark.parametrize(
    ('function', 'result', 'text', 'remedy'),
    [
        (good, 'pass', 'all is well', ''),
        (bad, 'fail', 'it is broken', 'glue it'),
        (absent, 'skip', 'there is none', ''),
        (astonishing, 'fail', "KeyError: 'what'", 'mend the thing'),
        (leaving, 'fail', 'SystemExit: 3', 'mend the thing'),
    ],
)
def test_whatever_a_check_does_becomes_an_outcome(
    function: Callable[[Subject], str], result: str, text: str, remedy: str
) -> None:
    (outcome,) = outcomes(check('thing', function))
    assert (outcome.result, outcome.text, outcome.remedy) == (result, text, remedy)
    assert outcome.is_bad == (result == 'fail')


def test_a_check_that_hangs_does_not_hold_up_the_others() -> None:
    let_go = threading.Event()

    def hangs(_: Subject) -> str:
        let_go.wait()
        return ''

    outcome = examine(check('thing', hangs, limit=0.1), Subject())
    let_go.set()
    assert (outcome.result, outcome.text) == ('fail', 'no answer within 0.1 s')
    assert outcome.remedy == 'mend the thing'


def test_what_needs_a_check_that_failed_is_skipped() -> None:
    results = outcomes(
        check('one', bad), check('two', good, needs=('one',)), check('three', good, needs=('two',))
    )
    assert [one.result for one in results] == ['fail', 'skip', 'skip']
    assert results[1].text == 'needs one'


def test_what_is_for_a_node_that_is_not_started_is_skipped() -> None:
    only_camera = check('thing', bad, nodes=('camera_node',))
    assert outcomes(only_camera)[0].result == 'fail'
    assert outcomes(only_camera, nodes='intent_node')[0].result == 'skip'


def test_an_optional_check_does_not_count() -> None:
    (outcome,) = outcomes(check('thing', bad, required=False))
    assert outcome.result == 'fail'
    assert not outcome.is_bad


@pytest.mark.parametrize(('strict', 'result'), [(False, 'skip'), (True, 'fail')])
def test_a_device_that_is_missing_counts_when_strict(strict: bool, result: str) -> None:
    device, other = outcomes(
        check('device', absent, is_device=True), check('other', absent), strict=strict
    )
    assert (device.result, other.result) == (result, 'skip')


def test_people_see_tick_cross_dash_remedy_and_time() -> None:
    lines = [
        report.line(Outcome('one', 'pass', True, 'fine', '', 1.23)),
        report.line(Outcome('two', 'fail', True, 'broken', 'glue it', 0.1)),
        report.line(Outcome('three', 'fail', False, 'broken', 'glue it', 0.1)),
        report.line(Outcome('four', 'skip', True, 'none here', '', 0.0)),
    ]
    assert [line[0] for line in lines] == ['✓', '✗', '–', '–']
    assert lines[0].endswith('fine (1.2 s)')
    assert lines[1].splitlines()[1].strip() == '→ glue it'
    assert '[optional]' in lines[2]


@pytest.mark.parametrize(
    ('functions', 'line'),
    [
        ((good, absent), 'Ready. 1 passed, 1 skipped, 0 failed; 0 s.'),
        ((good, bad), 'Not ready: thing 1. 1 passed, 0 skipped, 1 failed; 0 s.'),
    ],
)
def test_the_last_line_sums_up(functions: tuple[Callable[[Subject], str], ...], line: str) -> None:
    checks = [check(f'thing {number}', function) for number, function in enumerate(functions)]
    assert report.closing(outcomes(*checks)) == line


@pytest.mark.parametrize(
    ('function', 'code', 'verdict'), [(good, 0, 'ready'), (bad, 1, 'not ready')]
)
def test_json_is_one_object_whatever_libraries_print(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    function: Callable[[Subject], str],
    code: int,
    verdict: str,
) -> None:
    def noisy(subject: Subject) -> str:
        print('a library says hello')
        os.write(1, b'another one does in C\n')
        return function(subject)

    monkeypatch.setattr(command, 'CHECKS', (check('thing', noisy),))
    assert command.main(['--json', 'profile:=cpu']) == code
    output = capfd.readouterr()
    whole = json.loads(output.out)
    assert whole['verdict'] == verdict
    assert whole['arguments'] == {'profile': 'cpu'}
    assert whole['checks'][0]['name'] == 'thing'
    assert set(whole['checks'][0]) == {
        'name', 'result', 'required', 'text', 'remedy', 'seconds'
    }
    assert 'library' not in output.err


def test_the_environment_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def look(_: Subject) -> str:
        seen.append(os.environ.get('ROS_AUTOMATIC_DISCOVERY_RANGE'))
        return ''

    monkeypatch.setenv('ROS_AUTOMATIC_DISCOVERY_RANGE', 'SUBNET')
    monkeypatch.delenv('OMP_NUM_THREADS', raising=False)
    monkeypatch.setattr(command, 'CHECKS', (check('thing', look),))
    assert command.main(['--json']) == 0
    assert seen == ['LOCALHOST']
    assert os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] == 'SUBNET'
    assert 'OMP_NUM_THREADS' not in os.environ


@pytest.mark.parametrize(
    ('argument', 'part'),
    [
        ('camera_sorce:=0', 'Did you mean camera_source:=?'),
        ('photo.jpg', 'is no launch argument'),
        ('nodes:=audio_nod', "'audio_nod'"),
    ],
)
def test_a_wrong_argument_is_one_sentence(
    capsys: pytest.CaptureFixture[str], argument: str, part: str
) -> None:
    assert command.main([argument]) == 2
    error = capsys.readouterr().err
    assert error.startswith('preflight: ')
    assert part in error
    assert error.count('\n') == 1


def test_some_checks_and_what_they_need(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    checks = (
        check('one', good),
        check('two', bad),
        check('three', good, needs=('one',)),
        check('four', good, needs=('three',)),
    )
    monkeypatch.setattr(command, 'CHECKS', checks)
    assert command.main(['--json', '--only', 'four']) == 0
    names = [one['name'] for one in json.loads(capfd.readouterr().out)['checks']]
    assert names == ['one', 'three', 'four']
    assert command.main(['--only', 'thre']) == 2
    assert "Did you mean 'three'?" in capfd.readouterr().err


def test_the_checklist_has_every_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(['--checklist']) == 0
    lines = capsys.readouterr().out.splitlines()
    items = [line for line in lines if line.startswith('- [ ] ')]
    assert len(items) == len(CHECKS)
    for one, item in zip(CHECKS, items, strict=True):
        assert one.name in item
        assert one.item in item
        assert one.remedy in item


def test_every_check_needs_only_what_comes_before_it() -> None:
    names: list[str] = []
    for one in CHECKS:
        assert set(one.needs) <= set(names), one.name
        names.append(one.name)
    assert len(set(names)) == len(names)


def test_a_missing_library_does_not_end_the_command() -> None:
    code = """
import sys
for name in ('cv2', 'tenacity', 'pybreaker', 'faster_whisper', 'sounddevice', 'psutil', 'hassil'):
    sys.modules[name] = None
from assist.preflight.catalogue import CHECKS
from assist.preflight.check import examine
from assist.preflight.subject import Subject
print([examine(one, Subject()).result for one in CHECKS if one.name == 'resilience'])
"""
    result = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert result.stdout == "['fail']\n", result.stderr


def test_this_machine_is_ready(tmp_path: Path) -> None:
    result = subprocess.run(
        [
            *(sys.executable, '-m', 'assist.preflight', '--json'),
            f'camera_source:={PHOTOGRAPHS / "coffee.jpg"}',
            f'log_directory:={tmp_path / "logs"}',
            f'audit_folder:={tmp_path / "audit"}',
        ],
        env={**os.environ, 'ROS_DOMAIN_ID': str(claim_domain())},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=280,
    )
    whole = json.loads(result.stdout)
    results = {one['name']: (one['result'], one['text']) for one in whole['checks']}
    assert whole['verdict'] == 'ready', whole
    assert result.returncode == 0
    for name in ('libraries', 'image transport', 'camera', 'hearing', 'seeing', 'understanding'):
        assert results[name][0] == 'pass', results[name]
