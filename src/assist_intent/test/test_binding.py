# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Which objects an act is done to, and where to: tied to the scene, to the hand, or asked about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from assist_common.errors import ConfigurationError
from assist_intent.grammar import Grammar
from assist_intent.types import Outcome, Relation, Situation, Verdict
from conftest import GRAMMAR, Conversation, scene_of, thing

TABLES = (thing('dining table', 150, 200), thing('dining table', 500, 200, 2))
CUPS = (thing('cup', 100), thing('cup', 500, 90, 2))
BOTTLES = (thing('bottle', 50), thing('bottle', 400, number=2))


def look(talk: Conversation, *objects: object, relations: tuple[Relation, ...] = ()) -> None:
    """Let the robot see these objects."""
    talk.situation = Situation(scene_of(*objects, relations=relations))  # type: ignore[arg-type]


def ids(talk: Conversation) -> dict[str, str]:
    """Return the objects that the slots of the latest start are tied to."""
    slots = talk.started[-1].understanding.slots
    return {slot.name: slot.object_id for slot in slots if slot.object_id}


def do(talk: Conversation, text: str) -> None:
    """Ask for something, approve it and let it succeed."""
    talk.hear(text)
    talk.hear('yes')
    talk.take(talk.dialogue.ended(
        talk.started[-1].id, Outcome.SUCCEEDED, '', talk.seen(), talk.now
    ))  # fmt: skip


@pytest.mark.parametrize(
    'text',
    [
        'look at the cup',
        'give the cup to anna',
        'put the cup on the chair',
        'put the cup in the kitchen',
        'open the cup',
        'close the cup',
        'pour the milk into the cup',
        'pour the cup into the bowl',
        'pick up the cup',
        'bring me the cup',
        'go to the cup',
    ],
)
def test_every_act_asks_which_and_says_what_it_can_not_see(talk: Conversation, text: str) -> None:
    others = thing('chair', 300), thing('bowl', 350)
    look(talk, *CUPS, *others)
    decision = talk.hear(text)
    assert decision.verdict == Verdict.ASK
    assert decision.reply == 'I see two cups: the left one and the right one. Which one?'
    look(talk, *others)
    assert talk.hear(text).reply == 'I can not see a cup. Shall I look for it?'
    talk.situation = Situation(None)
    assert talk.hear(text).reply == 'I can not see at the moment.'
    look(talk, CUPS[1], *others)
    assert talk.hear(text).verdict in (Verdict.EXECUTE, Verdict.CONFIRM)


def test_to_look_for_one_asks_nothing(talk: Conversation) -> None:
    look(talk, *CUPS)
    for text in ('find the cup', 'where is the cup', 'how many cups are there'):
        assert talk.hear(text).verdict == Verdict.EXECUTE


def test_what_no_detector_finds_is_not_missed(talk: Conversation) -> None:
    look(talk, *CUPS)
    assert talk.hear('close the drawer').reply == 'Shall I close the drawer?'
    assert talk.hear('put the left cup into the box').verdict == Verdict.CONFIRM
    # One who sees such things tells them apart.
    look(talk, thing('box', 100), thing('box', 400, number=2))
    assert talk.hear('open the box').verdict == Verdict.ASK
    talk.hear('the left one')
    talk.hear('yes')
    assert ids(talk) == {'object': 'box_1'}
    # Where nothing is seen at all, no more is allowed than where two are.
    talk.situation = Situation(None)
    assert talk.hear('open the box').verdict == Verdict.REFUSE


def test_a_seen_box_that_goes_before_the_yes_is_missed(talk: Conversation) -> None:
    look(talk, thing('box'))
    assert talk.hear('open the box').verdict == Verdict.CONFIRM
    look(talk, *CUPS)
    assert talk.hear('yes').verdict != Verdict.EXECUTE


def test_a_thing_nobody_sees_tells_nothing_of_what_is_next_to_it(talk: Conversation) -> None:
    look(talk, CUPS[0])
    assert talk.hear('bring me the cup next to the lamp').verdict == Verdict.CONFIRM
    # But what is in it is not what is in view.
    assert talk.hear('bring me the cup from the cupboard').verdict == Verdict.ASK
    look(talk, *CUPS)
    assert talk.hear('bring me the cup next to the lamp').verdict == Verdict.ASK


def test_what_a_detector_finds_is_said_in_the_grammar(tmp_path: Path) -> None:
    extension = tmp_path / 'boxes.yaml'
    extension.write_text('language: en\nseen: {box: true}\n', encoding='utf-8')
    assert 'box' not in Grammar.load(GRAMMAR, extension).unseen
    extension.write_text('language: en\nseen: {box: perhaps}\n', encoding='utf-8')
    with pytest.raises(ConfigurationError, match="'box' is 'perhaps'"):
        Grammar.load(GRAMMAR, extension)


def test_what_is_held_need_not_be_seen(talk: Conversation) -> None:
    look(talk, thing('cup'), TABLES[0])
    do(talk, 'pick up the cup')
    look(talk, TABLES[0], thing('person', 500))
    assert talk.hear('give it to anna').verdict == Verdict.CONFIRM
    assert talk.hear('give the cup to anna').verdict == Verdict.CONFIRM
    # Another one is another one.
    assert talk.hear('give the blue cup to anna').verdict == Verdict.ASK
    do(talk, 'put the cup on the table')
    assert ids(talk) == {'object': 'cup_1', 'reference': 'dining table_1'}
    # Now it holds nothing.
    assert talk.hear('give the cup to anna').verdict == Verdict.ASK


