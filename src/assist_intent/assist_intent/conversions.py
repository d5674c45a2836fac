# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Between messages and the types of the engines."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from assist_common.conversions import to_seconds, to_stamp
from assist_common.errors import InputError
from assist_msgs.action import ExecuteCommand
from assist_msgs.msg import Decision as DecisionMessage
from assist_msgs.msg import Intent as IntentMessage
from assist_msgs.msg import SafetyState, SystemHealth, SystemMode, Transcript, Utterance
from assist_msgs.msg import Scene as SceneMessage
from assist_msgs.msg import SceneObject as SceneObjectMessage
from assist_msgs.msg import Slot as SlotMessage
from assist_msgs.msg import Step as StepMessage
from builtin_interfaces.msg import Time
from sensor_msgs.msg import BatteryState
from std_msgs.msg import Header

from assist_intent.executor import Result
from assist_intent.grounding import FUTURE
from assist_intent.normaliser import LONGEST_TEXT
from assist_intent.robot_state import RobotState
from assist_intent.types import (
    NEVER,
    Decision,
    Ended,
    Health,
    Heard,
    Match,
    Mode,
    Relation,
    Request,
    Scene,
    SceneObject,
    Situation,
    Slot,
    Source,
    Step,
    Understanding,
)

MOST_ALTERNATIVES = 16
"""Other readings of what was heard that are looked at."""
SAY_EXPIRY = 15.0
"""Seconds after which an answer is too old to be spoken."""


def to_heard(message: Transcript, now: float, age: float, *, trusted: bool = True) -> Heard:
    """Return what was heard; begun never where stamps can not be trusted, since a clock was set.

    Args:
        now: steady time, s.
        age: seconds since the stamp, in ROS time.
    """
    # It can not have begun later than its own length ago, whatever the stamp says.
    begun = now - max(age, message.duration, 0.0) if trusted else NEVER
    confidence = message.confidence if math.isfinite(message.confidence) else 0.0
    return Heard(
        text=message.text,
        source=Source.VOICE,
        begun=begun if math.isfinite(begun) else NEVER,
        confidence=min(max(confidence, 0.0), 1.0),
        stamp=to_seconds(message.header.stamp),
        duration=message.duration if math.isfinite(message.duration) else 0.0,
        alternatives=tuple(message.alternatives[:MOST_ALTERNATIVES]),
        stop_only=message.stop_only,
    )


def to_scene(message: SceneMessage, now: float, age: float) -> Scene:
    """Return a scene that was seen `age` seconds before the steady time `now`.

    One from the future was never seen: it would count as fresh once its time has come.

    Raises:
        InputError: it holds numbers that are none.
    """
    objects = tuple(_to_object(item) for item in message.objects)
    relations = tuple(
        Relation(item.subject_id, item.predicate, item.object_id, item.confidence)
        for item in message.relations
    )
    seen_at = now - max(age, 0.0) if age >= -FUTURE else NEVER
    return Scene(objects, relations, message.image_width, message.image_height, seen_at)


def _to_object(message: SceneObjectMessage) -> SceneObject:
    box = message.bbox
    numbers = (box.center.position.x, box.center.position.y, box.size_x, box.size_y)
    if not all(math.isfinite(number) for number in numbers):
        raise InputError(f"the box of the object '{message.id}' is not finite")
    place, size = message.position, message.size
    distance = math.hypot(place.x, place.y, place.z)
    located = message.located and math.isfinite(distance)
    extent = max(size.x, size.y, size.z)
    return SceneObject(
        message.id,
        message.label,
        message.confidence,
        *numbers,
        attributes=tuple(message.attributes),
        distance=distance if located else None,
        extent=extent if located and math.isfinite(extent) else None,
    )


def to_mode(message: SystemMode) -> tuple[Mode, str, tuple[str, ...]]:
    """Return mode, reason and missing abilities; an unknown mode counts as the worst."""
    known = message.mode in {int(mode) for mode in Mode}
    mode = Mode(message.mode) if known else Mode.SAFE_STOP
    return mode, message.reason, tuple(message.missing)


def report_battery(state: RobotState, message: BatteryState, now: float) -> None:
    """Hand over what a driver says of the battery."""
    charging = message.power_supply_status == BatteryState.POWER_SUPPLY_STATUS_CHARGING
    state.report_battery(message.percentage, charging, now)


def report_health(state: RobotState, message: SystemHealth, now: float) -> None:
    """Hand over what the monitor says of the system."""
    level = Health(min(message.level, Health.CRITICAL))
    state.report_health(level, tuple(message.reasons), now)


def from_request(request: Request) -> IntentMessage:
    """Return the message of what was understood."""
    meaning, heard = request.understanding, request.heard
    return IntentMessage(
        header=_header(heard),
        request_id=request.id,
        name=meaning.name,
        slots=_from_slots(meaning.slots),
        steps=[
            StepMessage(name=step.name, slots=_from_slots(step.slots)) for step in meaning.steps
        ],
        text=meaning.text,
        match=int(meaning.match),
        score=meaning.score,
        source=int(heard.source),
        transcript_confidence=heard.confidence,
    )


