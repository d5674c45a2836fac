# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What counts as shown by a demo."""

from __future__ import annotations

import pytest
from assist.observer import Observations
from assist.showing import shown
from assist_msgs.msg import Decision, Slot, Transcript

REPEATED = 'a repeated confirmation of a high risk'


def decision(verdict: int) -> Decision:
    """Return a decision about a knife that a person asked for."""
    slots = [Slot(name='object', value='knife', text='knife')]
    return Decision(
        request_id='r1', intent='bring', slots=slots, verdict=verdict, risk=Decision.HIGH,
        text='Bring me the knife.',
    )  # fmt: skip


@pytest.mark.parametrize(
    ('answers', 'is_shown'),
    [
        (['Yes, bring the knife.'], True),
        (['Yes.', 'Yes, bring me the knife!'], True),
        (['Yes.'], False),
        (['Yes, bring it.'], False),
        ([], False),
    ],
)
def test_a_risky_act_is_repeated_only_where_the_answer_names_it(
    answers: list[str], is_shown: bool
) -> None:
    seen = Observations(
        transcripts=[Transcript(text=text) for text in ('Bring me the knife.', *answers)],
        decisions=[decision(Decision.CONFIRM), decision(Decision.EXECUTE)],
        decided_at=[1.0, 2.0],
        delays=[0.1, 0.2],
        executing_at=['', ''],
        heard_at=[1, 1 + len(answers)],
    )
    (found,) = [item for item in shown(seen) if item.name == REPEATED]
    assert (found.decision is not None) == is_shown
