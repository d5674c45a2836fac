# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""When a measured value is worth a warning, without flickering at the limit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

from assist_common.errors import ConfigurationError


class Level(IntEnum):
    """How well something is; the numbers are those of assist_msgs/SystemHealth."""

    HEALTHY = 0
    WARNING = 1
    CRITICAL = 2


@dataclass(frozen=True)
class Threshold:
    """The limits of one value; more is worse.

    Attributes:
        name: what is measured, as the subject of a sentence.
        warning, critical: a value at or above it has that level.
        hysteresis: how far the value must fall below a limit to leave its level again.
        unit: written behind the value.
    """

    name: str
    warning: float
    critical: float
    hysteresis: float
    unit: str

    def __post_init__(self) -> None:
        if not self.warning < self.critical:
            raise ConfigurationError(
                f'the thresholds of {self.name} are out of order: warning {self.warning:g} '
                f'{self.unit}, critical {self.critical:g} {self.unit}',
                'warning must be below critical',
            )
        if not 0 <= self.hysteresis < self.critical - self.warning:
            raise ConfigurationError(
                f'the hysteresis of {self.name} is {self.hysteresis:g} {self.unit}',
                'it must be at least 0 and less than the distance between warning and critical, '
                f'{self.critical - self.warning:g} {self.unit}',
            )


class Watch:
    """One value against its threshold."""

    def __init__(self, threshold: Threshold) -> None:
        self.threshold = threshold
        self.level = Level.HEALTHY
        self.value = math.nan

    def update(self, value: float) -> Level:
        """Take a new value; NaN (not measured here) is healthy."""
        self.value = value
        self.level = self._level_of(value)
        return self.level

    @property
    def sentence(self) -> str:
        """Return what is wrong in words; empty while nothing is."""
        if self.level == Level.HEALTHY:
            return ''
        name, unit = self.threshold.name, self.threshold.unit
        limit = self._limit(self.level)
        if self.value >= limit:
            return f'{name} is {self.value:.0f} {unit}: {self.level.name.lower()} from {limit:g}'
        below = limit - self.threshold.hysteresis
        return f'{name} is {self.value:.0f} {unit}: not yet below {below:g} again'

    def _level_of(self, value: float) -> Level:
        for level in (Level.CRITICAL, Level.WARNING):
            limit = self._limit(level)
            if self.level >= level:
                limit -= self.threshold.hysteresis
            if value >= limit:
                return level
        return Level.HEALTHY

    def _limit(self, level: Level) -> float:
        return self.threshold.critical if level == Level.CRITICAL else self.threshold.warning
