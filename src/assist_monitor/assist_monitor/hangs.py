# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What shows that a supervised node hangs, and what excuses it."""

from __future__ import annotations

from assist_monitor import pings
from assist_monitor.actions import Transition
from assist_monitor.member import Limits, Member

OWN_GAP = 1.0
"""Seconds between two looks from which the one who looks was away itself, with the others or not.

The whole graph stands still when its machine is suspended, its container paused or its terminal
stopped.
"""

EXCUSE = 1.5
"""Seconds after that in which heartbeats may still tell of the standstill: one more, and a bit."""


def forgive(member: Member, gap: float, now: float) -> None:
    """Do not blame a node for the time in which the supervisor itself stood still."""
    if member.heard is not None:
        member.heard = min(now, member.heard + gap)
    for name in ('ending_since', 'force_sent', 'lost_at', 'ready_at', 'pinged'):
        moment = getattr(member, name)
        if moment is not None:
            setattr(member, name, min(now, moment + gap))
    member.since = min(now, member.since + gap)
    member.pending_since += gap
    member.settled_until += gap
    member.executor_age = 0.0
    member.excused_until = now + EXCUSE
    member.worker_excuse += gap


def take_ages(member: Member, executor_age: float, worker_age: float, now: float) -> None:
    """Take from a heartbeat how long the executor and the busiest worker have been at it."""
    member.executor_age = 0.0 if now < member.excused_until else executor_age
    if worker_age < member.worker_age:
        # Another job: it was not begun before the standstill.
        member.worker_excuse = 0.0
    member.worker_age = worker_age


def hang(member: Member, limits: Limits, now: float) -> str:
    """Return what shows that a node hangs, as the rest of a sentence; else an empty text."""
    silent = now - (member.heard or 0.0)
    busy = member.pending is not None or member.in_transition
    allowed = limits.heartbeat_timeout
    if not member.pid:
        allowed += 2 * limits.query_period
    if silent > (max(allowed, limits.configure_timeout) if busy else allowed):
        return f'has been silent for {silent:.1f} s'
    if member.pending is not None:
        allowed = longest(member.pending, limits)
        if now - member.pending_since > allowed:
            return f'did not {member.pending.name.lower()} within {allowed:g} s'
    if pings.is_deaf(member):
        return pings.FAULT
    return '' if busy else standstill(member, limits)


def standstill(member: Member, limits: Limits) -> str:
    """Return what stands still in a node that sends heartbeats; else an empty text."""
    if member.executor_age > limits.executor_timeout:
        return f'does not react: its executor has stood still for {member.executor_age:.1f} s'
    stuck = member.worker_age - member.worker_excuse
    if stuck > limits.worker_timeout:
        return f'is stuck: one job has kept a worker busy for {stuck:.0f} s'
    return ''


def longest(transition: Transition, limits: Limits) -> float:
    """Return the seconds that a transition may take."""
    if transition == Transition.CONFIGURE:
        return limits.configure_timeout
    return limits.transition_timeout
