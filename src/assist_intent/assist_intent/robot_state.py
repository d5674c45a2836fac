# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What the robot knows of itself, for those who ask; every value may be unknown."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assist_intent.types import NEVER, Health

BATTERY_FRESH = 60.0
"""Seconds after which a report of the battery is too old: drivers publish at least as often."""
HEALTH_FRESH = 10.0
"""Seconds after which a report of the health is too old."""


@dataclass
class RobotState:
    """Reports with the steady time, s, at which they came."""

    _charge: float = math.nan
    _charging: bool = False
    _charge_at: float = NEVER
    _health: Health = Health.HEALTHY
    _reasons: tuple[str, ...] = ()
    _health_at: float = NEVER

    def report_battery(self, charge: float, charging: bool, now: float) -> None:
        """Take in the charge, 0 to 1; NaN where the driver does not know it."""
        self._charge, self._charging, self._charge_at = charge, charging, now

    def report_health(self, level: Health, reasons: tuple[str, ...], now: float) -> None:
        """Take in how the system is."""
        self._health, self._reasons, self._health_at = level, reasons, now

    def battery(self, now: float) -> tuple[int, bool] | None:
        """Return the charge in percent and whether it charges, or None when it is not known."""
        if now - self._charge_at > BATTERY_FRESH or not 0.0 <= self._charge <= 1.0:
            return None
        return round(100 * self._charge), self._charging

    def health(self, now: float) -> tuple[Health, tuple[str, ...]] | None:
        """Return the health and what impairs it, or None when it is not known."""
        if now - self._health_at > HEALTH_FRESH:
            return None
        return self._health, self._reasons
