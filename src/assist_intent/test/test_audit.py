# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The audit log: whole, or found out."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from assist_common.errors import ConfigurationError
from assist_intent import audit, audit_command
from assist_intent.audit import AuditLog, verify


def write(folder: Path, count: int, **options: int) -> None:
    log = AuditLog(folder, **options)
    for number in range(count):
        log.append({'text': f'line {number} \u00fc \ud800', 'risk': 'LOW'}, sync=number == 0)
    log.close()


def lines_of(folder: Path) -> list[str]:
    return (folder / 'audit-000001.jsonl').read_text().splitlines(keepends=True)


def test_a_log_goes_on_after_a_restart(tmp_path: Path) -> None:
    write(tmp_path, 3)
    write(tmp_path, 2)
    report = verify(tmp_path)
    assert (report.lines, report.problems) == (5, [])
    assert [entry['seq'] for entry in audit.entries(tmp_path)] == [1, 2, 3, 4, 5]


def test_files_are_rotated_and_chained(tmp_path: Path) -> None:
    write(tmp_path, 20, largest=1000)
    assert len(list(tmp_path.glob('audit-*.jsonl'))) > 3
    assert verify(tmp_path).problems == []


def alter(lines: list[str]) -> list[str]:
    return [lines[0], lines[1].replace('LOW', 'HIGH'), *lines[2:]]


def forge(lines: list[str]) -> list[str]:
    entry = json.loads(lines[1])
    entry['risk'] = 'HIGH'
    entry['hash'] = audit._hash(entry)
    return [lines[0], json.dumps(entry) + '\n', *lines[2:]]


@pytest.mark.parametrize(
    'change',
    [
        alter,
        forge,
        lambda lines: lines[:1] + lines[2:],
        lambda lines: lines[1:],
        lambda lines: lines[:-1],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [*lines[:2], 'garbage\n', *lines[2:]],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [*lines[:2], '[]\n', *lines[2:]],
    ],
)
def test_every_change_is_found(tmp_path: Path, change: Callable[[list[str]], list[str]]) -> None:
    write(tmp_path, 5)
    path = tmp_path / 'audit-000001.jsonl'
    path.write_text(''.join(change(lines_of(tmp_path))))
    assert verify(tmp_path).problems


def test_a_torn_line_is_reported_and_the_log_goes_on(tmp_path: Path) -> None:
    write(tmp_path, 3)
    path = tmp_path / 'audit-000001.jsonl'
    path.write_text(path.read_text()[:-20])
    write(tmp_path, 2)
    report = verify(tmp_path)
    assert report.lines == 5
    assert any('damaged' in problem for problem in report.problems)


def test_a_crash_between_line_and_head_is_no_loss(tmp_path: Path) -> None:
    write(tmp_path, 2)
    head = (tmp_path / 'head').read_text()
    write(tmp_path, 1)
    (tmp_path / 'head').write_text(head)
    assert verify(tmp_path).problems == []
    write(tmp_path, 1)
    (tmp_path / 'head').write_text(head)
    assert verify(tmp_path).problems


def test_a_full_disk_leaves_the_log_whole(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    log.append({'text': 'before'})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = (tmp_path / 'audit-000001.jsonl').stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, hard))
    try:
        for _ in range(2):
            with pytest.raises(OSError):
                log.append({'text': 'x' * 1000})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert verify(tmp_path).problems == []
    log.append({'text': 'after'})
    log.close()
    assert verify(tmp_path).problems == []
    assert [entry['text'] for entry in audit.entries(tmp_path)] == ['before', 'after']


def test_two_nodes_can_not_write_one_log(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    with pytest.raises(ConfigurationError, match='another node'):
        AuditLog(tmp_path)
    log.close()
    AuditLog(tmp_path).close()


def test_a_folder_that_can_not_be_is_named(tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('')
    with pytest.raises(ConfigurationError, match='can not be written'):
        AuditLog(tmp_path / 'file' / 'audit')


def test_the_command_verifies_and_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = AuditLog(tmp_path / 'intent_node')
    log.append({
        'event': 'decision', 'time': '2026-01-02T03:04:05', 'request': 'r1', 'text': 'go home',
        'intent': 'go_to', 'slots': {'place': 'home'}, 'verdict': 'CONFIRM', 'risk': 'MEDIUM',
        'reasons': ['a reason'], 'reply': 'Shall I?',
    })  # fmt: skip
    log.append({'event': 'outcome', 'request': 'r1', 'outcome': 'SUCCEEDED', 'message': 'Done.'})
    log.close()
    assert audit_command.main(['verify', str(tmp_path)]) == 0
    assert '2 lines, whole' in capsys.readouterr().out
    assert audit_command.main(['show', str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert '"go home" | go_to (place: home) | CONFIRM MEDIUM | reply: Shall I?' in shown
    assert 'SUCCEEDED | Done.' in shown
    path = tmp_path / 'intent_node' / 'audit-000001.jsonl'
    path.write_text(path.read_text().replace('home', 'away'))
    assert audit_command.main(['verify', str(tmp_path)]) == 1
    assert audit_command.main(['verify', str(tmp_path / 'nowhere')]) == 1
    assert 'no audit log' in capsys.readouterr().err


def test_a_log_in_which_nothing_stands_yet_is_whole(tmp_path: Path) -> None:
    AuditLog(tmp_path).close()
    assert verify(tmp_path).problems == []
    (tmp_path / audit.HEAD).unlink()
    assert verify(tmp_path).problems
    write(tmp_path, 1)
    (tmp_path / 'audit-000001.jsonl').write_text('')
    assert verify(tmp_path).problems


def test_what_is_shown_controls_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = AuditLog(tmp_path)
    log.append({'text': 'go\x1b[2J\n\u202ehome \ud800 \u00fc'})
    log.close()
    assert audit_command.main(['show', str(tmp_path)]) == 0
    assert '"go\\x1b[2J\\n\\u202ehome \\ud800 \u00fc"' in capsys.readouterr().out
