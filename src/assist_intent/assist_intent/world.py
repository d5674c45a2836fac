# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What the rest of the graph has said last, as far as decisions depend on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from assist_common.errors import InputError

from assist_intent.clock_watch import ClockWatch
from assist_intent.types import NEVER, Health, Mode, Scene, Situation

HEALTH_FRESH = 10.0
"""Seconds after which silence of the monitor counts as a warning."""


class World:
    """Collects scene, mode and health; every method may be called from any thread.

    Args:
        report: called with what is wrong with a scene.
    """

    def __init__(self, report: Callable[[Exception], None]) -> None:
        self._report = report
        self.clock = ClockWatch()
        self.audit_failed = False
        self._load_scene: Callable[[], Scene] | None = None
        self._scene: Scene | None = None
        self._mode: tuple[Mode, str, tuple[str, ...]] = (Mode.NORMAL, '', ())
        self._health = Health.HEALTHY
        self._health_at = NEVER

    def saw(self, load: Callable[[], Scene]) -> None:
        """Take in a scene, which is only loaded when somebody needs it."""
        self._load_scene = load

    @property
    def scene(self) -> Scene | None:
        """Return the latest scene, or None when there was none that can be read."""
        load, self._load_scene = self._load_scene, None
        if load:
            try:
                self._scene = load()
            except InputError as error:
                self._scene = None
                self._report(error)
        return self._scene

    def set_mode(self, mode: Mode, reason: str, missing: tuple[str, ...]) -> None:
        """Take in the mode of the system."""
        self._mode = mode, reason, missing

    def set_health(self, level: Health, now: float) -> None:
        """Take in the health of the system."""
        self._health, self._health_at = level, now

    def situation(self, now: float) -> Situation:
        """Return all that a decision depends on beside the words."""
        mode, reason, missing = self._mode
        health = self._health
        if now - self._health_at > HEALTH_FRESH:
            health = max(health, Health.WARNING)
        hour, logged = datetime.now().hour, not self.audit_failed
        return Situation(self.scene, mode, reason, missing, health, hour, logged)
