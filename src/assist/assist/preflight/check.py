# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What a check is, and how checks are run one after the other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assist_common.errors import AssistError

from assist.preflight.subject import Subject

LIMIT = 60.0


class Skipped(Exception):
    """The check does not apply to this machine; the text says why."""


@dataclass(frozen=True)
class Check:
    """One thing that must be right.

    Attributes:
        item: its sentence of the deployment checklist.
        function: returns what it found; raises AssistError with cause and remedy, or Skipped.
        remedy: for a failure that nobody has foreseen.
        required: the graph is not ready when it fails.
        is_device: a robot may be meant to have it; a missing one is skipped unless `strict`.
        needs: names of checks before it without which it makes no sense.
        nodes: it is of use only where one of these is started; empty: always.
        limit: longest time that it may take, s.
    """

    name: str
    item: str
    function: Callable[[Subject], str]
    remedy: str
    required: bool = True
    is_device: bool = False
    needs: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    limit: float = LIMIT


@dataclass(frozen=True)
class Outcome:
    """What a check found: result is 'pass', 'fail' or 'skip'."""

    name: str
    result: str
    required: bool
    text: str
    remedy: str
    seconds: float

    @property
    def is_bad(self) -> bool:
        """Return whether the graph is not ready because of it."""
        return self.required and self.result == 'fail'


def run(
    checks: Iterable[Check],
    subject: Subject,
    report: Callable[[Outcome], object],
    *,
    strict: bool = False,
) -> list[Outcome]:
    """Run checks in order; each outcome is reported as soon as it is there.

    Args:
        strict: a device that is missing is a failure.
    """
    outcomes: list[Outcome] = []
    for check in checks:
        reason = _reason_to_skip(check, subject.nodes, outcomes)
        outcome = (
            Outcome(check.name, 'skip', check.required, reason, '', 0.0)
            if reason
            else examine(check, subject)
        )
        if strict and check.is_device and outcome.result == 'skip' and not reason:
            outcome = replace(outcome, result='fail', remedy=check.remedy)
        outcomes.append(outcome)
        report(outcome)
    return outcomes


def examine(check: Check, subject: Subject) -> Outcome:
    """Run one check, for as long as it may take; whatever it raises becomes an outcome."""
    results: list[str] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(check.function(subject))
        except BaseException as error:  # told below; a library may raise SystemExit
            errors.append(error)

    began = time.monotonic()
    # A device or library that hangs must not take the report with it.
    thread = threading.Thread(target=work, name=check.name, daemon=True)
    thread.start()
    thread.join(check.limit)
    seconds = round(time.monotonic() - began, 3)
    if results:
        result, text, remedy = 'pass', results[0], ''
    elif errors:
        result, text, remedy = _explain(errors[0], check)
    else:
        result, text, remedy = 'fail', f'no answer within {check.limit:g} s', check.remedy
    return Outcome(check.name, result, check.required, text, remedy, seconds)


def _explain(error: BaseException, check: Check) -> tuple[str, str, str]:
    if isinstance(error, Skipped):
        return 'skip', str(error), ''
    if isinstance(error, AssistError):
        return 'fail', _one_line(error.cause), _one_line(error.remedy or check.remedy)
    return 'fail', _one_line(f'{type(error).__name__}: {error}'), check.remedy


def _one_line(text: Any) -> str:
    return ' '.join(str(text).split()).removesuffix('.')


def _reason_to_skip(check: Check, nodes: Sequence[str], outcomes: Sequence[Outcome]) -> str:
    if check.nodes and not set(check.nodes) & set(nodes):
        return f'without {" and ".join(check.nodes)} there is nothing to check'
    missing = [one.name for one in outcomes if one.name in check.needs and one.result != 'pass']
    return f'needs {" and ".join(missing)}' if missing else ''
