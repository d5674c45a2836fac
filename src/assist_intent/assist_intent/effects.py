# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Carry out what the dialogue decided: publish, log, start and cancel."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from assist_common import qos
from assist_common.component import Component
from assist_common.errors import AssistError
from assist_msgs.msg import Decision, Intent, SafetyState, Utterance
from std_msgs.msg import Bool

from assist_intent import conversions
from assist_intent.audit import AuditLog
from assist_intent.execute_client import ExecuteClient
from assist_intent.types import Cancel, Decided, Effect, Latch, Request, Risk, Say, Start, Verdict
from assist_intent.world import World

UNWRITTEN = 4096
"""Audit records that wait for a disk to have room again; people decide a few a minute."""

RETRY_PERIOD = 1.0


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
        self._unwritten: deque[tuple[dict[str, Any], bool]] = deque()
        self._writing = threading.Lock()
        self._audit_worker = node.create_worker(self._write, newest_only=True, name='audit')
        node.create_timer(RETRY_PERIOD, self._retry)
        # What a worker has not done by the end is thrown away.
        node.at_teardown(lambda: self._write(None))

    @property
    def unwritten(self) -> int:
        """Return how many records of the audit log wait to be written."""
        return len(self._unwritten)

    def publish_stop(self, stopped: bool) -> None:
        """Publish the latch."""
        self._stops.publish(Bool(data=stopped))

    def publish_safety(self, reason: str, request_id: str) -> None:
        """Publish the heartbeat of safety; a reason means stopped."""
        self._executing = request_id
        self._safety.publish(conversions.to_safety_state(self._node.now(), reason, request_id))

    def perform(self, effects: Iterable[Effect]) -> None:
        """Carry out effects in their order, but those that stop or end something before all else.

        One that fails keeps none of the others from being carried out.
        """
        for effect in sorted(effects, key=lambda item: not isinstance(item, (Latch, Cancel))):
            try:
                self._carry_out(effect)
            except Exception as error:
                self._node.report_error(type(effect).__name__, error)

    def _carry_out(self, effect: Effect) -> None:
        if isinstance(effect, Latch):
            self.publish_stop(effect.stopped)
            # Whoever waits for the next beat would refuse to move right after a resume.
            self.publish_safety(effect.reason, self._executing)
        elif isinstance(effect, Cancel):
            self._execute.cancel(effect.request_ids)
        elif isinstance(effect, Say):
            now = self._node.now()
            self._says.publish(conversions.to_utterance(effect.text, now, urgent=effect.urgent))
        elif isinstance(effect, Decided):
            self._decide(effect)
        elif isinstance(effect, Start):
            self._start(effect.request)
        else:
            self._record(conversions.outcome_record(effect))

    def _start(self, request: Request) -> None:
        if request.risk >= Risk.HIGH and self._unwritten:
            self._execute.refuse(request.id)
            cause = f'{request.id} was not begun: its decision is not in the audit log'
            raise AssistError(cause, 'see why it can not be written')
        self._execute.send(request.id, conversions.to_goal(request))

    def _decide(self, effect: Decided) -> None:
        decision = effect.decision
        request = decision.request
        if request.id != self._intent_id:
            self._intent_id = request.id
            self._intents.publish(conversions.from_request(request))
        self._decisions.publish(conversions.from_decision(decision))
        record = conversions.decision_record(decision, self._policy_version)
        high = request.risk >= Risk.HIGH
        self._record(record, sync=high or decision.verdict == Verdict.STOP)
        if high and decision.verdict == Verdict.EXECUTE:
            # On the disk before it begins.
            self._write(None)

    def _record(self, record: dict[str, Any], *, sync: bool = False) -> None:
        if len(self._unwritten) >= UNWRITTEN:
            cause = f'{UNWRITTEN} decisions wait to be written to the audit log; this one is lost'
            self._node.report_error('audit', AssistError(cause, 'make room on its disk'))
            return
        time = datetime.now(timezone.utc).isoformat(timespec='milliseconds')
        self._unwritten.append(({'time': time, **record}, sync))
        self._audit_worker.put(None)

    def _retry(self) -> None:
        if self._unwritten:
            self._audit_worker.put(None)

    def _write(self, _: None) -> None:
        """Write what waits, in its order; what can not be written waits on."""
        with self._writing:
            try:
                while self._unwritten:
                    record, sync = self._unwritten[0]
                    self._audit.append(record, sync=sync)
                    self._unwritten.popleft()
            except OSError as error:
                self._world.audit_failed = True
                raise AssistError(
                    f'the audit log can not be written: {error.strerror}',
                    'what is decided is kept until it can',
                ) from error
            self._world.audit_failed = False
