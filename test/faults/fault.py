# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What a fault is, and one trial of it."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass

import psutil

from faults.rig import Rig

RECOVERY = 10.0
"""Seconds from the end of the cause until all is well again."""

CALM = 6.0
"""Seconds between two faults, so that supervisor_node does not count the failures of one with those
of the other (its `stable_time` is 5 s)."""

PATIENCE = 30.0
"""Seconds that detection and recovery are waited for before they count as missing."""

_LOOK_PERIOD = 0.1


class Fault:
    """A cause that can be brought about and taken away.

    Attributes:
        name: for people.
        words: regular expression that the graph's own report of it matches.
        detect_within: s.
        hold: s from the detection until it is taken away.
        passes: whether it is over as soon as it has happened, as a death is.
        tolerable: whether a graph that stays well all the while need not report it; else it has
            `detect_within` from the moment that something is not well.
    """

    name = ''
    words = ''
    detect_within = 3.0
    hold = 0.0
    passes = False
    tolerable = False

    def inject(self, rig: Rig) -> None:
        """Bring it about."""
        raise NotImplementedError

    def heal(self, rig: Rig) -> None:
        """Take the cause away."""


@dataclass(frozen=True)
class Outcome:
    """How the graph took a fault; times in seconds, None where it never came.

    Attributes:
        detected: from the cause, or from its first harm where that is tolerable, to the report.
        rode_out: all stayed well.
        not_run: why it could not be brought about here; empty where it was.
        recovered: from the end of the cause until all was well.
        report: that first report.
        harm: what must never happen, and did.
    """

    fault: str
    detect_within: float
    detected: float | None
    recovered: float | None
    report: str
    harm: tuple[str, ...]
    rode_out: bool = False
    not_run: str = ''

    @property
    def passed(self) -> bool:
        """Return whether it kept every line."""
        detected = self.detected is not None and self.detected <= self.detect_within
        return (
            (detected or self.rode_out)
            and self.recovered is not None
            and self.recovered <= RECOVERY
            and not self.harm
        )


def attempt(fault: Fault, rig: Rig) -> Outcome:
    """Try a fault; what this machine does not let happen is told, and ends nothing else."""
    try:
        return trial(fault, rig)
    except (OSError, subprocess.SubprocessError, psutil.Error) as error:
        return not_run(fault.name, fault.detect_within, error)


def not_run(name: str, detect_within: float, error: Exception) -> Outcome:
    """Return the outcome of a fault that could not be brought about."""
    reason = ' '.join(str(error).split())
    return Outcome(name, detect_within, None, None, '', (), not_run=reason)


def broken(name: str, detect_within: float) -> Outcome:
    """Return the outcome of a fault before which the graph was not even well."""
    harm = ('the graph did not come up; what it said is above',)
    return Outcome(name, detect_within, None, None, '', harm)


def trial(fault: Fault, rig: Rig) -> Outcome:
    """Inject a fault into a graph that is well, while a question waits for its answer."""
    rig.wait_until_well(0.0, PATIENCE)
    time.sleep(CALM)
    known = len(rig.false_acts())
    rig.type('Bring me the cup.')
    rig.record()
    began = time.monotonic()
    try:
        fault.inject(rig)
        troubled = _sit_out(fault, rig) if fault.tolerable else began
        report = rig.wait_for_report(fault.words, 0.0 if fault.tolerable else PATIENCE)
        if not fault.tolerable:
            time.sleep(fault.hold)
    finally:
        healed = time.monotonic()
        fault.heal(rig)
    if fault.passes:
        healed = began
    well = rig.wait_until_well(healed, max(0.0, healed + PATIENCE - time.monotonic()))
    harm = [*rig.false_acts()[known:], *rig.audit_problems()]
    return Outcome(
        fault=fault.name,
        detect_within=fault.detect_within,
        detected=None if report is None else round(max(0.0, report.at - (troubled or began)), 2),
        recovered=None if well is None else round(well - healed, 2),
        report='' if report is None else f'{report.where}: {report.text}',
        harm=tuple(harm if well is not None else [*harm, *rig.troubles(healed)]),
        rode_out=troubled is None,
    )


def _sit_out(fault: Fault, rig: Rig) -> float | None:
    """Let a fault go on that need not harm; return when something was first not well."""
    troubled = None
    end = time.monotonic() + fault.detect_within + fault.hold
    while (now := time.monotonic()) < end:
        if troubled is None and rig.troubles(0.0):
            troubled = now
            end = max(end, now + fault.detect_within)
        time.sleep(_LOOK_PERIOD)
    return troubled
