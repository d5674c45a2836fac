# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Watch a running graph: what was heard, understood, decided, said and seen, and how it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import rclpy
from assist_common import qos
from assist_common.conversions import to_seconds
from assist_msgs.msg import (
    Decision,
    Intent,
    LatencyReport,
    LatencyStage,
    SafetyState,
    Scene,
    SystemHealth,
    SystemMode,
    Transcript,
    Utterance,
)
from cv_bridge import CvBridge
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from sensor_msgs.msg import Image
from std_msgs.msg import Bool

SAME_STAMP = 1e-4
"""Seconds that two stamps of one utterance may differ by: some went through floating point."""


@dataclass(frozen=True)
class Event:
    """Something that happened, for people to read as it happens.

    Attributes:
        seconds: since the observer was made, steady clock.
        who: person, robot or system.
        delay: s since the end of what caused it; None where there is no cause to measure from.
    """

    seconds: float
    who: str
    text: str
    delay: float | None = None


@dataclass
class Observations:
    """All that was observed."""

    transcripts: list[Transcript] = field(default_factory=list)
    intents: list[Intent] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    utterances: list[Utterance] = field(default_factory=list)
    labels: dict[str, float] = field(default_factory=dict)
    scenes: int = 0
    health: SystemHealth | None = None
    mode: SystemMode | None = None
    active_after: float | None = None
    stopped: bool = False
    speaking: bool = False
    replies: int = 0
    statuses: dict[str, DiagnosticStatus] = field(default_factory=dict)
    latency: dict[str, LatencyStage] = field(default_factory=dict)
    transcript_delays: list[float] = field(default_factory=list)
    decided_at: list[float] = field(default_factory=list)
    """Steady time of each decision, s."""
    delays: list[float | None] = field(default_factory=list)
    """From the end of what led to each decision, s; None where nothing that was said did."""
    executing_at: list[str] = field(default_factory=list)
    """The id of the request that was being executed at each decision, or nothing."""
    heard_at: list[int] = field(default_factory=list)
    """How many sentences had been heard at each decision."""
    executing: str = ''
    picture: Image | None = None
    picture_objects: int = 0


