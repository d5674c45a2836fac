# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Messages and back."""

from __future__ import annotations

import pytest
from assist_intent import conversions, grounding
from assist_intent.types import Heard, Request, Sight, Slot, Step, Understanding
from assist_msgs.msg import Scene

PLAN = Understanding(
    'go to the kitchen and find the cup',
    'go_to',
    (Slot('place', 'kitchen', 'kitchen'),),
    score=1.0,
    later=(Step('find', (Slot('object', 'cup', 'mug', 'cup_1'),)),),
)


def test_a_plan_keeps_its_steps() -> None:
    message = conversions.from_request(Request('r1', PLAN, Heard(PLAN.text)))
    assert (message.name, message.slots) == (message.steps[0].name, message.steps[0].slots)
    assert conversions.to_understanding(message) == PLAN


def test_every_step_is_written_down() -> None:
    record = conversions.request_record(Request('r1', PLAN, Heard(PLAN.text)))
    assert record['steps'] == [
        {'intent': 'go_to', 'slots': {'place': 'kitchen'}},
        {'intent': 'find', 'slots': {'object': 'cup'}},
    ]
    assert record['objects'] == ['cup_1']


def test_a_plan_is_repeated_only_as_a_whole() -> None:
    first = PLAN.single(PLAN.steps[0])
    assert not first.repeats(PLAN)
    assert not PLAN.repeats(first)
    assert PLAN.with_steps(PLAN.steps).repeats(PLAN)
    assert not PLAN.with_steps(PLAN.steps[::-1]).repeats(PLAN)


@pytest.mark.parametrize(
    ('age', 'now', 'later'),
    [
        (0.0, Sight.FRESH, Sight.STALE),
        (-0.5, Sight.FRESH, Sight.STALE),
        # Its stamp will be of now, then.
        (-5.0, Sight.STALE, Sight.STALE),
    ],
)
def test_a_scene_from_the_future_is_never_fresh(age: float, now: Sight, later: Sight) -> None:
    scene = conversions.to_scene(Scene(), 100.0, age)
    assert grounding.sight(scene, 100.0, 2.0) == now
    assert grounding.sight(scene, 100.0 + max(-age, 3.0), 2.0) == later
    assert grounding.sight(scene, 102.4, 2.0) != Sight.FRESH
