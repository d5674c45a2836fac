# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What was found: for people, as JSON, and what there is to check as a list."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assist.preflight.check import Check, Outcome

TICK, CROSS, DASH = '✓', '✗', '–'
_WIDTH = 18


def line(outcome: Outcome) -> str:
    """Return an outcome for people; the remedy is on a line of its own."""
    optional = ' [optional]' if outcome.result == 'fail' and not outcome.required else ''
    text = f'{_symbol(outcome)} {outcome.name:<{_WIDTH}} {outcome.text}{optional}'
    if outcome.seconds:
        text += f' ({outcome.seconds:.1f} s)'
    remedy = f'\n{"":{_WIDTH + 3}}→ {outcome.remedy}' if outcome.remedy else ''
    return text + remedy


def closing(outcomes: Sequence[Outcome]) -> str:
    """Return the last line for people."""
    count = {kind: sum(one.result == kind for one in outcomes) for kind in ('pass', 'skip')}
    bad = [one.name for one in outcomes if one.is_bad]
    numbers = f'{count["pass"]} passed, {count["skip"]} skipped, {len(bad)} failed'
    took = f'{sum(one.seconds for one in outcomes):.0f} s'
    verdict = f'Not ready: {", ".join(bad)}.' if bad else 'Ready.'
    return f'{verdict} {numbers}; {took}.'


def as_json(outcomes: Sequence[Outcome], arguments: dict[str, str]) -> str:
    """Return everything as one JSON object."""
    bad = any(one.is_bad for one in outcomes)
    whole: dict[str, Any] = {
        'verdict': 'not ready' if bad else 'ready',
        'arguments': arguments,
        'seconds': round(sum(one.seconds for one in outcomes), 3),
        'checks': [asdict(one) for one in outcomes],
    }
    return json.dumps(whole, ensure_ascii=False)


def checklist(checks: Sequence[Check]) -> str:
    """Return the deployment checklist, Markdown."""
    lines = [
        '# Deployment checklist',
        '',
        '`ros2 run assist preflight` checks all of it; the remedy is what to try first.',
        '',
    ]
    for check in checks:
        optional = '' if check.required else ' (optional)'
        lines.append(f'- [ ] **{check.name}**{optional}: {check.item} Remedy: {check.remedy}.')
    return '\n'.join(lines) + '\n'


def _symbol(outcome: Outcome) -> str:
    if outcome.result == 'pass':
        return TICK
    return CROSS if outcome.is_bad else DASH
