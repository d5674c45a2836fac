# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""`ros2 run assist_intent audit`: check and read the audit log."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from assist_intent import audit, resources


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code: 0, or 1 when a log is missing or not whole."""
    options = _parser().parse_args(arguments)
    root = Path(options.folder).expanduser() if options.folder else resources.audit_root()
    folders = audit.folders(root)
    if not folders:
        print(f"audit: there is no audit log in '{root}'.", file=sys.stderr)
        return 1
    try:
        if options.command == 'show':
            return _show(folders)
        return _verify(folders)
    except OSError as error:
        print(f'audit: {error.filename}: {error.strerror}.', file=sys.stderr)
        return 1


def _verify(folders: list[Path]) -> int:
    problems = 0
    for folder in folders:
        report = audit.verify(folder)
        problems += len(report.problems)
        state = 'whole' if not report.problems else f'{len(report.problems)} problems'
        print(f'{folder}: {report.lines} lines, {state}')
        for problem in report.problems:
            print(f'  {problem}')
    return 1 if problems else 0


def _show(folders: list[Path]) -> int:
    for folder in folders:
        for entry in audit.entries(folder):
            print(_printable(describe(entry)))
    return 0


def describe(entry: dict[str, Any]) -> str:
    """Return one entry for people."""
    text = f'"{entry.get("text", "")}"'
    steps = entry.get('steps') or [entry]
    intent = ', then '.join(map(_step, steps))
    parts = [str(entry.get('time', '')), str(entry.get('request', '')), text, intent]
    if entry.get('event') == 'outcome':
        parts += [str(entry.get('outcome')), str(entry.get('message', ''))]
    else:
        parts.append(f'{entry.get("verdict")} {entry.get("risk")}')
        parts += [f'step {entry["step"]} of {entry["plan"]}'] if entry.get('plan') else []
        parts += [f'{key}: {entry[key]}' for key in ('confirmation', 'reply') if entry.get(key)]
        if entry.get('reasons'):
            parts.append(f'because {"; ".join(entry["reasons"])}')
    return ' | '.join(part for part in parts if part)


def _printable(text: str) -> str:
    """Return the text with what would control a terminal written out."""
    return ''.join(
        character if character.isprintable() else character.encode('unicode_escape').decode()
        for character in text
    )


def _step(step: dict[str, Any]) -> str:
    slots = ', '.join(f'{name}: {value}' for name, value in step.get('slots', {}).items())
    return (step.get('intent') or 'not understood') + (f' ({slots})' if slots else '')


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog='audit', description='Check and read the audit log.')
    parser.add_argument('command', choices=('verify', 'show'))
    parser.add_argument('folder', nargs='?', help='default: ~/.ros/assist/audit')
    return parser
