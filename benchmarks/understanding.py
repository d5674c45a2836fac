# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Score understanding on sentences written by somebody who had not seen the templates.

data/understanding_blind.yaml holds sentences with their intents and slots, each row
`{text, intent, slots, steps?}`; data/understanding_blind_reject.yaml holds what must not be
understood: small talk, television, reports, negations, fragments. Nobody who works on the templates
has read them, and their score meets or misses the lines. understanding_test.yaml,
understanding_test_2.yaml and understanding_reject.yaml were such sets once; what failed was looked
at, so that their score, `looked_at`, says only that nothing got worse. understanding_dev.yaml and
understanding_tuning.yaml are there to tune on.

A sentence counts as right when all its steps have the right intents; its slots when they are the
same too (lengths within 2 %). Accepted falsely is what must be rejected and yields an act, word for
word or nearly; a stop for a sentence with a stop word is counted by itself.

Only totals are printed, so that the test stays blind; --errors shows the sentences of the sets that
were looked at. --quick scores the tuning sets, and writes nothing.
Lines to meet: intents 97 %, slots 95 %, false acceptance 0.5 %. Writes understanding.json.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from assist_intent import resources
from assist_intent.grammar import Grammar
from assist_intent.types import Match, Understanding
from shared.report import finish, line, parser

DATA = Path(__file__).with_name('data')
LOOKED_AT = ('understanding_test', 'understanding_test_2', 'understanding_reject')
TALK = ('stop', 'pause', 'resume', 'cancel', 'yes', 'no', 'repeat', 'help', 'what_can_you_do',
        'select')  # fmt: skip
"""Intents that are about the conversation: by themselves they make the robot do nothing."""
TOLERANCE = 0.02

Steps = list[tuple[str, dict[str, str]]]


@dataclass
class Score:
    """How many of a set were right."""

    sentences: int = 0
    intents: int = 0
    slots: int = 0
    fuzzy: int = 0


def main() -> int:
    """Score the sets and write the figures."""
    arguments = parser(__doc__, 1)
    arguments.add_argument('--errors', action='store_true', help='print the sentences')
    options = arguments.parse_args()
    grammar = Grammar.load(resources.grammar_path())
    tuning = ('understanding_dev', 'understanding_tuning')
    looked_at = tuning if options.quick else LOOKED_AT
    known = figures(grammar, rows_of(*looked_at), errors=options.errors)
    blind = rows_of('understanding_blind', 'understanding_blind_reject')
    if options.quick or not blind:
        return finish(__file__, {'looked_at': known}, quick=options.quick)
    return finish(
        __file__, {**figures(grammar, blind, errors=False), 'looked_at': known}, quick=False
    )


def rows_of(*names: str) -> list[dict[str, Any]]:
    """Return the rows of those sets that are there."""
    return [row for name in names if (DATA / f'{name}.yaml').exists() for row in load(name)]


def figures(grammar: Grammar, rows: list[dict[str, Any]], *, errors: bool) -> dict[str, Any]:
    """Return the figures of a set; rows without an intent must be rejected."""
    accept = [row for row in rows if row.get('intent')]
    reject = [row for row in rows if not row.get('intent')]
    score, by_intent, wrong = score_accepted(grammar, accept)
    rejected, taken = score_rejected(grammar, reject)
    if errors:
        print(*wrong, *taken, sep='\n')
    missed = {
        name: f'{item.intents} and {item.slots} of {item.sentences}'
        for name, item in sorted(by_intent.items())
        if item.slots < item.sentences
    }
    return {
        'intents_right_percent': line(percent(score.intents, score.sentences), 97, at_least=True),
        'slots_right_percent': line(percent(score.slots, score.sentences), 95, at_least=True),
        'false_acceptance_percent': line(percent(rejected['accepted'], len(reject)), 0.5),
        'sentences': score.sentences,
        'understood_nearly': score.fuzzy,
        'to_reject': len(reject),
        'rejects': rejected,
        'intents_and_slots_right_where_not_all': missed,
    }


def percent(part: int, whole: int) -> float:
    """Return a part in percent."""
    return round(100 * part / whole, 2) if whole else 0.0


def load(name: str) -> list[dict[str, Any]]:
    """Return the rows of a set."""
    rows: list[dict[str, Any]] = yaml.safe_load((DATA / f'{name}.yaml').read_text())
    return rows


def score_accepted(
    grammar: Grammar, rows: Iterable[dict[str, Any]]
) -> tuple[Score, dict[str, Score], list[str]]:
    """Return the score of all, of each intent, and what was wrong."""
    total, by_intent, wrong = Score(), {}, []
    for row in rows:
        meaning = grammar.understand(row['text'])
        steps = row.get('steps') or [row]
        wanted = [(step['intent'], step['slots']) for step in steps]
        found = [(step.name, step.values()) for step in meaning.steps]
        intents = [name for name, _ in wanted] == [name for name, _ in found]
        slots = intents and same_slots(wanted, found)
        for score in (total, by_intent.setdefault(row['intent'], Score())):
            score.sentences += 1
            score.intents += intents
            score.slots += slots
            score.fuzzy += meaning.match == Match.FUZZY
        if not slots:
            wrong.append(f'{row["text"]} | wanted {wanted} | found {found}')
    return total, by_intent, wrong


def same_slots(wanted: Steps, found: Steps) -> bool:
    """Return whether all slots are the same, lengths within the tolerance."""
    return all(
        mine.keys() == theirs.keys()
        and all(same_value(name, str(mine[name]), theirs[name]) for name in mine)
        for (_, mine), (_, theirs) in zip(wanted, found, strict=True)
    )


def same_value(name: str, wanted: str, found: str) -> bool:
    """Return whether a value is right."""
    if name != 'distance':
        return wanted == found
    return abs(float(wanted) - float(found)) <= TOLERANCE * float(wanted)


def score_rejected(
    grammar: Grammar, rows: Iterable[dict[str, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """Return what became of sentences that are no commands."""
    counts: Counter[str] = Counter()
    by_kind: Counter[str] = Counter()
    sentences = []
    for row in rows:
        outcome = judge(grammar.understand(row['text']), row)
        counts[outcome] += 1
        if outcome != 'rejected':
            sentences.append(f'{row["text"]} | {outcome}')
            by_kind[row.get('kind', 'other')] += outcome.startswith('accepted')
    accepted = counts['accepted exactly'] + counts['accepted nearly']
    return {'accepted': accepted, **counts, 'accepted_by_kind': +by_kind}, sentences


def judge(meaning: Understanding, row: dict[str, Any]) -> str:
    """Return the outcome of a sentence that is no command."""
    if not meaning.name:
        return 'rejected'
    if meaning.name == 'stop' and row.get('has_stop_word'):
        return 'stopped by a stop word'
    act = meaning.tail.name if meaning.tail else meaning.name
    if act in TALK:
        return 'taken for talk with the robot'
    return 'accepted nearly' if meaning.match == Match.FUZZY else 'accepted exactly'


if __name__ == '__main__':
    sys.exit(main())
