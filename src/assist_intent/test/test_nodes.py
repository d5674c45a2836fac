# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The two nodes in one graph, over topics."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from assist_common import qos
from assist_common.conversions import to_seconds, to_stamp
from assist_common.testing import Graph, wait_until
from assist_intent import audit, types
from assist_intent.executor import Executor, Task, handles
from assist_intent.executor_node import ExecutorNode
from assist_intent.intent_node import IntentNode
from assist_intent.types import (
    Cancel,
    Decided,
    Heard,
    Latch,
    Request,
    Say,
    Scene,
    Understanding,
    Verdict,
)
from assist_msgs.action import ExecuteCommand
from assist_msgs.msg import (
    Decision,
    Intent,
    SafetyState,
    SceneObject,
    Slot,
    SpatialRelation,
    SystemMode,
    Transcript,
    Utterance,
    Vocabulary,
)
from assist_msgs.msg import Scene as SceneMessage
from assist_msgs.srv import Confirm, ParseText
from conftest import KITCHEN, POLICY, STREET, check_halts, seconds_to_halt
from rclpy.action import ActionClient, ActionServer
from rclpy.action.server import GoalResponse
from std_msgs.msg import Bool, Header, String
from vision_msgs.msg import BoundingBox2D


def from_scene(scene: Scene) -> SceneMessage:
    """Return the message of a scene, without a stamp."""
    message = SceneMessage(image_width=scene.width, image_height=scene.height)
    for item in scene.objects:
        box = BoundingBox2D(size_x=float(item.width), size_y=float(item.height))
        box.center.position.x, box.center.position.y = float(item.x), float(item.y)
        message.objects.append(
            SceneObject(id=item.id, label=item.label, confidence=item.confidence, bbox=box)
        )
    message.relations = [
        SpatialRelation(**{**vars(item), 'confidence': float(item.confidence)})
        for item in scene.relations
    ]
    return message


