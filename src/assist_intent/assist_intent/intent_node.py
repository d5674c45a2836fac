# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The node that understands, decides, asks and stops."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from assist_common import qos
from assist_common.component import Component
from assist_common.conversions import to_seconds
from assist_common.errors import AssistError
from assist_common.main import run
from assist_msgs.action import ExecuteCommand
from assist_msgs.msg import Scene as SceneMessage
from assist_msgs.msg import SystemHealth, SystemMode, Transcript, Vocabulary
from diagnostic_msgs.msg import DiagnosticStatus
from std_msgs.msg import Bool, String

from assist_intent import conversions, policy_file, resources
from assist_intent.audit import AuditLog
from assist_intent.dialogue import Dialogue
from assist_intent.effects import Effects
from assist_intent.execute_client import ExecuteClient
from assist_intent.grammar import Grammar
from assist_intent.intent_parameters import IntentParameters
from assist_intent.own_voice import OwnVoice
from assist_intent.replies import Replies
from assist_intent.services import Services
from assist_intent.types import (
    OWN_INTENTS,
    Effect,
    Health,
    Heard,
    Outcome,
    Say,
    Source,
    Understanding,
)
from assist_intent.world import World

SAFETY_PERIOD = 0.2
TICK_PERIOD = 0.05
FOR_EVER = -1.0
LOCK_PATIENCE = 0.1
"""Seconds that the heartbeat of safety waits for the dialogue, before it stays away."""
RESTORED = 'it was stopped before the restart'