class Observer:
    """A context manager around a node of its own; `on_event` is called as things happen."""

    def __init__(
        self,
        namespace: str = 'assist',
        *,
        domain_id: int | None = None,
        on_event: Callable[[Event], Any] = lambda event: None,
    ) -> None:
        self.seen = Observations()
        self._namespace = namespace
        self._domain_id = domain_id
        self._on_event = on_event
        self._began = time.monotonic()
        self._changed = threading.Condition()
        self._context = Context()

    def __enter__(self) -> Observer:
        rclpy.init(context=self._context, domain_id=self._domain_id)
        self.node = Node('observer', namespace=self._namespace, context=self._context)
        self._subscribe()
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self.node)
        self._thread = threading.Thread(target=self._executor.spin, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._executor.shutdown(timeout_sec=5.0)
        self._thread.join(5.0)
        self.node.destroy_node()
        self._context.try_shutdown()

    def wait_for(self, condition: Callable[[Observations], Any], timeout: float) -> bool:
        """Return whether the condition came true of what was seen within so many seconds."""
        with self._changed:
            return bool(self._changed.wait_for(lambda: condition(self.seen), timeout))

    def wait_for_turn(self, breath: float, timeout: float) -> bool:
        """Return whether the robot has been idle and silent for a breath within so many seconds.

        What it says at the end of an act begins a moment after that: who speaks then is not heard.
        """
        end = time.monotonic() + timeout
        while self.wait_for(_is_idle, end - time.monotonic()):
            if not self.wait_for(partial(_speaks_since, self.seen.replies), breath):
                return True
        return False

    def save_picture(self, path: Path) -> bool:
        """Write the annotated picture that shows most; False when there was none."""
        if self.seen.picture is None:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        return bool(cv2.imwrite(str(path), CvBridge().imgmsg_to_cv2(self.seen.picture, 'bgr8')))

    def _subscribe(self) -> None:
        for message_type, topic, callback, profile in (
            (Transcript, 'transcript', self._on_transcript, qos.RELIABLE),
            (Intent, 'intent', self._on_intent, qos.RELIABLE),
            (Decision, 'decision', self._on_decision, qos.RELIABLE),
            (Utterance, 'say', self._on_utterance, qos.RELIABLE),
            (Scene, 'scene', self._on_scene, qos.SENSOR),
            (Image, 'detections/image', self._on_picture, qos.SENSOR),
            (SystemHealth, 'health', self._on_health, qos.RELIABLE),
            (SystemMode, 'mode', self._on_mode, qos.LATCHED),
            (Bool, 'stop', self._on_stop, qos.LATCHED),
            (Bool, 'speaking', self._on_speaking, qos.LATCHED),
            (SafetyState, 'safety_state', self._on_safety, qos.SAFETY),
            (LatencyReport, 'latency', self._on_latency, qos.RELIABLE),
            (DiagnosticArray, '/diagnostics', self._on_diagnostics, qos.RELIABLE),
        ):
            self.node.create_subscription(message_type, topic, self._noting(callback), profile)

    def _noting(self, callback: Callable[[Any], None]) -> Callable[[Any], None]:
        def note(message: Any) -> None:
            with self._changed:
                callback(message)
                self._changed.notify_all()

        return note

    def _tell(self, who: str, text: str, delay: float | None = None) -> None:
        self._on_event(Event(time.monotonic() - self._began, who, text, delay))

    def _age(self, stamp: Any) -> float:
        return to_seconds(self.node.get_clock().now().to_msg()) - to_seconds(stamp)

    def _on_transcript(self, message: Transcript) -> None:
        delay = self._age(message.header.stamp) - message.duration
        self.seen.transcripts.append(message)
        self.seen.transcript_delays.append(delay)
        self._tell('person', message.text, delay)

    def _on_intent(self, message: Intent) -> None:
        self.seen.intents.append(message)

    def _on_decision(self, message: Decision) -> None:
        delay = self._delay(message)
        self.seen.decisions.append(message)
        self.seen.decided_at.append(time.monotonic())
        self.seen.delays.append(delay)
        self.seen.executing_at.append(self.seen.executing)
        self.seen.heard_at.append(len(self.seen.transcripts))
        self._tell('robot', f'decides {decision_text(message)}', delay)

    def _delay(self, decision: Decision) -> float | None:
        """Return the seconds since the end of the latest sentence if that led to the decision:
        it is about it, or the first one since.

        One that expires has no such cause.
        """
        if not self.seen.transcripts:
            return None
        latest = self.seen.transcripts[-1]
        stamps = to_seconds(decision.header.stamp), to_seconds(latest.header.stamp)
        heard = self.seen.heard_at[-1] if self.seen.heard_at else 0
        is_first = len(self.seen.transcripts) > heard
        if not is_first and (
            abs(stamps[0] - stamps[1]) > SAME_STAMP or decision.verdict == Decision.EXPIRE
        ):
            return None
        return self._age(latest.header.stamp) - latest.duration

    def _on_utterance(self, message: Utterance) -> None:
        self.seen.utterances.append(message)
        self._tell('robot', f'says "{message.text}"')

    def _on_scene(self, message: Scene) -> None:
        self.seen.scenes += 1
        for found in message.objects:
            best = self.seen.labels.get(found.label, 0.0)
            self.seen.labels[found.label] = max(best, found.confidence)
        if len(message.objects) > self.seen.picture_objects:
            self.seen.picture_objects = len(message.objects)
            self.seen.picture = None

    def _on_picture(self, message: Image) -> None:
        if self.seen.picture is None:
            self.seen.picture = message

    def _on_health(self, message: SystemHealth) -> None:
        self.seen.health = message

    def _on_mode(self, message: SystemMode) -> None:
        self.seen.mode = message
        if message.mode == SystemMode.NORMAL and self.seen.active_after is None:
            self.seen.active_after = time.monotonic() - self._began
            self._tell('system', 'all nodes are active')

    def _on_stop(self, message: Bool) -> None:
        self.seen.stopped |= message.data

    def _on_safety(self, message: SafetyState) -> None:
        self.seen.executing = message.request_id

    def _on_speaking(self, message: Bool) -> None:
        self.seen.replies += self.seen.speaking and not message.data
        self.seen.speaking = message.data

    def _on_latency(self, message: LatencyReport) -> None:
        for stage in message.stages:
            self.seen.latency[stage.name] = stage

    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        for status in message.status:
            self.seen.statuses[status.name] = status


def _speaks_since(replies: int, seen: Observations) -> bool:
    return not _is_idle(seen) or seen.replies > replies


def _is_idle(seen: Observations) -> bool:
    return not seen.executing and not seen.speaking


VERDICTS = {
    Decision.EXECUTE: 'to do it',
    Decision.CONFIRM: 'to ask for confirmation of',
    Decision.ASK: 'to ask about',
    Decision.REFUSE: 'not to do',
    Decision.ANSWER: 'to answer',
    Decision.STOP: 'to stop',
    Decision.EXPIRE: 'to let go of',
}
RISKS = {
    Decision.LOW: 'low',
    Decision.MEDIUM: 'medium',
    Decision.HIGH: 'high',
    Decision.FORBIDDEN: 'forbidden',
}


def decision_text(decision: Decision) -> str:
    """Return a decision as people read it."""
    slots = ', '.join(f'{slot.name}: {slot.value}' for slot in decision.slots)
    intent = f'{decision.intent or "nothing understood"}{f" ({slots})" if slots else ""}'
    verdict = VERDICTS.get(decision.verdict, f'something unknown ({decision.verdict})')
    return f'{verdict}: {intent}, risk {RISKS.get(decision.risk, decision.risk)}'
