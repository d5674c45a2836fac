# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Carry out what the dialogue decided: publish, log, start and cancel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from assist_common import qos
from assist_common.component import Component
from assist_msgs.msg import Decision, Intent, SafetyState, Utterance
from std_msgs.msg import Bool

from assist_intent import conversions
from assist_intent.audit import AuditLog
from assist_intent.execute_client import ExecuteClient
from assist_intent.types import Cancel, Decided, Effect, Ended, Latch, Risk, Say, Start
from assist_intent.world import World


class Effects:
    """The outputs of the intent node.

    `perform` is called under the dialogue's lock, so that nothing starts after a stop.
    """

    def __init__(
        self,
        node: Component,
        execute: ExecuteClient,
        audit: AuditLog,
        world: World,
        policy_version: str,
    ) -> None:
        self._node = node
        self._execute = execute
        self._audit = audit
        self._world = world
        self._policy_version = policy_version
        self._intent_id = ''
        self._executing = ''
        self._intents = node.create_publisher(Intent, 'intent', qos.RELIABLE)
        self._decisions = node.create_publisher(Decision, 'decision', qos.RELIABLE)
        self._says = node.create_publisher(Utterance, 'say', qos.RELIABLE)
        self._stops = node.create_publisher(Bool, 'stop', qos.LATCHED)
        self._safety = node.create_publisher(SafetyState, 'safety_state', qos.SAFETY)
        self.records = node.create_worker(self._write, capacity=256, name='audit')

    def publish_stop(self, stopped: bool) -> None:
        """Publish the latch."""
        self._stops.publish(Bool(data=stopped))

    def publish_safety(self, reason: str, request_id: str) -> None:
        """Publish the heartbeat of safety; a reason means stopped."""
        self._executing = request_id
        self._safety.publish(conversions.to_safety_state(self._node.now(), reason, request_id))

    def perform(self, effects: Iterable[Effect]) -> None:
        """Carry out effects in their order."""
        for effect in effects:
            if isinstance(effect, Latch):
                self.publish_stop(effect.stopped)
                # Whoever waits for the next beat would refuse to move right after a resume.
                self.publish_safety(effect.reason, self._executing)
            elif isinstance(effect, Say):
                now = self._node.now()
                self._says.publish(conversions.to_utterance(effect.text, now, urgent=effect.urgent))
            elif isinstance(effect, Decided):
                self._decide(effect)
            elif isinstance(effect, Start):
                self._execute.send(effect.request.id, conversions.to_goal(effect.request))
            elif isinstance(effect, Cancel):
                self._execute.cancel(effect.request_ids)
            elif isinstance(effect, Ended):
                self._record(conversions.outcome_record(effect))

    def _decide(self, effect: Decided) -> None:
        decision = effect.decision
        request = decision.request
        if request.id != self._intent_id:
            self._intent_id = request.id
            self._intents.publish(conversions.from_request(request))
        self._decisions.publish(conversions.from_decision(decision))
        record = conversions.decision_record(decision, self._policy_version, self._world.scene)
        self._record(record, sync=request.risk >= Risk.HIGH)

    def _record(self, record: dict[str, Any], *, sync: bool = False) -> None:
        time = datetime.now(timezone.utc).isoformat(timespec='milliseconds')
        self.records.put(({'time': time, **record}, sync))

    def _write(self, item: tuple[dict[str, Any], bool]) -> None:
        record, sync = item
        try:
            self._audit.append(record, sync=sync)
            self._world.audit_failed = False
        except OSError:
            self._world.audit_failed = True
            raise
