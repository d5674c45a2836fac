# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Plans, pauses and corrections, conversation by conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assist_intent.grammar import Grammar
from assist_intent.types import (
    Cancel,
    Health,
    Outcome,
    Request,
    Risk,
    Scene,
    Situation,
    Understanding,
    Verdict,
)
from conftest import KITCHEN, STREET, Conversation, scene_of, thing

TABLE = scene_of(thing('cup', 100), thing('bowl', 300), thing('dining table', 150, 200))
TWO_CUPS = scene_of(thing('cup', 100), thing('cup', 500, 60, 2))
CLOSE = replace(TABLE, objects=(*TABLE.objects, thing('person', 320, 400)))


def plan(grammar: Grammar, *sentences: str) -> Understanding:
    """Return what one sentence with all of these means."""
    steps = [grammar.understand(sentence).steps[0] for sentence in sentences]
    return Understanding(' and '.join(sentences), score=1.0, name='x').with_steps(steps)


def ask_for(talk: Conversation, *sentences: str) -> None:
    """Ask for several acts in one sentence."""
    talk.understand_as = plan(talk.grammar, *sentences)
    talk.hear(' and '.join(sentences))


def end(talk: Conversation, outcome: Outcome = Outcome.SUCCEEDED, message: str = '') -> Request:
    """Let the executor end the latest act; return its request."""
    request = talk.started[-1]
    talk.dialogue.accepted(request.id, talk.now)
    talk.take(talk.dialogue.ended(request.id, outcome, message, talk.seen(), talk.now))
    return request


def names(talk: Conversation) -> list[str]:
    return [request.understanding.name for request in talk.started]


@pytest.fixture
def kitchen(talk: Conversation) -> Conversation:
    """Return a conversation in which a plan of three steps has been confirmed."""
    talk.situation = Situation(TABLE)
    ask_for(talk, 'go to the kitchen', 'find the cup', 'bring me the cup')
    talk.hear('yes')
    return talk


def test_a_plan_is_confirmed_once_and_runs_in_order(talk: Conversation) -> None:
    talk.situation = Situation(TABLE)
    ask_for(talk, 'go to the kitchen', 'find the cup', 'bring me the cup')
    asked = talk.decisions[-1]
    assert (asked.verdict, asked.request.risk) == (Verdict.CONFIRM, Risk.MEDIUM)
    assert asked.reply == 'Shall I go to the kitchen, look for the cup and bring the cup?'
    assert not talk.started
    talk.hear('yes')
    assert names(talk) == ['go_to']
    end(talk, message='I have arrived.')
    assert talk.said[-1] == 'Step 2 of 3: look for the cup.'
    end(talk)
    assert names(talk) == ['go_to', 'find', 'bring']
    assert [(item.plan, item.step) for item in talk.started] == [
        (asked.request.id, 1), (asked.request.id, 2), (asked.request.id, 3),
    ]  # fmt: skip
    assert len({item.id for item in talk.started}) == 3
    assert talk.started[2].understanding.slots[0].object_id == 'cup_1'
    end(talk)
    assert not talk.dialogue.busy
    assert [item.verdict for item in talk.decisions].count(Verdict.CONFIRM) == 1


def test_a_step_is_looked_for_when_its_turn_comes(talk: Conversation) -> None:
    talk.situation = Situation(STREET)
    ask_for(talk, 'go to the kitchen', 'bring me the cup')
    assert talk.hear('yes').verdict == Verdict.EXECUTE
    talk.situation = Situation(TWO_CUPS)
    end(talk)
    assert talk.said[-1] == 'I see two cups: the left one and the right one. Which one?'
    talk.hear('the right one', confidence=0.4)
    assert len(talk.started) == 1
    talk.hear('the right one')
    assert talk.started[1].understanding.slots[0].object_id == 'cup_2'


def test_a_step_that_got_riskier_is_asked_about_again(talk: Conversation) -> None:
    talk.situation = Situation(STREET)
    ask_for(talk, 'go to the kitchen', 'bring me the cup')
    talk.hear('yes')
    talk.situation = Situation(CLOSE)
    end(talk)
    asked = talk.decisions[-1]
    assert (asked.verdict, asked.request.risk) == (Verdict.CONFIRM, Risk.HIGH)
    talk.hear('yes')
    assert names(talk) == ['go_to']
    talk.hear('yes, bring me the cup')
    assert names(talk) == ['go_to', 'bring']


