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

LEVELS = {
    SystemHealth.HEALTHY: 'healthy',
    SystemHealth.WARNING: 'warning',
    SystemHealth.CRITICAL: 'critical',
}
CHAINS = (
    ('end of speech to transcript', 'transcript_delays'),
    ('end of speech to decision', 'decision_delays'),
)


@dataclass(frozen=True)
class Check:
    """Whether one stage really happened, and how that is known."""

    stage: str
    passed: bool
    evidence: str


def checks(
    seen: Observations, dialogue: Sequence[Line], nodes: Sequence[str], picture: Path | None
) -> list[Check]:
    """Return one check for each stage of the graph."""
    heard = len(seen.transcripts)
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
        Check('heard', heard >= len(dialogue), f'{heard} of {len(dialogue)} sentences'),
        Check(
            'understood',
            {line.intent for line in dialogue} <= {decision.intent for decision in seen.decisions},
            ', '.join(dict.fromkeys(intent.name for intent in seen.intents if intent.name)),
        ),
        Check('decided', decided == len(dialogue), f'{decided} of {len(dialogue)} as they should'),
        Check(
            'stopped',
            seen.stopped and stopped_an_act(seen),
            'stop was latched after an act had begun'
            if seen.stopped and stopped_an_act(seen)
            else 'no stop was latched after an act had begun',
        ),
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


def stopped_an_act(seen: Observations) -> bool:
    """Return whether a stop was decided after a confirmed act had been started."""
    confirmed = {
        decision.request_id for decision in seen.decisions if decision.verdict == Decision.CONFIRM
    }
    begun = False
    for decision in seen.decisions:
        begun |= decision.verdict == Decision.EXECUTE and decision.request_id in confirmed
        if begun and decision.verdict == Decision.STOP:
            return True
    return False


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
    for name, attribute in CHAINS:
        delays = getattr(seen, attribute)
        if delays:
            p50, p95 = np.percentile(delays, (50, 95)) * 1000
            texts.append(f'{name} p50 {p50:.0f} p95 {p95:.0f} ms')
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
