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
    """The limits of one value.

    Attributes:
        name: what is measured, as the subject of a sentence.
        warning, critical: a value at or beyond it has that level.
        hysteresis: how far the value must come back past a limit to leave its level again.
        unit: written behind the value.
        falling: less is worse.
    """

    name: str
    warning: float
    critical: float
    hysteresis: float
    unit: str
    falling: bool = False

    def __post_init__(self) -> None:
        distance = self.sign * (self.critical - self.warning)
        if not distance > 0:
            raise ConfigurationError(
                f'the thresholds of {self.name} are out of order: warning {self.warning:g} '
                f'{self.unit}, critical {self.critical:g} {self.unit}',
                f'warning must be {"above" if self.falling else "below"} critical',
            )
        if not 0 <= self.hysteresis < distance:
            raise ConfigurationError(
                f'the hysteresis of {self.name} is {self.hysteresis:g} {self.unit}',
                'it must be at least 0 and less than the distance between warning and critical, '
                f'{distance:g} {self.unit}',
            )

    @property
    def sign(self) -> int:
        """Return what a value is multiplied by to have more be worse."""
        return -1 if self.falling else 1


class Watch:
    """One value against its threshold; with a `cap` never worse than that other watch."""

    def __init__(self, threshold: Threshold, cap: Watch | None = None) -> None:
        self.threshold = threshold
        self.value = math.nan
        self._cap = cap
        self._own_level = Level.HEALTHY

    def update(self, value: float) -> Level:
        """Take a new value; NaN (not measured here) is healthy."""
        self.value = value
        self._own_level = self._level_of(value)
        return self.level

    @property
    def level(self) -> Level:
        """Return the level as it is now."""
        return self._own_level if self._cap is None else min(self._own_level, self._cap.level)

    @property
    def sentence(self) -> str:
        """Return what is wrong in words; empty while nothing is."""
        if self.level == Level.HEALTHY:
            return ''
        chosen = self.threshold
        limit = self._limit(self.level)
        start = f'{chosen.name} is {self.value:.0f} {chosen.unit}:'
        if chosen.sign * self.value >= chosen.sign * limit:
            return f'{start} {self.level.name.lower()} from {limit:g}'
        end = limit - chosen.sign * chosen.hysteresis
        return f'{start} not yet {"above" if chosen.falling else "below"} {end:g} again'

    def _level_of(self, value: float) -> Level:
        sign = self.threshold.sign
        for level in (Level.CRITICAL, Level.WARNING):
            limit = sign * self._limit(level)
            if self._own_level >= level:
                limit -= self.threshold.hysteresis
            if sign * value >= limit:
                return level
        return Level.HEALTHY

    def _limit(self, level: Level) -> float:
        return self.threshold.critical if level == Level.CRITICAL else self.threshold.warning