def to_understanding(message: IntentMessage) -> Understanding:
    """Return what was understood."""
    match = Match.EXACT if message.match == IntentMessage.EXACT else Match.FUZZY
    later = tuple(Step(step.name, _to_slots(step.slots)) for step in message.steps[1:])
    return Understanding(
        message.text, message.name, _to_slots(message.slots), match, message.score, later=later
    )


def _to_slots(messages: Iterable[SlotMessage]) -> tuple[Slot, ...]:
    return tuple(Slot(slot.name, slot.value, slot.text, slot.object_id) for slot in messages)


def from_decision(decision: Decision) -> DecisionMessage:
    """Return the message of a decision."""
    request = decision.request
    return DecisionMessage(
        header=_header(request.heard),
        request_id=request.id,
        intent=request.understanding.name,
        slots=_from_slots(request.understanding.slots),
        verdict=int(decision.verdict),
        risk=int(request.risk),
        reasons=list(request.reasons),
        reply=decision.reply,
        text=request.heard.text,
    )


def to_goal(request: Request) -> ExecuteCommand.Goal:
    """Return the goal for the executor."""
    return ExecuteCommand.Goal(intent=from_request(request), risk=int(request.risk))


def to_feedback(phase: str, progress: float) -> ExecuteCommand.Feedback:
    """Return the feedback of an act; a handler may give any number for the progress."""
    # An int where a message holds a float ends the whole process.
    return ExecuteCommand.Feedback(phase=str(phase), progress=min(max(float(progress), 0.0), 1.0))


def to_result(result: Result) -> ExecuteCommand.Result:
    """Return the result of an act."""
    return ExecuteCommand.Result(outcome=int(result.outcome), message=str(result.message))


def to_utterance(text: str, now: Time, *, urgent: bool = False) -> Utterance:
    """Return something to say."""
    priority = Utterance.URGENT if urgent else Utterance.NORMAL
    return Utterance(header=Header(stamp=now), text=str(text), priority=priority, expiry=SAY_EXPIRY)


def to_safety_state(now: Time, reason: str, request_id: str) -> SafetyState:
    """Return the heartbeat of safety."""
    return SafetyState(
        header=Header(stamp=now), stopped=bool(reason), reason=reason, request_id=request_id
    )


def decision_record(decision: Decision, policy_version: str) -> dict[str, Any]:
    """Return a decision with all that led to it, for the audit log."""
    request = decision.request
    judged_by = _situation_record(decision.situation) if decision.situation else {}
    approved_by = {'answer': _heard_record(request.answer)} if request.answer else {}
    return {
        'event': 'decision',
        'stopped': decision.stopped,
        'verdict': decision.verdict.name,
        'risk': request.risk.name,
        'reasons': list(request.reasons),
        'reply': decision.reply,
        'confirmation': decision.confirmation,
        **approved_by,
        'policy': policy_version,
        'sight': decision.sight.name,
        **judged_by,
        **request_record(request),
    }


def _situation_record(situation: Situation) -> dict[str, Any]:
    objects = situation.scene.objects if situation.scene else ()
    return {
        'scene': [f'{item.id}:{item.label}' for item in objects],
        'mode': situation.mode.name,
        'health': situation.health.name,
        'missing': list(situation.missing),
    }


def outcome_record(ended: Ended) -> dict[str, Any]:
    """Return how an act ended, for the audit log."""
    return {
        'event': 'outcome',
        'stopped': ended.stopped,
        'outcome': ended.outcome.name,
        'message': ended.message,
        **request_record(ended.request),
    }


def request_record(request: Request) -> dict[str, Any]:
    """Return what was heard and understood, for the audit log."""
    meaning, heard = request.understanding, request.heard
    return {
        'request': request.id,
        **({'plan': request.plan, 'step': request.step} if request.plan else {}),
        **_heard_record(heard),
        'intent': meaning.name,
        'slots': {slot.name: slot.value for slot in meaning.slots},
        'steps': [{'intent': step.name, 'slots': step.values()} for step in meaning.steps],
        'objects': [
            slot.object_id for step in meaning.steps for slot in step.slots if slot.object_id
        ],
        'match': meaning.match.name,
        'score': meaning.score,
    }


def _heard_record(heard: Heard) -> dict[str, Any]:
    return {
        'text': heard.text,
        'source': heard.source.name,
        'confidence': round(heard.confidence, 3),
        'stamp': round(heard.stamp, 3),
        'alternatives': [text[:LONGEST_TEXT] for text in heard.alternatives],
    }


def _header(heard: Heard) -> Header:
    return Header(stamp=to_stamp(max(heard.stamp, 0.0)))


def _from_slots(slots: Iterable[Slot]) -> list[SlotMessage]:
    return [
        SlotMessage(name=slot.name, value=slot.value, text=slot.text, object_id=slot.object_id)
        for slot in slots
    ]
