# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What came of a demo: the checks of its stages, and one screen to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from assist_msgs.msg import Decision, SystemHealth

from assist.dialogue import Line
from assist.observer import Observations
from assist.showing import Shown, shown

LEVELS = {
    SystemHealth.HEALTHY: 'healthy',
    SystemHealth.WARNING: 'warning',
    SystemHealth.CRITICAL: 'critical',
}


@dataclass(frozen=True)
class Check:
    """Whether one stage really happened, and how that is known."""

    stage: str
    passed: bool
    evidence: str


def checks(
    seen: Observations, dialogue: Sequence[Line], nodes: Sequence[str], picture: Path | None
) -> list[Check]:
    """Return one check for each stage of the graph, and one for each thing to be shown."""
    heard = len(seen.transcripts)
    spoken = sum(bool(line.text) for line in dialogue)
    decided = matches(seen, dialogue)
    missing = [name for name in nodes if f'{name}: lifecycle' not in seen.statuses]
    return [
        Check(
            'active',
            seen.active_after is not None,
            f'all {len(nodes)} nodes after {seen.active_after:.1f} s'
            if seen.active_after is not None
            else 'not all nodes became active',
        ),
        Check('heard', heard >= spoken, f'{heard} of {spoken} sentences'),
        Check(
            'understood',
            {line.intent for line in dialogue} <= {decision.intent for decision in seen.decisions},
            ', '.join(dict.fromkeys(intent.name for intent in seen.intents if intent.name)),
        ),
        Check('decided', decided == len(dialogue), f'{decided} of {len(dialogue)} as they should'),
        *(_shown(item) for item in shown(seen)),
        Check('said', bool(seen.utterances), f'{len(seen.utterances)} sentences'),
        Check(
            'seen',
            bool(seen.labels),
            ', '.join(f'{label} {score:.0%}' for label, score in sorted(seen.labels.items()))
            or 'nothing',
        ),
        Check(
            'health',
            seen.health is not None and not missing,
            f'{LEVELS[seen.health.level]}, {len(seen.statuses)} diagnostics'
            if seen.health is not None and not missing
            else f'nothing from {", ".join(missing) or "monitor_node"}',
        ),
        Check('picture', picture is not None, str(picture or 'no annotated image came')),
    ]


def _shown(item: Shown) -> Check:
    if item.decision is None:
        return Check('shown', False, f'no {item.name.removeprefix("a ").removeprefix("an ")}')
    said = item.decision.reply or item.decision.intent
    since = 'the question' if item.decision.verdict == Decision.EXPIRE else 'the speech'
    delay = '' if item.delay is None else f', {_duration(item.delay)} after {since}'
    return Check('shown', True, f'{item.name}: "{said}"{delay}')


def _duration(seconds: float) -> str:
    return f'{seconds:.1f} s' if seconds >= 1 else f'{seconds * 1000:.0f} ms'


def matches(seen: Observations, dialogue: Sequence[Line]) -> int:
    """Return how many lines, in their order, met the decision that they should."""
    decisions = iter(seen.decisions)
    count = 0
    for line in dialogue:
        if any(
            decision.intent == line.intent and decision.verdict in line.verdicts
            for decision in decisions
        ):
            count += 1
        else:
            break
    return count


def render(
    results: Sequence[Check], seen: Observations, memory: Mapping[str, float]
) -> str:
    """Return the summary as text of one screen.

    Args:
        memory: resident memory of each node, MiB.
    """
    lines = ['', 'Summary']
    for check in results:
        lines.append(f'  {"✓" if check.passed else "✗"} {check.stage:<11} {check.evidence}')
    lines.append('  latency     ' + '; '.join(_chains(seen)))
    lines.append('  stages      ' + '; '.join(_stages(seen)))
    lines.append(
        '  memory      '
        + ', '.join(f'{name} {size:.0f}' for name, size in sorted(memory.items()))
        + f' MiB, together {sum(memory.values()):.0f}'
    )
    return '\n'.join(_wrapped(line) for line in lines)


def _chains(seen: Observations) -> list[str]:
    texts = []
    for name, delays in (
        ('transcript', seen.transcript_delays),
        ('decision', [delay for delay in seen.delays if delay is not None]),
    ):
        if delays:
            p50, p95 = np.percentile(delays, (50, 95)) * 1000
            texts.append(f'end of speech to {name} p50 {p50:.0f} p95 {p95:.0f} ms')
    return texts


def _stages(seen: Observations) -> list[str]:
    return [
        f'{name} {stage.p50 * 1000:.0f}/{stage.p95 * 1000:.0f}'
        for name, stage in sorted(seen.latency.items())
    ] + ['p50/p95 in ms']


def _wrapped(line: str, width: int = 100) -> str:
    words, lines = line.split(' '), ['']
    for word in words:
        if len(lines[-1]) + len(word) >= width:
            lines.append(' ' * 14)
        lines[-1] += f'{word} '
    return '\n'.join(line.rstrip() for line in lines)
