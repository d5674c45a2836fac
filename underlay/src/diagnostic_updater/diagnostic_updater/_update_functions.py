# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Tasks that watch the rate and the stamps of events, and a sign of life."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass

from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from rclpy.time import Time

from diagnostic_updater._diagnostic_status_wrapper import DiagnosticStatusWrapper
from diagnostic_updater._diagnostic_updater import DiagnosticTask


@dataclass
class FrequencyStatusParam:
    """What a rate must be.

    `freq_bound` maps 'min' and, if there is one, 'max' to a rate in Hz; it may be changed later.
    Rates within the bounds stretched by `tolerance` (a fraction) are accepted. A rate is taken
    over the last `window_size` updates.
    """

    freq_bound: dict[str, float]
    tolerance: float = 0.1
    window_size: int = 5


class FrequencyStatus(DiagnosticTask):
    """Watch how often `tick` is called: ERROR without any call, WARN outside the bounds."""

    def __init__(self, params: FrequencyStatusParam, name: str = 'FrequencyStatus') -> None:
        super().__init__(name)
        self.params = params
        self.lock = threading.Lock()
        self._clock = Clock(clock_type=ClockType.STEADY_TIME)
        self.clear()

    def clear(self) -> None:
        """Forget every event."""
        with self.lock:
            self._count = 0
            self._history = [(self._clock.now(), 0)] * self.params.window_size
            self._oldest = 0

    def tick(self) -> None:
        """Count one event."""
        with self.lock:
            self._count += 1

    def run(self, stat: DiagnosticStatusWrapper) -> DiagnosticStatusWrapper:
        """Fill the status and return it."""
        with self.lock:
            count = self._count
            events, window = self._advance()
        rate = events / window if window > 0 else math.inf if events else 0.0
        self._summarize(stat, events, rate)
        stat.add('Events in window', f'{events}')
        stat.add('Events since startup', f'{count}')
        stat.add('Duration of window (s)', f'{window:f}')
        stat.add('Actual frequency (Hz)', f'{rate:f}')
        self._add_bounds(stat)
        return stat

    def _advance(self) -> tuple[int, float]:
        """Return events and seconds since the oldest entry, and put the present in its place."""
        now = self._clock.now()
        start, count_then = self._history[self._oldest]
        self._history[self._oldest] = (now, self._count)
        self._oldest = (self._oldest + 1) % len(self._history)
        return self._count - count_then, (now - start).nanoseconds * 1e-9

    def _limits(self) -> tuple[float, float | None]:
        bound, tolerance = self.params.freq_bound, self.params.tolerance
        high = bound['max'] * (1 + tolerance) if 'max' in bound else None
        return bound['min'] * (1 - tolerance), high

    def _summarize(self, stat: DiagnosticStatusWrapper, events: int, rate: float) -> None:
        low, high = self._limits()
        if events == 0:
            stat.summary(DiagnosticStatus.ERROR, 'No events recorded.')
        elif rate < low:
            stat.summary(DiagnosticStatus.WARN, 'Frequency too low.')
        elif high is not None and rate > high:
            stat.summary(DiagnosticStatus.WARN, 'Frequency too high.')
        else:
            stat.summary(DiagnosticStatus.OK, 'Desired frequency met')

    def _add_bounds(self, stat: DiagnosticStatusWrapper) -> None:
        low, high = self._limits()
        bound = self.params.freq_bound
        if bound['min'] == bound.get('max'):
            stat.add('Target frequency (Hz)', f'{bound["min"]:f}')
        if bound['min'] > 0:
            stat.add('Minimum acceptable frequency (Hz)', f'{low:f}')
        if high is not None:
            stat.add('Maximum acceptable frequency (Hz)', f'{high:f}')


@dataclass
class TimeStampStatusParam:
    """How old a stamp may be when its event is seen, s; negative: from the future."""

    min_acceptable: float = -1
    max_acceptable: float = 5


class TimeStampStatus(DiagnosticTask):
    """Watch the age of stamps: ERROR for one update when one was too old, too new or zero."""

    def __init__(
        self, params: TimeStampStatusParam | None = None, name: str = 'Timestamp Status'
    ) -> None:
        super().__init__(name)
        self.params = params or TimeStampStatusParam()
        self.lock = threading.Lock()
        self._clock = Clock(clock_type=ClockType.ROS_TIME)
        self._early = self._late = self._zero = 0
        self._ages: list[float] = []
        self._zero_seen = False

    def tick(self, stamp: Time | float) -> None:
        """Take note of an event with that stamp (a Time, or seconds)."""
        seconds = stamp.nanoseconds * 1e-9 if isinstance(stamp, Time) else stamp
        age = self._clock.now().nanoseconds * 1e-9 - seconds
        with self.lock:
            if seconds == 0:
                self._zero_seen = True
            elif self._ages:
                self._ages = [min(self._ages[0], age), max(self._ages[1], age)]
            else:
                self._ages = [age, age]

    def run(self, stat: DiagnosticStatusWrapper) -> DiagnosticStatusWrapper:
        """Fill the status and return it."""
        with self.lock:
            youngest, oldest = self._ages or (0.0, 0.0)
            if self._ages:
                self._summarize(stat, youngest, oldest)
            else:
                stat.summary(DiagnosticStatus.WARN, 'No data since last update.')
            self._ages, self._zero_seen = [], False
            stat.add('Earliest timestamp delay:', f'{youngest:f}')
            stat.add('Latest timestamp delay:', f'{oldest:f}')
            stat.add('Earliest acceptable timestamp delay:', f'{self.params.min_acceptable:f}')
            stat.add('Latest acceptable timestamp delay:', f'{self.params.max_acceptable:f}')
            stat.add('Late diagnostic update count:', f'{self._late}')
            stat.add('Early diagnostic update count:', f'{self._early}')
            stat.add('Zero seen diagnostic update count:', f'{self._zero}')
        return stat

    def _summarize(self, stat: DiagnosticStatusWrapper, youngest: float, oldest: float) -> None:
        stat.summary(DiagnosticStatus.OK, 'Timestamps are reasonable.')
        if youngest < self.params.min_acceptable:
            stat.summary(DiagnosticStatus.ERROR, 'Timestamps too far in future seen.')
            self._early += 1
        if oldest > self.params.max_acceptable:
            stat.summary(DiagnosticStatus.ERROR, 'Timestamps too far in past seen.')
            self._late += 1
        if self._zero_seen:
            stat.summary(DiagnosticStatus.ERROR, 'Zero timestamp seen.')
            self._zero += 1


class Heartbeat(DiagnosticTask):
    """Report OK and 'Alive' whenever it runs."""

    def __init__(self) -> None:
        super().__init__('Heartbeat')

    def run(self, stat: DiagnosticStatusWrapper) -> DiagnosticStatusWrapper:
        """Fill the status and return it."""
        stat.summary(DiagnosticStatus.OK, 'Alive')
        return stat
