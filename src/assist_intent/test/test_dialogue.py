# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Conversations, one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assist_intent.types import (
    NEVER,
    Cancel,
    Ended,
    Health,
    Mode,
    Outcome,
    Risk,
    Say,
    Situation,
    Source,
    Verdict,
)
from conftest import KITCHEN, STREET, Conversation


def test_a_question_about_the_scene_runs_at_once(talk: Conversation) -> None:
    decision = talk.hear('What do you see?')
    assert (decision.verdict, decision.request.risk) == (Verdict.EXECUTE, Risk.LOW)
    assert [request.understanding.name for request in talk.started] == ['describe_scene']


def test_a_medium_act_runs_after_its_yes(talk: Conversation) -> None:
    decision = talk.hear('Go to the kitchen.')
    assert (decision.verdict, decision.reply) == (Verdict.CONFIRM, 'Shall I go to the kitchen?')
    assert not talk.started
    decision = talk.hear('Yes.')
    assert (decision.verdict, decision.confirmation) == (Verdict.EXECUTE, 'yes')
    assert talk.said[-1] == 'Going to the kitchen.'
    assert talk.started[0].id == talk.decisions[0].request.id


def test_a_high_act_needs_the_action_repeated(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    decision = talk.hear('bring me the knife')
    assert decision.request.risk == Risk.HIGH
    assert 'yes, bring the knife' in decision.reply
    assert talk.hear('yes').verdict == Verdict.ASK
    assert not talk.started
    decision = talk.hear('yes, bring me the knife')
    assert (decision.verdict, decision.confirmation) == (Verdict.EXECUTE, 'repeated')


def test_a_yes_may_point_at_what_was_asked_about(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    talk.hear('bring me the bowl')
    decision = talk.hear('yes, bring it')
    assert (decision.verdict, decision.confirmation) == (Verdict.EXECUTE, 'yes')
    assert [request.understanding.value('object') for request in talk.started] == ['bowl']


def test_a_yes_that_points_at_a_high_act_repeats_nothing(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    asked = talk.hear('bring me the knife').request
    decision = talk.hear('yes, bring it')
    assert (decision.verdict, decision.request.id) == (Verdict.ASK, asked.id)
    assert 'say: yes, bring the knife' in decision.reply
    assert not talk.started


def test_a_yes_that_points_at_another_act_is_another_request(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    talk.hear('bring me the bowl')
    decision = talk.hear('yes, pick it up')
    assert (decision.verdict, decision.request.understanding.name) == (Verdict.CONFIRM, 'pick')
    assert not talk.started


def test_a_high_act_is_not_approved_by_naming_another(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    talk.hear('bring me the knife')
    decision = talk.hear('yes, bring me the bowl')
    assert decision.verdict == Verdict.CONFIRM
    assert decision.request.understanding.value('object') == 'bowl'
    assert not talk.started


def test_a_forbidden_act_is_refused_with_its_reason(talk: Conversation) -> None:
    decision = talk.hear('bring me the bus')
    assert (decision.verdict, decision.request.risk) == (Verdict.REFUSE, Risk.FORBIDDEN)
    assert talk.said[-1] == 'I will not bring the bus: the bus is too heavy for me.'
    talk.hear('yes, bring me the bus')
    assert not talk.started


@pytest.mark.parametrize('answer', ['No.', 'no thanks', "Don't.", "don't go to the kitchen"])
def test_a_no_ends_it(talk: Conversation, answer: str) -> None:
    talk.hear('go to the kitchen')
    assert talk.hear(answer).verdict == Verdict.EXPIRE
    talk.hear('yes')
    assert not talk.started


def test_a_no_with_another_wish_corrects(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    decision = talk.hear('No, go to the bedroom.')
    assert decision.verdict == Verdict.CONFIRM
    talk.hear('yes')
    assert [request.understanding.value('place') for request in talk.started] == ['bedroom']


def test_a_question_expires_into_a_safe_no(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    talk.pass_time(10.2)
    assert talk.decisions[-1].verdict == Verdict.EXPIRE
    assert talk.said[-1] == 'I heard no answer, so I will not go to the kitchen.'
    assert talk.hear('yes').reply == 'That question has expired. Please ask again.'
    assert not talk.started


def test_a_late_yes_expires_without_a_tick_between(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    talk.hear('yes', wait=10.5)
    assert not talk.started


def test_an_answer_from_before_the_question_does_not_count(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    decision = talk.hear('yes', begun=talk.now - 0.5)
    assert decision.verdict == Verdict.ASK
    talk.hear('yes', begun=NEVER)
    assert not talk.started
    assert talk.hear('yes').verdict == Verdict.EXECUTE


QUESTION = 'Shall I go to the kitchen?'


def test_the_question_ends_when_the_robot_has_said_it(talk: Conversation) -> None:
    talk.dialogue.speaker()
    talk.hear('go to the kitchen')
    talk.dialogue.speech(QUESTION, talk.now + 0.1)
    again = talk.hear('yes', wait=1.0)
    assert again.verdict == Verdict.ASK
    # The end of what was said before is not the end of what is asked again.
    talk.dialogue.speech('', talk.now + 0.1)
    talk.dialogue.speech(again.reply, talk.now + 0.2)
    talk.dialogue.speech('', talk.now + 5.0)
    assert talk.hear('yes', wait=5.0, begun=talk.now + 4.0).verdict != Verdict.EXECUTE
    assert talk.hear('yes', wait=9.0).verdict == Verdict.EXECUTE


def test_the_end_of_other_words_is_not_the_end_of_the_question(talk: Conversation) -> None:
    talk.dialogue.speech('I have arrived.', talk.now)
    talk.hear('go to the kitchen')
    talk.dialogue.speech('', talk.now + 0.1)
    assert talk.hear('yes', wait=1.0).verdict == Verdict.ASK
    assert talk.hear('yes', wait=1.0).verdict == Verdict.ASK
    assert not talk.started


def test_an_end_from_before_the_question_is_not_its_end(talk: Conversation) -> None:
    talk.dialogue.speaker()
    talk.hear('go to the kitchen')
    # What was queued, of the same question asked before.
    talk.dialogue.speech(QUESTION, talk.now - 0.2)
    talk.dialogue.speech('', talk.now - 0.1)
    assert talk.hear('yes', wait=1.0).verdict == Verdict.ASK
    assert not talk.started


def test_a_slow_voice_does_not_let_an_answer_count_before_the_question(
    talk: Conversation,
) -> None:
    talk.dialogue.speaker()
    talk.hear('go to the kitchen')
    talk.pass_time(4.0)
    assert talk.hear('yes').verdict == Verdict.ASK
    assert not talk.started


def test_other_words_between_do_not_end_the_question_again(talk: Conversation) -> None:
    talk.dialogue.speaker()
    talk.hear('go to the kitchen')
    talk.dialogue.speech(QUESTION, talk.now + 0.1)
    talk.dialogue.speech('', talk.now + 1.0)
    talk.dialogue.speech('I see a bus.', talk.now + 2.0)
    assert talk.hear('yes', wait=3.0).verdict == Verdict.EXECUTE


def test_speech_can_not_hold_a_question_open_for_ever(talk: Conversation) -> None:
    talk.dialogue.speaker()
    talk.hear('go to the kitchen')
    for number in range(40):
        talk.dialogue.speech(f'Words {number}.', talk.now)
        talk.pass_time(1.0)
    assert talk.decisions[-1].verdict == Verdict.EXPIRE


def test_a_speaker_that_stays_silent_does_not_block_an_answer_for_ever(
    talk: Conversation,
) -> None:
    talk.dialogue.speaker()
    talk.hear('go to the kitchen')
    talk.pass_time(10.5)
    assert talk.hear('yes').verdict == Verdict.EXECUTE


def test_an_unclear_answer_is_asked_again_once(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    assert 'yes or no' in talk.hear('yes', confidence=0.4).reply
    assert talk.hear('yess', confidence=0.9).reply == ''
    assert not talk.started
    assert talk.hear('yes').verdict == Verdict.EXECUTE


def test_a_near_miss_is_asked_back(talk: Conversation) -> None:
    decision = talk.hear('where is my umbrela')
    assert (decision.verdict, decision.reply) == (
        Verdict.CONFIRM, 'Did you mean: look for the umbrella?',
    )  # fmt: skip
    assert not talk.started
    assert talk.hear('yes').verdict == Verdict.EXECUTE


def test_words_that_were_hardly_heard_are_not_acted_on(talk: Conversation) -> None:
    assert talk.hear('what do you see', confidence=0.45).verdict == Verdict.CONFIRM
    assert talk.hear('go to the kitchen', confidence=0.1).verdict == Verdict.ASK
    assert not talk.started


def test_an_object_that_is_not_seen_is_offered_to_be_looked_for(talk: Conversation) -> None:
    decision = talk.hear('Bring me the cup.')
    assert decision.verdict == Verdict.ASK
    assert decision.reply == 'I can not see a cup. Shall I look for it?'
    talk.hear('yes')
    assert [request.understanding.name for request in talk.started] == ['find']


def test_of_several_objects_one_is_asked_for(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    decision = talk.hear('bring me the cup')
    assert decision.reply == 'I see two cups: the left one and the right one. Which one?'
    assert talk.hear('yes').verdict == Verdict.ASK
    assert talk.hear('the right one').reply == 'Shall I bring the right cup?'
    talk.hear('yes')
    assert talk.started[0].understanding.slots[-2].object_id == 'cup_2'


def test_what_was_seen_must_still_be_there_at_the_yes(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    talk.hear('bring me the bowl')
    talk.situation = Situation(STREET)
    assert talk.hear('yes').verdict == Verdict.ASK
    talk.situation = Situation(KITCHEN)
    talk.hear('no')
    talk.hear('bring me the bowl')
    talk.situation = Situation(replace(KITCHEN, seen_at=1.0))
    assert talk.hear('yes').verdict != Verdict.EXECUTE
    assert not talk.started


@pytest.mark.parametrize(
    'situation',
    [Situation(STREET, health=Health.CRITICAL), Situation(STREET, mode=Mode.SAFE_STOP),
     Situation(STREET, mode=Mode.DEGRADED), Situation(STREET, missing=('acting',)),
     Situation(None)],
)  # fmt: skip
def test_a_yes_approves_no_more_than_was_asked(talk: Conversation, situation: Situation) -> None:
    talk.hear('go to the kitchen')
    talk.situation = situation
    assert talk.hear('yes').verdict in (Verdict.REFUSE, Verdict.CONFIRM)
    assert not talk.started


def test_stop_wins_and_holds_until_resume(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    talk.hear('yes')
    talk.stop()
    assert talk.latched
    assert talk.of(Say)[-1] == Say('Stopping.', urgent=True)
    assert talk.of(Cancel)[-1].request_ids == (talk.started[0].id,)
    assert talk.hear('go to the bedroom').verdict == Verdict.REFUSE
    assert talk.hear('what do you see').verdict == Verdict.EXECUTE
    for unclear in (('resum', 1.0), ('resume', 0.3)):
        talk.hear(unclear[0], confidence=unclear[1])
        assert talk.latched
    talk.hear('resume', begun=50.0)
    assert talk.latched
    decision = talk.hear('Resume.')
    assert not talk.latched
    assert decision.verdict == Verdict.CONFIRM
    assert decision.reply == 'I may move again. Shall I go to the kitchen?'
    talk.hear('yes')
    assert [request.understanding.name for request in talk.started].count('go_to') == 2


def test_a_resume_from_before_the_latest_stop_does_not_release(talk: Conversation) -> None:
    talk.stop()
    talk.stop(wait=5.0)
    talk.hear('resume', begun=talk.now - 2.0)
    assert talk.latched
    talk.hear('resume')
    assert not talk.latched


def test_the_same_stop_is_said_once(talk: Conversation) -> None:
    talk.stop('sto stop')
    talk.take(talk.dialogue.hear(
        talk.grammar.understand('Stop!'),
        replace(talk.decisions[-1].request.heard, text='Stop!', begun=talk.now - 0.4),
        talk.situation, talk.now + 0.3,
    ))  # fmt: skip
    assert talk.said == ['Stopping.']
    assert [decision.verdict for decision in talk.decisions] == [Verdict.STOP] * 2
    talk.stop(wait=5.0)
    assert len(talk.said) == 2


def test_a_question_that_a_stop_ends_is_told_to_be_over(talk: Conversation) -> None:
    asked = talk.hear('go to the kitchen').request
    talk.stop()
    over = [item for item in talk.decisions if item.verdict == Verdict.EXPIRE]
    assert [item.request.id for item in over] == [asked.id]
    assert over[0].request.reasons[-1] == 'stopped'
    assert talk.decisions[-1].verdict == Verdict.STOP


def test_what_approved_an_act_is_kept_with_what_it_was_judged_by(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN, health=Health.WARNING)
    talk.hear('bring me the bowl')
    decision = talk.hear('yes', confidence=0.7)
    assert (decision.verdict, decision.request.heard.text) == (
        Verdict.EXECUTE, 'bring me the bowl',
    )  # fmt: skip
    assert decision.request.answer is not None
    assert (decision.request.answer.text, decision.request.answer.confidence) == ('yes', 0.7)
    assert decision.situation == talk.seen()
    talk.stop()
    assert talk.decisions[-1].situation is None


def test_what_can_not_be_logged_is_not_done_when_it_is_risky(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN, logged=False)
    assert talk.hear('bring me the bowl').verdict == Verdict.CONFIRM
    decision = talk.hear('bring me the knife')
    assert decision.verdict == Verdict.REFUSE
    assert 'I can not keep a record of it' in decision.reply


def test_a_stop_ends_the_question(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    talk.stop()
    talk.hear('yes')
    assert not talk.started


def test_a_safe_stop_of_the_system_stops(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    talk.hear('yes')
    talk.take(talk.dialogue.mode_changed(Mode.SAFE_STOP, 'the camera is gone', talk.now))
    assert talk.latched
    assert talk.said[-1] == 'Stopping: the camera is gone'
    talk.situation = Situation(STREET, mode=Mode.SAFE_STOP, mode_reason='the camera is gone')
    assert 'the camera is gone' in talk.hear('resume').reply
    assert talk.latched


def test_a_safe_stop_from_before_the_start_does_not_latch(talk: Conversation) -> None:
    talk.take(talk.dialogue.mode_changed(Mode.SAFE_STOP, 'intent_node is inactive', talk.now))
    assert not talk.latched
    talk.situation = Situation(STREET, mode=Mode.SAFE_STOP, mode_reason='intent_node is inactive')
    assert 'intent_node is inactive' in talk.hear('go to the kitchen').reply
    talk.take(talk.dialogue.mode_changed(Mode.NORMAL, '', talk.now))
    talk.take(talk.dialogue.mode_changed(Mode.SAFE_STOP, 'executor_node hangs', talk.now))
    assert talk.latched


def test_cancel_ends_question_and_act(talk: Conversation) -> None:
    assert talk.hear('cancel').reply == 'There is nothing to cancel.'
    talk.hear('go to the kitchen')
    talk.hear('cancel')
    talk.hear('yes')
    assert not talk.started
    talk.hear('go to the kitchen')
    talk.hear('yes')
    talk.hear('cancel that')
    assert talk.of(Cancel)
    assert not talk.latched


def test_a_new_motion_replaces_the_one_before(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    talk.hear('yes')
    talk.dialogue.accepted(talk.started[0].id, talk.now)
    decision = talk.hear('go to the bedroom')
    assert (
        decision.reply == 'I am still busy: go to the kitchen. Shall I go to the bedroom instead?'
    )
    assert not talk.of(Cancel)
    talk.hear('yes')
    assert talk.of(Cancel)[0].request_ids == (talk.started[0].id,)


def test_results_are_said_once(talk: Conversation) -> None:
    talk.hear('what do you see')
    request = talk.started[0]
    talk.dialogue.accepted(request.id, talk.now)
    for _ in range(2):
        talk.take(talk.dialogue.ended(
            request.id, Outcome.SUCCEEDED, 'I see a bus.', talk.situation, talk.now
        ))  # fmt: skip
    assert talk.said == ['I see a bus.']
    assert talk.of(Ended) == [Ended(request, Outcome.SUCCEEDED, 'I see a bus.')]
    assert talk.hear('say that again').reply == 'I see a bus.'
    assert talk.dialogue.ended('unheard of', Outcome.FAILED, 'x', talk.situation, talk.now) == []


def test_an_executor_that_is_absent_refuses_or_never_answers(talk: Conversation) -> None:
    talk.hear('what do you see')
    talk.take(talk.dialogue.refused(talk.started[0].id, talk.now, absent=True))
    assert talk.said[-1] == 'Nothing that can say what I see is running.'
    talk.hear('what do you see')
    talk.take(talk.dialogue.refused(talk.started[1].id, talk.now))
    assert talk.said[-1] == 'I can not say what I see now.'
    talk.hear('what do you see')
    talk.pass_time(3.5)
    assert 'no answer' in talk.said[-1]
    talk.hear('what do you see')
    talk.dialogue.accepted(talk.started[3].id, talk.now)
    talk.pass_time(10.5)
    assert 'took too long' in talk.said[-1]
    assert talk.of(Cancel)[-1].request_ids == (talk.started[3].id,)
    assert not talk.dialogue.busy


def test_a_cancelled_act_that_never_ends_is_given_up(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    talk.hear('yes')
    talk.stop()
    talk.pass_time(6.0)
    assert not talk.dialogue.busy
    assert talk.of(Ended)[-1].outcome == Outcome.CANCELED
    assert talk.said[-1] == 'I do not know whether I have ended this: go to the kitchen.'


def test_a_motion_that_does_not_confirm_its_end_is_stopped(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    talk.hear('yes')
    talk.hear('cancel')
    talk.pass_time(4.0)
    assert not talk.latched
    talk.pass_time(2.0)
    assert talk.latched
    assert talk.said[-1] == (
        'Stopping: I do not know whether I have ended this: go to the kitchen.'
    )
    talk.hear('resume')
    assert not talk.latched


def test_an_answer_that_does_not_confirm_its_end_stops_nothing(talk: Conversation) -> None:
    talk.hear('what do you see')
    talk.hear('cancel')
    talk.pass_time(6.0)
    assert not talk.latched


def test_buttons_answer_the_request_that_they_name(talk: Conversation) -> None:
    assert not talk.press(True, 'none')
    talk.hear('go to the kitchen')
    assert not talk.press(True, 'another')
    assert talk.press(True)
    assert not talk.press(True, talk.started[0].id)
    assert talk.decisions[-1].confirmation == 'button'
    assert len(talk.started) == 1
    talk.hear('go to the bedroom')
    assert talk.press(False)
    assert talk.decisions[-1].verdict == Verdict.EXPIRE
    assert len(talk.started) == 1


@pytest.mark.parametrize(
    ('outcome', 'message', 'told'),
    [
        (Outcome.UNSUPPORTED, '', 'I do not know how to go to the kitchen.'),
        (Outcome.FAILED, '', 'Something went wrong while I tried to go to the kitchen.'),
        (Outcome.FAILED, 'The door is shut.', 'The door is shut.'),
        (Outcome.CANCELED, 'liveliness lost', 'I had to break off: go to the kitchen.'),
        (Outcome.SUCCEEDED, '', 'Going to the kitchen.'),
    ],
)
def test_a_bad_end_is_told_in_the_language_of_the_person(
    talk: Conversation, outcome: Outcome, message: str, told: str
) -> None:
    talk.hear('go to the kitchen')
    talk.hear('yes')
    talk.take(talk.dialogue.ended(talk.started[0].id, outcome, message, talk.seen(), talk.now))
    assert talk.said[-1] == told


def test_stop_following_stops_and_is_not_offered_again(talk: Conversation) -> None:
    talk.hear('follow me')
    talk.hear('yes')
    talk.stop()
    talk.take(talk.dialogue.explain_stop(talk.grammar.understand('stop following me')))
    assert talk.said[-1].startswith('I no longer follow you. I have stopped.')
    assert talk.hear('resume').reply == 'I may move again.'


def test_another_stop_is_not_explained(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    talk.hear('yes')
    talk.stop()
    said = len(talk.said)
    talk.take(talk.dialogue.explain_stop(talk.grammar.understand('stop moving')))
    assert len(talk.said) == said
    assert 'go to the kitchen' in talk.hear('resume').reply


def test_a_button_does_not_approve_what_must_be_repeated(talk: Conversation) -> None:
    talk.situation = Situation(KITCHEN)
    talk.hear('bring me the knife')
    assert not talk.press(True)
    assert not talk.started
    assert talk.hear('yes, bring the knife', source=Source.TEXT).verdict == Verdict.EXECUTE


def test_a_button_after_the_deadline_does_nothing(talk: Conversation) -> None:
    talk.hear('go to the kitchen')
    request_id = talk.dialogue.waiting
    assert not talk.press(True, request_id, wait=10.5)
    assert not talk.started


def test_sorry_is_not_said_all_the_time(talk: Conversation) -> None:
    for _ in range(5):
        assert talk.hear('the weather is nice').verdict == Verdict.ASK
    assert talk.said == ['Sorry, I did not understand that.']
    talk.hear('bring me the stapler', wait=10.0)
    assert talk.said[-1] == 'Sorry, I do not know what stapler is.'


def test_too_many_requests_are_refused(talk: Conversation) -> None:
    for _ in range(10):
        talk.hear('go to the kitchen', wait=0.1)
        talk.hear('yes', wait=0.1)
        talk.take(talk.dialogue.ended(
            talk.started[-1].id, Outcome.SUCCEEDED, '', talk.seen(), talk.now
        ))  # fmt: skip
    assert len(talk.started) == 10
    assert talk.hear('go to the kitchen', wait=0.1).verdict == Verdict.REFUSE
    assert talk.hear('go to the kitchen', wait=61.0).verdict == Verdict.CONFIRM


def test_stray_answers_and_help(talk: Conversation) -> None:
    assert talk.hear('yes').reply == 'There is nothing to confirm.'
    assert talk.hear('no').reply == 'There is nothing to confirm.'
    assert talk.hear('resume').reply == 'I am not stopped.'
    assert talk.hear('the left one').reply == 'I do not know which one you mean.'
    assert 'Say stop' in talk.hear('what can you do').reply
    assert not talk.started
    assert not talk.latched