def test_what_is_held_is_meant_before_what_is_seen(talk: Conversation) -> None:
    look(talk, thing('cup'))
    do(talk, 'pick up the cup')
    look(talk, thing('cup', 400, number=2), thing('cup', 500, number=3))
    do(talk, 'give anna the cup')
    assert ids(talk) == {'object': 'cup_1'}
    assert talk.hear('give anna the cup').reply.endswith('Which one?')


def test_a_failed_grip_holds_nothing(talk: Conversation) -> None:
    look(talk, thing('cup'))
    talk.hear('pick up the cup')
    talk.hear('yes')
    talk.take(talk.dialogue.ended(
        talk.started[-1].id, Outcome.FAILED, '', talk.seen(), talk.now
    ))  # fmt: skip
    look(talk, TABLES[0])
    assert talk.hear('give the cup to anna').verdict == Verdict.ASK


def test_a_plan_gives_what_it_has_picked_up(talk: Conversation) -> None:
    look(talk, thing('cup'))
    talk.hear('pick up the cup and give it to anna')
    talk.hear('yes')
    look(talk)
    talk.take(talk.dialogue.ended(
        talk.started[-1].id, Outcome.SUCCEEDED, '', talk.seen(), talk.now
    ))  # fmt: skip
    assert [request.understanding.name for request in talk.started] == ['pick', 'give']
    assert ids(talk) == {'object': 'cup_1'}


def test_of_several_tables_one_is_asked_for(talk: Conversation) -> None:
    look(talk, CUPS[0], *TABLES)
    reply = talk.hear('put the cup on the table').reply
    assert reply == 'I see two dining tables: the left one and the right one. Which one?'
    assert talk.hear('the right one').verdict == Verdict.CONFIRM
    talk.hear('yes')
    assert ids(talk) == {'object': 'cup_1', 'reference': 'dining table_2'}


def test_first_the_thing_then_the_table(talk: Conversation) -> None:
    look(talk, *CUPS, *TABLES)
    assert 'two cups' in talk.hear('put the cup on the table').reply
    assert 'two dining tables' in talk.hear('the right one').reply
    assert talk.hear('the table on the left').verdict == Verdict.CONFIRM
    talk.hear('yes')
    assert ids(talk) == {'object': 'cup_2', 'reference': 'dining table_1'}


def test_a_table_that_is_not_there_is_offered_to_be_looked_for(talk: Conversation) -> None:
    look(talk, CUPS[0])
    assert talk.hear('put the cup on the table').reply == (
        'I can not see a table. Shall I look for it?'
    )
    talk.hear('yes')
    assert talk.started[-1].understanding.value('object') == 'dining table'


def test_another_thing_is_no_answer_to_which_table(talk: Conversation) -> None:
    look(talk, CUPS[0], *TABLES, *BOTTLES)
    talk.hear('put the cup on the table')
    # It corrects what is put there: where to is asked anew.
    assert 'two dining tables' in talk.hear('the left bottle').reply
    talk.hear('the left one')
    talk.hear('yes')
    assert ids(talk) == {'object': 'bottle_1', 'reference': 'dining table_1'}


def test_a_plan_asks_which_table_at_its_step(talk: Conversation) -> None:
    look(talk, CUPS[0], *TABLES)
    talk.hear('pick up the cup and put it on the table')
    talk.hear('yes')
    talk.take(talk.dialogue.ended(
        talk.started[-1].id, Outcome.SUCCEEDED, '', talk.seen(), talk.now
    ))  # fmt: skip
    assert talk.said[-1].endswith('Which one?')
    talk.hear('the left one')
    assert ids(talk) == {'object': 'cup_1', 'reference': 'dining table_1'}


@pytest.mark.parametrize(
    ('relations', 'expected'),
    [
        # Only one bottle makes it true: that one is meant.
        ([('cup_1', 'left_of', 'bottle_2')], {'object': 'cup_1', 'reference': 'bottle_2'}),
        # Both do, of one and the same cup: which bottle was meant does not matter.
        (
            [('cup_1', 'left_of', 'bottle_1'), ('cup_1', 'left_of', 'bottle_2')],
            {'object': 'cup_1'},
        ),
        # They lead to different cups.
        ([('cup_1', 'left_of', 'bottle_1'), ('cup_2', 'left_of', 'bottle_2')], None),
    ],
)
def test_a_relation_to_several_things(
    talk: Conversation, relations: list[tuple[str, str, str]], expected: dict[str, str] | None
) -> None:
    look(talk, *CUPS, *BOTTLES, relations=tuple(Relation(*relation) for relation in relations))
    decision = talk.hear('bring me the cup left of the bottle')
    if expected is None:
        assert decision.reply == 'I see two cups: the left one and the right one. Which one?'
        talk.hear('the right one')
        expected = {'object': 'cup_2', 'reference': 'bottle_2'}
    talk.hear('yes')
    assert ids(talk) == expected


def test_a_second_relation_is_tied_too(talk: Conversation) -> None:
    relations = Relation('cup_1', 'on', 'dining table_1'), Relation('cup_1', 'next_to', 'bottle_1')
    look(talk, *CUPS, BOTTLES[0], *TABLES, relations=relations)
    talk.hear('bring me the cup on the table next to the bottle')
    talk.hear('yes')
    assert ids(talk) == {
        'object': 'cup_1', 'reference': 'dining table_1', 'second_reference': 'bottle_1',
    }  # fmt: skip


def test_where_milk_is_poured_is_not_which_milk(talk: Conversation) -> None:
    look(talk, replace(CUPS[0], attributes=('red',)), BOTTLES[0])
    talk.hear('pour the bottle into the cup')
    talk.hear('yes, pour the bottle into the cup')
    assert ids(talk) == {'object': 'bottle_1', 'reference': 'cup_1'}