def test_a_high_step_has_to_be_repeated(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    ask_for(talk, 'go to the bedroom', 'bring me the knife')
    question = talk.decisions[-1].reply
    assert question.startswith('I would go to the bedroom and bring the knife. Careful:')
    assert question.endswith('say: yes, bring the knife.')
    assert not talk.press(True)
    talk.hear('yes')
    talk.hear('yes, go to the bedroom')
    assert not talk.started
    ask_for(talk, 'go to the bedroom', 'bring me the knife')
    talk.hear('yes, bring me the knife')
    assert names(talk) == ['go_to']


def test_a_forbidden_step_refuses_the_plan(talk: Conversation) -> None:
    ask_for(talk, 'go to the kitchen', 'bring me the bus')
    refused = talk.decisions[-1]
    assert (refused.verdict, refused.request.risk) == (Verdict.REFUSE, Risk.FORBIDDEN)
    assert refused.reply == 'I will not bring the bus: the bus is too heavy for me.'
    talk.hear('yes')
    assert not talk.started


def test_a_failed_step_says_why_and_may_be_tried_again(kitchen: Conversation) -> None:
    failed = end(kitchen, Outcome.FAILED, 'The door is shut.')
    assert kitchen.said[-1] == (
        'I could not go to the kitchen. The door is shut. '
        'Shall I try again, go on with the rest, or cancel?'
    )
    kitchen.hear('yes')
    assert len(kitchen.started) == 1
    kitchen.hear('try again')
    assert names(kitchen) == ['go_to', 'go_to']
    assert kitchen.started[1].id != failed.id


@pytest.mark.parametrize('answer', ['go on', 'skip it', 'continue with the rest'])
def test_the_rest_may_go_on_without_the_failed_step(kitchen: Conversation, answer: str) -> None:
    end(kitchen, Outcome.TIMED_OUT, 'It took too long.')
    kitchen.hear(answer)
    assert names(kitchen) == ['go_to', 'find']


@pytest.mark.parametrize('answer', ['cancel', 'no', 'what do you see', ''])
def test_a_failed_plan_ends_with_anything_else(kitchen: Conversation, answer: str) -> None:
    end(kitchen, Outcome.FAILED)
    if answer:
        kitchen.hear(answer)
    else:
        kitchen.pass_time(10.5)
    started = len(kitchen.started)
    kitchen.hear('try again')
    kitchen.hear('go on')
    assert len(kitchen.started) == started


def test_the_last_step_can_not_be_left_out_for_a_rest(talk: Conversation) -> None:
    ask_for(talk, 'what do you see', 'where is the bus')
    end(talk)
    end(talk, Outcome.UNSUPPORTED, 'I do not know how.')
    assert talk.said[-1].endswith('Shall I try again, or cancel?')
    talk.hear('skip it')
    assert not talk.dialogue.busy


def test_an_object_that_is_gone_fails_its_step(talk: Conversation) -> None:
    ask_for(talk, 'go to the kitchen', 'bring me the cup')
    talk.hear('yes')
    end(talk)
    assert 'I could not bring the cup. I can not see a cup.' in talk.said[-1]


def test_an_executor_that_is_gone_fails_the_step(kitchen: Conversation) -> None:
    kitchen.take(kitchen.dialogue.refused(kitchen.started[0].id, kitchen.now, absent=True))
    assert 'Shall I try again' in kitchen.said[-1]
    kitchen.hear('try again')
    kitchen.pass_time(3.5)
    assert 'no answer' in kitchen.said[-1]


def test_a_stop_ends_the_plan_and_resume_asks_about_the_rest(kitchen: Conversation) -> None:
    end(kitchen)
    kitchen.stop()
    assert kitchen.of(Cancel)[-1].request_ids == (kitchen.started[-1].id,)
    end(kitchen, Outcome.CANCELED)
    decision = kitchen.hear('resume')
    assert decision.reply == 'I may move again. Shall I look for the cup and bring the cup?'
    assert len(kitchen.started) == 2
    kitchen.hear('yes')
    assert names(kitchen)[2:] == ['find']


def test_cancel_ends_the_plan(kitchen: Conversation) -> None:
    kitchen.hear('cancel')
    end(kitchen, Outcome.CANCELED)
    kitchen.hear('resume')
    assert len(kitchen.started) == 1


def test_another_motion_ends_the_plan(kitchen: Conversation) -> None:
    end(kitchen)
    kitchen.hear('go to the bedroom')
    kitchen.hear('yes')
    assert kitchen.of(Cancel)[-1].request_ids == (kitchen.started[1].id,)
    kitchen.take(kitchen.dialogue.ended(
        kitchen.started[1].id, Outcome.SUCCEEDED, '', kitchen.situation, kitchen.now
    ))  # fmt: skip
    assert names(kitchen) == ['go_to', 'find', 'go_to']


def test_a_pause_holds_the_plan_at_its_step(kitchen: Conversation) -> None:
    end(kitchen)
    kitchen.hear('pause')
    assert kitchen.said[-1] == 'I wait. Say resume when I may go on.'
    assert not kitchen.latched
    end(kitchen, Outcome.CANCELED)
    assert len(kitchen.started) == 2
    kitchen.hear('resum')
    kitchen.hear('resume', confidence=0.3)
    kitchen.hear('resume', begun=0.0)
    assert len(kitchen.started) == 2
    kitchen.hear('resume')
    assert kitchen.said[-1] == 'I go on: look for the cup and bring the cup.'
    assert names(kitchen) == ['go_to', 'find', 'find']
    assert len({item.id for item in kitchen.started}) == 3


def test_a_pause_holds_a_single_act(talk: Conversation) -> None:
    assert talk.hear('pause').reply == 'There is nothing to pause.'
    talk.hear('go to the kitchen')
    talk.hear('yes')
    talk.hear('pause')
    assert talk.of(Cancel)[-1].request_ids == (talk.started[0].id,)
    end(talk, Outcome.CANCELED)
    talk.hear('resume')
    assert names(talk) == ['go_to', 'go_to']
    assert talk.started[1].id != talk.started[0].id
    end(talk, message='Here.')
    assert talk.said[-1] == 'Here.'
    assert not talk.dialogue.busy


def test_what_was_only_asked_about_is_not_held(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    talk.hear('pause')
    talk.hear('resume')
    talk.hear('yes')
    assert not talk.started


@pytest.mark.parametrize(
    'situation',
    [Situation(STREET, health=Health.CRITICAL), Situation(None)],
)
def test_a_resumed_act_is_judged_anew(talk: Conversation, situation: Situation) -> None:
    talk.hear('go to the kitchen')
    talk.hear('yes')
    talk.hear('pause')
    talk.situation = situation
    talk.hear('resume')
    assert len(talk.started) == 1


def test_a_long_pause_has_to_be_confirmed(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    talk.hear('yes')
    talk.hear('pause')
    end(talk, Outcome.CANCELED)
    talk.hear('resume', wait=301.0)
    assert talk.decisions[-1].verdict == Verdict.CONFIRM
    assert len(talk.started) == 1


def test_a_stop_during_a_pause_needs_resume_and_yes(kitchen: Conversation) -> None:
    kitchen.hear('pause')
    kitchen.stop()
    kitchen.hear('resume')
    assert len(kitchen.started) == 1
    assert kitchen.decisions[-1].verdict == Verdict.CONFIRM


@pytest.mark.parametrize(
    ('scene', 'asked', 'correction', 'slots'),
    [
        (
            KITCHEN, 'bring me the left cup', 'no, the right one',
            {'object': 'cup', 'position': 'right'},
        ),
        (TABLE, 'go to the kitchen', 'no, the bedroom', {'place': 'bedroom'}),
    ],
)  # fmt: skip
def test_a_correction_is_a_request_of_its_own(
    talk: Conversation, scene: Scene, asked: str, correction: str, slots: dict[str, str]
) -> None:
    talk.situation = Situation(scene)
    first = talk.hear(asked)
    decision = talk.hear(correction)
    assert decision.verdict == Verdict.CONFIRM
    assert decision.request.id != first.request.id
    assert decision.request.understanding.steps[0].values() == slots
    assert not talk.press(True, first.request.id)
    talk.hear('yes')
    assert talk.started[0].understanding.steps[0].values() == slots


def test_an_act_under_way_is_corrected_after_a_yes(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    talk.hear('yes')
    decision = talk.hear('no, the bedroom')
    assert 'Shall I go to the bedroom instead?' in decision.reply
    talk.hear('yes')
    assert talk.started[-1].understanding.value('place') == 'bedroom'


@pytest.mark.parametrize('correction', ['no, the bedroom', 'no, go to the bedroom'])
def test_a_wrong_way_is_not_gone_on_while_the_right_one_is_asked_about(
    talk: Conversation, correction: str
) -> None:
    talk.hear('go to the kitchen')
    talk.hear('yes')
    assert talk.hear(correction).verdict == Verdict.CONFIRM
    assert talk.of(Cancel)[-1].request_ids == (talk.started[0].id,)
    end(talk, Outcome.CANCELED)
    talk.hear('no')
    talk.hear('resume')
    assert [item.understanding.value('place') for item in talk.started] == ['kitchen', 'kitchen']


def test_a_risky_act_is_asked_about_again_after_a_pause(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    talk.hear('bring the knife')
    talk.hear('yes, bring the knife')
    talk.hear('pause')
    end(talk, Outcome.CANCELED)
    decision = talk.hear('resume')
    assert (decision.verdict, decision.request.risk) == (Verdict.CONFIRM, Risk.HIGH)
    assert len(talk.started) == 1
    talk.hear('yes, bring the knife')
    assert len(talk.started) == 2


def test_a_correction_that_fits_nothing_is_not_understood(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    assert talk.hear('no, the left one').reply == 'I do not know which one you mean.'
    assert not talk.started


def test_steps_of_low_risk_need_no_confirmation(talk: Conversation) -> None:
    ask_for(talk, 'what do you see', 'where is the bus')
    assert names(talk) == ['describe_scene']
    end(talk)
    assert names(talk) == ['describe_scene', 'where_is']


def test_a_spoken_plan_is_corrected_before_it_begins(talk: Conversation) -> None:
    talk.situation = Situation(TABLE)
    talk.hear('go to the bedroom and bring me the cup')
    decision = talk.hear('no, the kitchen')
    assert decision.reply == 'Shall I go to the kitchen and bring the cup?'
    talk.hear('yes')
    end(talk)
    assert names(talk) == ['go_to', 'bring']
    assert talk.started[0].understanding.value('place') == 'kitchen'


def test_an_act_resumed_after_a_pause_can_be_stopped_and_cancelled(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    talk.hear('yes')
    talk.hear('pause')
    end(talk, Outcome.CANCELED)
    talk.hear('resume')
    talk.hear('cancel')
    assert talk.of(Cancel)[-1].request_ids == (talk.started[1].id,)
    end(talk, Outcome.CANCELED)
    talk.hear('resume')
    assert len(talk.started) == 2
    assert not talk.dialogue.busy


KNIVES = scene_of(thing('knife', 100), thing('knife', 500, 60, 2), thing('bowl', 300),
                  thing('scissors', 400))  # fmt: skip
MORE_CUPS = scene_of(thing('cup', 100), thing('cup', 500, 60, 2), thing('bowl', 300))


@pytest.mark.parametrize(
    ('scene', 'step', 'approval', 'answers'),
    [
        (MORE_CUPS, 'bring the cup', 'yes', ['it is the bowl']),
        (
            MORE_CUPS, 'bring the cup to the kitchen', 'yes',
            ['i mean to the garage', 'the left one'],
        ),
        (KNIVES, 'bring the knife', 'yes, bring the knife', ['it is the scissors']),
    ],
)  # fmt: skip
def test_an_answer_to_which_one_changes_nothing_else_of_a_step(
    talk: Conversation, scene: Scene, step: str, approval: str, answers: list[str]
) -> None:
    talk.situation = Situation(STREET)
    ask_for(talk, 'go to the kitchen', step)
    talk.hear(approval)
    talk.situation = Situation(scene)
    end(talk)
    assert 'Which one?' in talk.said[-1]
    before = len(talk.started)
    decisions = [talk.hear(answer) for answer in answers]
    assert decisions[-1].verdict == Verdict.CONFIRM
    talk.hear('resume')
    assert len(talk.started) == before


def test_a_step_starts_with_the_object_that_was_chosen_of_those_in_question(
    talk: Conversation,
) -> None:
    talk.situation = Situation(STREET)
    ask_for(talk, 'go to the kitchen', 'bring the cup')
    talk.hear('yes')
    talk.situation = Situation(MORE_CUPS)
    end(talk)
    assert talk.hear('the blue one left of the dining table').verdict == Verdict.ASK
    decision = talk.hear('the left one')
    assert decision.verdict == Verdict.EXECUTE
    assert [(slot.value, slot.object_id) for slot in talk.started[-1].understanding.slots] == [
        ('cup', 'cup_1')
    ]


def test_a_question_of_a_step_ends_the_one_before(talk: Conversation) -> None:
    talk.situation = Situation(STREET)
    ask_for(talk, 'go to the kitchen', 'bring the cup')
    talk.hear('yes')
    talk.situation = Situation(MORE_CUPS)
    asked = talk.hear('go to the bedroom').request
    end(talk)
    over, question = talk.decisions[-2:]
    assert (over.verdict, over.request.id) == (Verdict.EXPIRE, asked.id)
    assert question.reply.endswith('Which one?')


def test_each_step_knows_what_approved_it(talk: Conversation) -> None:
    talk.situation = Situation(TABLE)
    ask_for(talk, 'go to the kitchen', 'bring the cup')
    talk.hear('yes', confidence=0.8)
    end(talk)
    assert [item.answer.confidence for item in talk.started if item.answer] == [0.8, 0.8]