class House:
    """A graph with the nodes under test, and a person who speaks to them."""

    def __init__(self, graph: Graph, audit_folder: Path) -> None:
        self.graph = graph
        self.audit_folder = audit_folder
        self.decisions = graph.listen(Decision, 'decision')
        self.intents = graph.listen(Intent, 'intent')
        self.says = graph.listen(Utterance, 'say')
        self.stops = graph.listen(Bool, 'stop', qos.LATCHED)
        self.safety = graph.listen(SafetyState, 'safety_state', qos.SAFETY)
        self.intent_node = self.start_intent_node()
        self.executor_node = graph.start(ExecutorNode, {'travel_time': 30.0})
        self.transcripts = graph.publisher(Transcript, 'transcript')
        self.partials = graph.publisher(Transcript, 'transcript/partial')
        self.texts = graph.publisher(String, 'text_command')
        self.scenes = graph.publisher(SceneMessage, 'scene')
        wait_until(lambda: self.scenes.get_subscription_count() == 2, 'two nodes that look')
        wait_until(lambda: self.intent_node.execute._client.server_is_ready(), 'the executor')
        wait_until(lambda: self.executor_node.watch.safe(self.intent_node.steady()), 'safety')

    def start_intent_node(self) -> IntentNode:
        """Return a new intent node."""
        return self.graph.start(IntentNode, {'audit_folder': str(self.audit_folder)})

    def look(self, scene: Any = STREET) -> None:
        """Show a scene to both nodes."""
        message = from_scene(scene)
        message.header.stamp = self.graph.probe.get_clock().now().to_msg()
        world = self.intent_node.world
        before = (world._load_scene, world._scene), self.executor_node._scene
        self.scenes.publish(message)
        wait_until(
            lambda: (
                (world._load_scene, world._scene) != before[0]
                and self.executor_node._scene is not before[1]
            ),
            'the scene to arrive',
        )

    def say(self, text: str, *, confidence: float = 0.9, age: float = 0.0) -> Decision:
        """Say something and return the decision that came of it."""
        self.look()
        before = len(self.decisions.messages)
        self.transcripts.publish(self.transcript(text, confidence, age))
        return self.decisions.wait(before + 1)[-1]

    def transcript(self, text: str, confidence: float = 0.9, age: float = 0.0) -> Transcript:
        """Return the transcript of something that began `age` seconds ago."""
        now = to_seconds(self.graph.probe.get_clock().now().to_msg())
        header = Header(stamp=to_stamp(now - age))
        return Transcript(header=header, final=True, text=text, confidence=confidence)

    def start_going(self) -> str:
        """Have the robot go to the kitchen; return the request id."""
        self.say('Go to the kitchen.')
        # A question that it replaces has a decision of its own, before that.
        asked = self.decisions.wait_for(lambda all: all[-1].verdict == Decision.CONFIRM)
        request_id = asked[-1].request_id
        assert self.say('Yes.').verdict == Decision.EXECUTE
        wait_until(lambda: self.executor_node.tasks, 'the way to the kitchen to begin')
        return request_id

    def texts_said(self) -> list[str]:
        """Return all that was to be said."""
        return [message.text for message in self.says.messages]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Return a running house."""
    with Graph(namespace='assist') as graph:
        yield House(graph, tmp_path / 'audit')


def said(house: House, text: str) -> None:
    house.says.wait_for(lambda messages: any(item.text == text for item in messages))


def logged(house: House) -> None:
    wait_until(lambda: not house.intent_node.effects.unwritten, 'the log to be written')


def test_what_is_decided_on_a_full_disk_is_logged_later(house: House) -> None:
    node = house.intent_node
    logged(house)
    whole, node.audit._file = node.audit._file, io.FileIO('/dev/full', 'w')
    house.say('What do you see?')
    wait_until(lambda: node.world.audit_failed, 'the failure to be known')
    house.say('Where is the bus?')
    assert node.effects.unwritten >= 2
    node.audit._file = whole
    logged(house)
    wait_until(lambda: not node.world.audit_failed, 'the end of the failure to be known')
    folder = next(iter(audit.folders(house.audit_folder)))
    texts = [entry.get('text') for entry in audit.entries(folder)]
    assert {'What do you see?', 'Where is the bus?'} <= set(texts)
    assert audit.verify(folder).problems == []


@pytest.mark.parametrize('known', [True, False])
def test_what_is_risky_begins_only_when_it_is_on_the_disk(house: House, known: bool) -> None:
    node = house.intent_node
    sentence = 'go to the kitchen'
    house.texts.publish(String(data=sentence))
    assert house.decisions.wait(1)[0].risk == Decision.HIGH  # it does not see who is near
    wait_until(lambda: list(audit.entries(house.audit_folder)), 'the question to be logged')
    logged(house)
    whole, node.audit._file = node.audit._file, io.FileIO('/dev/full', 'w')
    if known:
        house.texts.publish(String(data='what time is it'))
        wait_until(lambda: node.world.audit_failed, 'the failure to be known')
    sent, node.execute._client.send_goal_async = [], lambda goal: sent.append(goal)
    house.texts.publish(String(data='yes, go to the kitchen'))
    wanted = 'I can not keep a record of it' if known else 'I can not go to the kitchen now.'
    wait_until(lambda: any(wanted in text for text in house.texts_said()), wanted)
    assert 'go_to' not in [goal.intent.name for goal in sent]
    assert not house.executor_node.tasks
    node.audit._file = whole
    logged(house)
    assert audit.verify(house.audit_folder).problems == []


def test_all_that_led_to_an_act_is_logged(house: House) -> None:
    house.start_going()
    logged(house)
    (entry,) = [item for item in audit.entries(house.audit_folder) if item.get('confirmation')]
    assert entry['text'] == 'Go to the kitchen.'
    assert (entry['answer']['text'], entry['answer']['confidence']) == ('Yes.', 0.9)
    assert entry['answer']['stamp'] > entry['stamp'] > 0.0
    assert (entry['mode'], entry['missing']) == ('NORMAL', [])
    assert entry['scene'] == ['bus_1:bus', 'person_1:person', 'person_2:person']


def test_the_dialogue_of_the_demo(house: House) -> None:
    assert house.say('What do you see?').verdict == Decision.EXECUTE
    said(house, 'I see two people and a bus.')
    assert house.say('Where is the bus?').verdict == Decision.EXECUTE
    said(house, 'The bus is in the middle.')
    assert house.say('Bring me the cup.').verdict == Decision.ASK
    said(house, 'I can not see a cup. Shall I look for it?')
    request_id = house.start_going()
    assert house.intents.messages[-1].name == 'go_to'
    assert house.intents.messages[-1].slots[0] == Slot(
        name='place', value='kitchen', text='kitchen'
    )
    assert house.decisions.messages[-1].request_id == request_id
    wait_until(lambda: house.safety.messages[-1].request_id == request_id, 'its id as executing')
    assert house.say('Stop!').verdict == Decision.STOP
    said(house, 'Stopping.')
    wait_until(lambda: not house.executor_node.tasks, 'the robot to halt')
    wait_until(lambda: house.safety.messages[-1].stopped, 'the stop in the safety state')
    assert house.say('Go to the bedroom.').verdict == Decision.REFUSE
    before = len(house.decisions.messages)
    house.say('Resume.')
    answer, question = house.decisions.wait(before + 2)[before:]
    assert (answer.intent, answer.verdict) == ('resume', Decision.ANSWER)
    assert (question.intent, question.verdict) == ('go_to', Decision.CONFIRM)
    assert house.stops.messages[-1].data is False
    assert house.say('No.').verdict == Decision.EXPIRE
    logged(house)
    report = audit.verify(house.audit_folder)
    assert report.problems == []
    entries = list(audit.entries(house.audit_folder))
    assert [entry['verdict'] for entry in entries if entry.get('confirmation')] == ['EXECUTE']
    assert any(entry.get('outcome') == 'CANCELED' for entry in entries)


def test_stop_on_a_partial_transcript_is_published_before_all_else(house: House) -> None:
    house.start_going()
    partial = house.transcript('please sto stop')
    partial.final = False
    # Whatever holds up the dialogue does not hold up the stop.
    with house.intent_node.dialogue_lock:
        house.partials.publish(partial)
        house.stops.wait_for(lambda messages: messages[-1].data)
        wait_until(lambda: not house.executor_node.tasks, 'the robot to halt')
    said(house, 'Stopping.')
    assert house.intent_node.dialogue.stopped


def test_a_stop_of_following_stops_and_says_so(house: House) -> None:
    house.start_going()
    house.texts.publish(String(data='stop following me'))
    said(house, 'I no longer follow you. I have stopped. Say resume when I may move again.')
    assert house.intent_node.dialogue.stopped


def test_over_its_own_speech_nothing_but_a_stop_counts(house: House) -> None:
    words = house.graph.publisher(String, 'speaking/text', qos.LATCHED)
    node = house.intent_node
    house.say('Go to the kitchen.')
    for number, text in enumerate(('Shall I go to the kitchen?', 'Say stop at any time.'), 1):
        words.publish(String(data=text))
        wait_until(lambda n=number: len(node.own_voice._said) == n, 'it to know what it says')
    question = node.dialogue._asker.question
    wait_until(lambda: question._ended is not None, 'the end of the question')
    for text in ('yes', 'say stop at any time'):
        for topic in (house.transcripts, house.partials):
            message = house.transcript(text)
            message.stop_only = True
            topic.publish(message)
    assert house.say('Yes.').verdict == Decision.EXECUTE
    assert len(house.decisions.messages) == 2
    assert not house.stops.messages[-1].data
    message = house.transcript('stop')
    message.stop_only = True
    house.partials.publish(message)
    house.stops.wait_for(lambda messages: messages[-1].data)


def test_what_may_have_been_a_stop_stops_only_while_the_robot_is_at_work(house: House) -> None:
    doubtful = house.transcript('Shop.')
    doubtful.alternatives = ['Stop.']
    before = len(house.decisions.messages)
    house.transcripts.publish(doubtful)
    house.decisions.wait(before + 1)
    assert not house.intent_node.dialogue.stopped
    house.start_going()
    doubtful.header.stamp = house.transcript('').header.stamp
    house.transcripts.publish(doubtful)
    house.stops.wait_for(lambda messages: messages[-1].data)
    logged(house)



def test_a_partial_transcript_never_approves(house: House) -> None:
    house.say('Go to the kitchen.')
    partial = house.transcript('yes')
    partial.final = False
    house.partials.publish(partial)
    assert house.say('no').verdict == Decision.EXPIRE
    assert not house.executor_node.tasks


def test_a_scene_that_is_no_scene_costs_no_sentence_and_no_record(house: House) -> None:
    bad = from_scene(KITCHEN)
    bad.objects[0].bbox.size_x = float('nan')
    node = house.intent_node
    for text, verdict in (('what do you see', Decision.EXECUTE), ('stop', Decision.STOP)):
        rejected = node.rejected
        house.scenes.publish(bad)
        # A result that comes meanwhile looks at it, too.
        wait_until(
            lambda n=rejected: node.world._load_scene or node.rejected > n, 'the scene to arrive'
        )
        before = len(house.decisions.messages)
        house.texts.publish(String(data=text))
        assert house.decisions.wait(before + 1)[-1].verdict == verdict
    assert node.rejected
    assert node.errors == 0
    logged(house)
    assert 'stop' in [entry['text'] for entry in audit.entries(house.audit_folder)]


def test_a_sentence_that_is_not_final_may_stop_and_nothing_else(house: House) -> None:
    house.say('Go to the kitchen.')
    for text in ('yes', 'stop'):
        message = house.transcript(text)
        message.final = False
        house.transcripts.publish(message)
    house.stops.wait_for(lambda messages: messages[-1].data)
    assert Decision.EXECUTE not in [item.verdict for item in house.decisions.messages]
    assert not house.executor_node.tasks


def test_old_and_unsure_answers_do_not_approve(house: House) -> None:
    house.say('Go to the kitchen.')
    assert house.say('Yes.', age=5.0).verdict == Decision.ASK
    assert house.say('Yes.', confidence=0.2).verdict == Decision.ASK
    assert house.say('Yes.', confidence=float('nan')).verdict == Decision.ASK
    assert house.say('Yes.').verdict == Decision.EXECUTE


def test_typed_commands_and_buttons(house: House) -> None:
    house.look()
    house.texts.publish(String(data='go to the kitchen'))
    request_id = house.decisions.wait(1)[0].request_id
    call = house.graph.call
    name = 'intent_node/confirm'
    assert not call(Confirm, name, Confirm.Request(request_id='x', approve=True)).accepted
    answer = call(Confirm, name, Confirm.Request(request_id=request_id, approve=True))
    assert (answer.accepted, answer.message) == (True, 'Going to the kitchen.')
    assert not call(Confirm, name, Confirm.Request(request_id=request_id, approve=True)).accepted
    answer = call(ParseText, 'intent_node/parse', ParseText.Request(text='stop'))
    assert answer.decision.verdict == Decision.STOP
    assert house.stops.wait_for(lambda messages: messages[-1].data)


def test_after_a_jump_of_the_clock_a_spoken_yes_does_not_count(house: House) -> None:
    house.say('Go to the kitchen.')
    node = house.intent_node
    now = node.now

    def set_forward() -> Any:
        message = now()
        message.sec += 100
        return message

    # Of the old time, and heard before anything else has looked at the clock.
    yes = house.transcript('Yes.')
    node.now = set_forward
    house.transcripts.publish(yes)
    assert house.decisions.wait(2)[-1].verdict == Decision.ASK
    assert house.say('Yes.').verdict != Decision.EXECUTE
    assert not house.executor_node.tasks


def test_a_service_that_fails_does_not_seem_to_execute(house: House) -> None:
    node = house.intent_node

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError('oh')

    node.grammar.understand = broken
    for dry_run in (True, False):
        request = ParseText.Request(text='what do you see', dry_run=dry_run)
        answer = house.graph.call(ParseText, 'intent_node/parse', request)
        assert answer.decision.verdict == Decision.REFUSE


def test_the_parse_service_holds_up_no_stop(house: House) -> None:
    node = house.intent_node
    going, done = threading.Event(), threading.Event()
    understand = node.grammar.understand

    def slow(*said: Any) -> Any:
        going.set()
        assert done.wait(15.0)
        return understand(*said)

    node.grammar.understand = slow
    answers: list[Any] = []
    request = ParseText.Request(text='what do you see', dry_run=True)
    asking = threading.Thread(
        target=lambda: answers.append(house.graph.call(ParseText, 'intent_node/parse', request))
    )
    asking.start()
    assert going.wait(10.0)
    house.partials.publish(house.transcript('stop'))
    house.stops.wait_for(lambda messages: messages[-1].data)
    done.set()
    asking.join(15.0)
    assert answers[0].decision.verdict == Decision.EXECUTE


def test_two_confirmations_at_once_start_one_act(house: House) -> None:
    request_id = house.say('Go to the kitchen.').request_id
    with house.intent_node.dialogue_lock:
        house.transcripts.publish(house.transcript('yes'))
        house.texts.publish(String(data='yes'))
        house.texts.publish(String(data='yes'))
    house.decisions.wait(4)
    request = Confirm.Request(request_id=request_id, approve=True)
    assert not house.graph.call(Confirm, 'intent_node/confirm', request).accepted
    verdicts = [decision.verdict for decision in house.decisions.messages]
    assert verdicts.count(Decision.EXECUTE) == 1
    wait_until(lambda: len(house.executor_node.tasks) == 1, 'the way to the kitchen')


def test_a_plan_runs_step_by_step_and_is_logged(house: House) -> None:
    assert house.say('What do you see and where is the bus?').verdict == Decision.EXECUTE
    said(house, 'I see two people and a bus.')
    said(house, 'Step 2 of 2: look for the bus.')
    said(house, 'The bus is in the middle.')
    logged(house)
    steps = [
        (entry['step'], entry['intent'])
        for entry in audit.entries(house.audit_folder)
        if entry.get('plan') and entry['event'] == 'outcome'
    ]
    assert steps == [(1, 'describe_scene'), (2, 'where_is')]


def test_a_pause_holds_the_act_without_a_stop(house: House) -> None:
    house.start_going()
    assert house.say('Pause.').verdict == Decision.ANSWER
    wait_until(lambda: not house.executor_node.tasks, 'the robot to halt')
    assert not house.stops.messages[-1].data
    house.say('Resume.')
    wait_until(lambda: house.executor_node.tasks, 'the way to go on')
    said(house, 'I go on: go to the kitchen.')


def test_a_dry_run_changes_nothing(house: House) -> None:
    house.look(KITCHEN)
    request = ParseText.Request(text='Bring me the knife!', dry_run=True)
    answer = house.graph.call(ParseText, 'intent_node/parse', request)
    assert (answer.intent.name, answer.intent.slots[0].object_id) == ('bring', 'knife_1')
    assert (answer.decision.verdict, answer.decision.risk) == (Decision.CONFIRM, Decision.HIGH)
    assert answer.decision.reasons == ['the knife is sharp']
    house.texts.publish(String(data='yes, bring the knife'))
    assert house.decisions.wait(1)[0].verdict == Decision.CONFIRM


def test_the_executor_halts_when_it_is_cut_off(house: House) -> None:
    effects = house.intent_node.effects
    publish = effects.publish_safety

    def cut() -> float:
        house.start_going()
        effects.publish_safety = lambda *_: None
        seconds = seconds_to_halt(house.executor_node)
        effects.publish_safety = publish
        wait_until(lambda: house.executor_node.watch.safe(house.intent_node.steady()), 'safety')
        return seconds

    check_halts(cut)


def test_a_hanging_dialogue_lets_the_heartbeat_stop(house: House) -> None:
    def hang() -> float:
        house.start_going()
        with house.intent_node.dialogue_lock:
            seconds = seconds_to_halt(house.executor_node)
        wait_until(lambda: house.executor_node.watch.safe(house.intent_node.steady()), 'safety')
        return seconds

    check_halts(hang)


def test_deactivation_cancels_and_refuses(house: House) -> None:
    house.start_going()
    house.graph.transition(house.intent_node, 'deactivate')
    request = ParseText.Request(text='go to the kitchen')
    answer = house.graph.call(ParseText, 'intent_node/parse', request)
    assert answer.decision.verdict == Decision.REFUSE
    call = house.graph.call(Confirm, 'intent_node/confirm', Confirm.Request(approve=True))
    assert not call.accepted
    wait_until(lambda: not house.executor_node.tasks, 'the robot to halt')


def test_a_stop_outlives_a_restart(house: House) -> None:
    house.say('Stop!')
    logged(house)
    for name in ('deactivate', 'cleanup', 'configure', 'activate'):
        house.graph.transition(house.intent_node, name)
    assert house.intent_node.dialogue.stopped
    house.stops.wait_for(lambda messages: messages[-1].data)
    said(house, 'I have stopped. Say resume when I may move again.')
    assert house.say('Resume.').verdict == Decision.ANSWER
    house.stops.wait_for(lambda messages: not messages[-1].data)


def test_a_stop_outlives_a_restart_on_a_full_disk(house: House) -> None:
    logged(house)
    house.intent_node.audit._file = io.FileIO('/dev/full', 'w')
    house.say('Stop!')
    for name in ('deactivate', 'cleanup', 'configure', 'activate'):
        house.graph.transition(house.intent_node, name)
    assert house.intent_node.dialogue.stopped


def test_a_stop_holds_however_old_it_is(tmp_path: Path) -> None:
    log = audit.AuditLog(tmp_path)
    log.append({'time': '2020-01-01T00:00:00+00:00', 'verdict': 'STOP', 'stopped': True})
    log.close()
    with Graph() as graph:
        node = graph.start(IntentNode, {'audit_folder': str(tmp_path)})
        assert node.dialogue.stopped


def test_a_safe_stop_waits_for_nothing(house: House) -> None:
    house.start_going()
    modes = house.graph.publisher(SystemMode, 'mode', qos.LATCHED)
    with house.intent_node.dialogue_lock:
        modes.publish(SystemMode(mode=SystemMode.SAFE_STOP, reason='the camera is gone'))
        house.stops.wait_for(lambda messages: messages[-1].data)
    wait_until(lambda: house.intent_node.dialogue.stopped, 'the dialogue to follow')


def test_what_stops_comes_first_and_no_failure_holds_it_up(house: House) -> None:
    effects, done = house.intent_node.effects, []
    effects._decide = lambda effect: 1 / 0
    effects._says = None
    effects._execute = SimpleNamespace(cancel=done.append)
    effects.publish_stop = lambda stopped: done.append(stopped)
    request = Request('r', Understanding('stop'), Heard('stop'))
    decision = Decided(types.Decision(request, Verdict.STOP))
    effects.perform([decision, Say('Stopping.'), Latch(True, 'told'), Cancel(('x',))])
    assert done == [True, ('x',)]
    assert house.intent_node.errors == 2


def test_a_safe_stop_of_the_system_stops(house: House) -> None:
    house.start_going()
    modes = house.graph.publisher(SystemMode, 'mode', qos.LATCHED)
    modes.publish(SystemMode(mode=SystemMode.SAFE_STOP, reason='the camera is gone'))
    said(house, 'Stopping: the camera is gone')
    wait_until(lambda: not house.executor_node.tasks, 'the robot to halt')


@pytest.mark.parametrize(
    'text', ['a' * 10_000, '\x07\x1b[2J\x7f', '{object} <thing> [a|(b]', '𝔲𝔫𝔦', 'Geh in die Küche']
)
def test_bad_input_is_not_understood_and_breaks_nothing(house: House, text: str) -> None:
    assert house.say(text).verdict == Decision.ASK
    assert house.say('What do you see?').verdict == Decision.EXECUTE
    assert house.intent_node.errors == 0


@pytest.mark.parametrize('text', ['yes ' * 2500, '\x07\x1b[2Jyes\x00', 'go to the {place}'])
def test_bad_input_approves_nothing_by_whatever_way_it_comes(house: House, text: str) -> None:
    request_id = house.say('Go to the kitchen.').request_id
    house.transcripts.publish(house.transcript(text, confidence=0.2))
    house.texts.publish(String(data=text.replace('yes', 'yess')))
    house.decisions.wait(3)
    request = ParseText.Request(text=text.replace('yes', 'yess'))
    answer = house.graph.call(ParseText, 'intent_node/parse', request)
    assert answer.decision.verdict == Decision.ASK
    for name in (text[:50], request_id + text[:50]):
        confirm = Confirm.Request(request_id=name, approve=True)
        assert not house.graph.call(Confirm, 'intent_node/confirm', confirm).accepted
    assert Decision.EXECUTE not in [item.verdict for item in house.decisions.messages]
    assert house.intent_node.errors == 0


def test_an_executor_that_answers_twice_ends_an_act_once(house: House) -> None:
    request_id = house.start_going()
    for outcome in (ExecuteCommand.Result.SUCCEEDED, ExecuteCommand.Result.FAILED):
        result = ExecuteCommand.Result(outcome=outcome, message='Here.')
        house.intent_node._on_result(request_id, result)
    said(house, 'Here.')
    house.say('What do you see?')
    assert house.texts_said().count('Here.') == 1
    logged(house)
    outcomes = [
        entry['outcome']
        for entry in audit.entries(house.audit_folder)
        if entry['event'] == 'outcome' and entry['request'] == request_id
    ]
    assert outcomes == ['SUCCEEDED']


def test_an_executor_that_rejects_is_told(tmp_path: Path) -> None:
    with Graph() as graph:
        node = graph.start(IntentNode, {'audit_folder': str(tmp_path)})
        server = ActionServer(
            graph.probe, ExecuteCommand, 'execute', lambda handle: None,
            goal_callback=lambda goal: GoalResponse.REJECT,
        )  # fmt: skip
        says = graph.listen(Utterance, 'say')
        wait_until(lambda: node.execute._client.server_is_ready(), 'the executor')
        graph.publisher(String, 'text_command').publish(String(data='what do you see'))
        wait_until(lambda: any('now.' in item.text for item in says.messages), 'the refusal')
        assert not node.dialogue.busy
        server.destroy()


def test_what_can_be_said_is_told_to_the_recogniser(house: House) -> None:
    (vocabulary,) = house.graph.listen(Vocabulary, 'vocabulary', qos.LATCHED).wait()
    assert 'Come here.' in vocabulary.sentences
    assert 'cup' in vocabulary.objects


def test_without_an_executor_it_says_so(tmp_path: Path) -> None:
    with Graph() as graph:
        graph.start(IntentNode, {'audit_folder': str(tmp_path)})
        says = graph.listen(Utterance, 'say')
        graph.publisher(String, 'text_command').publish(String(data='what do you see'))
        assert says.wait(1)[0].text == 'Nothing that can say what I see is running.'


def test_a_wrong_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / 'policy.yaml'
    path.write_text('version: 1\nintents: []\n')
    with Graph() as graph:
        parameters = {'audit_folder': str(tmp_path / 'audit'), 'policy': str(path)}
        node = graph.start(IntentNode, parameters, state='unconfigured')
        assert not graph.try_transition(node, 'configure')
        assert f'{path}:1: ' in node.fault
        path.write_text(POLICY.read_text().replace('  approve: 0.45', '  approve: 0'))
        assert not graph.try_transition(node, 'configure')
        assert "'approve' is 0" in node.fault
        path.unlink()
        assert not graph.try_transition(node, 'configure')
        assert 'can not be read' in node.fault


class Gripper(Executor):
    """A robot team's own abilities, one of which is broken."""

    @handles('pick')
    def pick(self, task: Task) -> str:
        raise ZeroDivisionError('oh')

    def __init__(self) -> None:
        super().__init__()
        self.halts = 0
        self.turning = threading.Event()
        self.ending = threading.Event()

    @handles('turn')
    def turn(self, task: Task) -> str:
        """Never look whether to end."""
        self.turning.set()
        self.ending.wait(30.0)
        return ''

    def halt(self) -> None:
        self.halts += 1
        raise ZeroDivisionError('oh, too')