class IntentNode(Component):
    """Understand what a person says, decide, ask, and stop at once when told to."""

    parameters: IntentParameters

    def on_setup(self) -> None:
        """Read grammar and policy, open the audit log, create everything."""
        given = self.parameters
        self.grammar = Grammar.load(
            resources.grammar_path(given.grammar, given.language), *given.grammar_extensions
        )
        path = resources.policy_path(given.policy)
        self.policy = policy_file.load(path, objects=self.grammar.objects)
        self.replies = Replies(self.grammar.responses)
        self.hardware_id = f'grammar {self.grammar.language}, policy {self.policy.version}'
        self._warn_of_unruled()
        name = self.get_fully_qualified_name()
        self.audit = AuditLog(resources.audit_folder(given.audit_folder, name))
        self.at_teardown(self.audit.close)
        self.world = World(partial(self.report_error, 'scene'))
        self.own_voice = OwnVoice(self.grammar.normaliser, self.grammar.stop)
        self.dialogue_lock = threading.RLock()
        self.dialogue = self._new_dialogue(self._stopped_before())
        self.execute = ExecuteClient(self, self._on_accepted, self._on_refused, self._on_result)
        self.at_teardown(self.execute.destroy)
        self.effects = Effects(self, self.execute, self.audit, self.world, self.policy.version)
        self._create_inputs()
        sentences, objects = self.grammar.expected()
        vocabulary = self.create_publisher(Vocabulary, 'vocabulary', qos.LATCHED)
        vocabulary.publish(Vocabulary(sentences=sentences, objects=objects))
        self.add_diagnostic('dialogue', self._diagnose)

    def on_start(self) -> None:
        """Begin a new conversation; a stop from before still holds."""
        self.dialogue = self._new_dialogue(self.dialogue.stop_reason)
        self.effects.publish_stop(self.dialogue.stopped)
        if self.dialogue.stopped:
            self.effects.perform([Say(self.replies.say('stopped'))])

    def on_stop(self) -> None:
        """Cancel what is being done; the executor halts when safety_state stays away."""
        self.execute.cancel_all()

    def _stopped_before(self) -> str:
        """Return why a stop holds from before: only a resume releases it, however old it is."""
        # What this process knows counts first: the log may not have been writable.
        known = self.dialogue.stop_reason if hasattr(self, 'dialogue') else ''
        return known or (RESTORED if self.audit.stopped else '')

    def _new_dialogue(self, stopped: str) -> Dialogue:
        return Dialogue(
            self.policy, self.replies, _new_id, stopped=stopped, unseen=self.grammar.unseen
        )

    def _warn_of_unruled(self) -> None:
        unruled = set(self.grammar.intents) - set(self.policy.intents) - OWN_INTENTS
        for name in sorted(unruled):
            self.log.warning(
                f"The policy says nothing of the intent '{name}': it is always refused."
            )

    def _create_inputs(self) -> None:
        self.commands = self.create_worker(self._on_command, capacity=32, name='commands')
        self.stops = self.create_worker(self._explain_stop, capacity=32, name='stops')
        self.events = self.create_worker(self.do, capacity=256, name='events')
        for message_type, topic, callback, profile in (
            (Transcript, 'transcript', self._on_transcript, qos.RELIABLE),
            (Transcript, 'transcript/partial', self._stop_if_told, qos.RELIABLE),
            (String, 'text_command', self._on_text, qos.RELIABLE),
            (SceneMessage, 'scene', self._on_scene, qos.input_profile(1, 'best_effort')),
            (SystemHealth, 'health', self._on_health, qos.RELIABLE),
            (SystemMode, 'mode', self._on_mode, qos.LATCHED),
            (Bool, 'speaking', self._on_speaking, qos.LATCHED),
            (String, 'speaking/text', self._on_own_words, qos.LATCHED),
        ):
            self.create_subscription(message_type, topic, callback, profile)
        Services(self)
        self.create_timer(TICK_PERIOD, self._on_tick)
        self.create_timer(SAFETY_PERIOD, self._on_safety)

    # What a person says. A stop waits for nothing; all else goes through the worker.

    def _on_transcript(self, message: Transcript) -> None:
        stopped = self._stop_if_told(message)
        if message.stop_only or not message.final or not message.text.strip():
            return
        (self.stops if stopped else self.commands).put(self._heard(message))

    def _on_text(self, message: String) -> None:
        heard = self.typed(message.data)
        (self.stops if self.stop_if_heard(heard) else self.commands).put(heard)

    def _stop_if_told(self, message: Transcript) -> bool:
        heard = self._heard(message)
        if heard.stop_only and self.own_voice.explains(heard, self.steady()):
            return False
        return self.stop_if_heard(heard)

    def stop_if_heard(self, heard: Heard) -> bool:
        """Stop, by a path that waits for nothing, if the words say so."""
        busy = self.dialogue.busy
        # A stop that was perhaps not said is worth it only while something is being done.
        readings = (heard.text, *(heard.alternatives if busy else ()))
        if not any(self.grammar.stop.detect(text, busy=busy) for text in readings):
            return False
        # Published before anything that could wait; the dialogue then does the rest.
        self.effects.publish_stop(True)
        self.do(lambda: self.dialogue.stop(heard, self.steady()))
        if heard.source == Source.VOICE:
            self.record('voice_to_stop', self._since_end(heard))
        return True

    def _explain_stop(self, heard: Heard) -> None:
        meaning = self.understand(heard)
        self.do(lambda: self.dialogue.explain_stop(meaning))

    def _heard(self, message: Transcript) -> Heard:
        now = self.steady()
        # Not only at the next tick: the clock may just have been set.
        self._look_at_clock(now)
        trusted = self.world.clock.trusted(now)
        return conversions.to_heard(message, now, self.age(message.header), trusted=trusted)

    def _look_at_clock(self, now: float) -> None:
        if self.world.clock.look(to_seconds(self.now()), now):
            self.log.warning('The clock was set: spoken answers do not count for half a minute.')

    def typed(self, text: str) -> Heard:
        """Return what was typed just now."""
        return Heard(text, begun=self.steady(), stamp=to_seconds(self.now()))

    def _since_end(self, heard: Heard) -> float:
        return to_seconds(self.now()) - heard.stamp - heard.duration

    def _on_command(self, heard: Heard) -> None:
        self.hear(heard)
        if heard.source == Source.VOICE:
            self.record('voice_to_decision', self._since_end(heard))

    def hear(self, heard: Heard, patience: float = FOR_EVER) -> list[Effect]:
        """Decide on a sentence; see `do`."""
        meaning = self.understand(heard)
        with self.stage('policy'):
            return self.do(
                lambda: self.dialogue.hear(
                    meaning, heard, self.world.situation(self.steady()), self.steady()
                ),
                patience,
            )

    def understand(self, heard: Heard) -> Understanding:
        """Return what the words mean, given what is seen."""
        scene = self.world.scene
        if scene:
            self.grammar.know_labels(item.label for item in scene.objects)
        with self.stage('parse'):
            return self.grammar.understand(heard.text, heard.alternatives)

    # What the rest of the graph says. The executor hands it over: whatever holds up the dialogue
    # must not hold up the next stop. A safe stop is one, and goes its way.

    def _on_scene(self, message: SceneMessage) -> None:
        age = self.age(message.header)
        self.world.saw(partial(conversions.to_scene, message, self.steady(), age))

    def _on_health(self, message: SystemHealth) -> None:
        self.world.set_health(Health(min(message.level, Health.CRITICAL)), self.steady())

    def _on_mode(self, message: SystemMode) -> None:
        mode, reason, missing = conversions.to_mode(message)
        self.world.set_mode(mode, reason, missing)
        if self.dialogue.stops_in(mode):
            self.effects.publish_stop(True)
        self.do(lambda: self.dialogue.mode_changed(mode, reason, self.steady()))

    def _on_speaking(self, message: Bool) -> None:
        self._later(self.dialogue.speaker)

    def _on_own_words(self, message: String) -> None:
        now = self.steady()
        self.own_voice.says(message.data, now)
        self._later(lambda: self.dialogue.speech(message.data, now))

    def _on_accepted(self, request_id: str) -> None:
        now = self.steady()
        self._later(lambda: self.dialogue.accepted(request_id, now))

    def _on_refused(self, request_id: str, absent: bool) -> None:
        self._later(lambda: self.dialogue.refused(request_id, self.steady(), absent=absent))

    def _on_result(self, request_id: str, result: ExecuteCommand.Result) -> None:
        outcome = Outcome(min(result.outcome, Outcome.UNSUPPORTED))

        def end() -> list[Effect]:
            now = self.steady()
            situation = self.world.situation(now)
            return self.dialogue.ended(request_id, outcome, result.message, situation, now)

        self._later(end)

    def _later(self, event: Callable[[], Any]) -> None:
        if not self.events.put(event):
            raise AssistError('too much happens at once; an event was lost', 'see what floods it')

    def _on_tick(self) -> None:
        now = self.steady()
        self._look_at_clock(now)
        if not self.events.pending:
            self._later(lambda: self.dialogue.tick(self.steady()))

    def _on_safety(self) -> None:
        # Where the dialogue hangs, nothing vouches for safety any more: let the deadline pass.
        if not self.dialogue_lock.acquire(timeout=LOCK_PATIENCE):
            return
        try:
            self.effects.publish_safety(self.dialogue.stop_reason, self.dialogue.executing)
        finally:
            self.dialogue_lock.release()
        self.execute.check()

    def do(self, decide: Callable[[], Any], patience: float = FOR_EVER) -> list[Effect]:
        """Decide and do as one, so that nothing can start after a stop; return the effects.

        Raises:
            AssistError: others were deciding for all of the `patience`, s.
        """
        if not self.dialogue_lock.acquire(timeout=patience):
            raise AssistError('the dialogue is busy', 'try again')
        try:
            effects: list[Effect] = decide() or []
            self.effects.perform(effects)
        finally:
            self.dialogue_lock.release()
        return effects

    def _diagnose(self, status: Any) -> Any:
        if self.world.audit_failed:
            status.summary(DiagnosticStatus.ERROR, 'the audit log can not be written')
        elif self.dialogue.stopped:
            status.summary(DiagnosticStatus.WARN, f'stopped: {self.dialogue.stop_reason}')
        else:
            status.summary(DiagnosticStatus.OK, 'ready')
        status.add('executing', self.dialogue.executing)
        status.add('waiting for an answer', self.dialogue.waiting)
        return status


def _new_id() -> str:
    return uuid.uuid4().hex[:12]


def main() -> int:
    """Run the node."""
    return run(IntentNode)