class GripperNode(ExecutorNode):
    """A robot team's own node."""

    def make_executor(self) -> Executor:
        return Gripper()


def send(graph: Graph, intent: str) -> Any:
    """Send a goal without the intent node; return the goal handle."""
    client = ActionClient(graph.probe, ExecuteCommand, 'execute')
    assert client.wait_for_server(10.0)
    done = threading.Event()
    future = client.send_goal_async(ExecuteCommand.Goal(intent=Intent(name=intent)))
    future.add_done_callback(lambda _: done.set())
    assert done.wait(10.0)
    return future.result()


def result_of(handle: Any) -> ExecuteCommand.Result:
    done = threading.Event()
    future = handle.get_result_async()
    future.add_done_callback(lambda _: done.set())
    assert done.wait(10.0)
    return future.result().result


def test_the_executor_moves_only_while_safety_is_heard() -> None:
    with Graph() as graph:
        node = graph.start(GripperNode)
        assert not send(graph, 'pick').accepted
        safety = graph.publisher(SafetyState, 'safety_state', qos.SAFETY)
        safety.publish(SafetyState())
        wait_until(lambda: node.watch.safe(node.steady()), 'safety')
        handle = send(graph, 'pick')
        assert handle.accepted
        result = result_of(handle)
        assert result.outcome == ExecuteCommand.Result.FAILED
        assert result.message == ''
        assert node.errors == 1
        safety.publish(SafetyState())
        wait_until(lambda: node.watch.safe(node.steady()), 'safety')
        handle = send(graph, 'fly')
        result = result_of(handle)
        assert result.outcome == ExecuteCommand.Result.UNSUPPORTED


def test_a_handler_that_does_not_end_is_halted_again_and_keeps_others_from_moving() -> None:
    with Graph() as graph:
        node = graph.start(GripperNode)
        safety = graph.publisher(SafetyState, 'safety_state', qos.SAFETY)

        def beat() -> bool:
            safety.publish(SafetyState())
            return node.watch.safe(node.steady())

        wait_until(beat, 'safety')
        handle = send(graph, 'turn')
        assert node.abilities.turning.wait(10.0)
        # Safety stays away from here on: the watch goes on, whatever halt() does.
        wait_until(lambda: node.abilities.halts >= 3, 'the motion to be halted again')
        wait_until(lambda: node._halting.overdue, 'the error')
        assert node.errors
        wait_until(beat, 'safety')
        assert not send(graph, 'pick').accepted
        node.abilities.ending.set()
        result_of(handle)
        wait_until(lambda: not node._halting.overdue, 'the end of the error')
        wait_until(beat, 'safety')
        assert send(graph, 'pick').accepted


def test_a_motion_does_not_begin_before_the_one_that_it_replaces_has_ended() -> None:
    with Graph() as graph:
        node = graph.start(GripperNode)
        safety = graph.publisher(SafetyState, 'safety_state', qos.SAFETY)
        stop = threading.Event()

        def beat() -> None:
            while not stop.wait(0.1):
                safety.publish(SafetyState())

        beating = threading.Thread(target=beat)
        beating.start()
        try:
            wait_until(lambda: node.watch.safe(node.steady()), 'safety')
            send(graph, 'turn')
            assert node.abilities.turning.wait(10.0)
            second = send(graph, 'pick')
            assert second.accepted
            assert result_of(second).outcome == ExecuteCommand.Result.FAILED
            # Its handler would have raised, which counts as an error.
            assert not [task for task in node.tasks.all() if task.intent == 'pick']
        finally:
            stop.set()
            beating.join()
            node.abilities.ending.set()
