# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 topic hz``."""

from __future__ import annotations

import argparse
import math
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from ros2cli.completion import complete_topics
from ros2cli.interfaces import has_publisher, topic_class
from ros2cli.node import POLL_PERIOD, add_node_arguments, direct_node, serving
from ros2cli.parsing import add_completer, positive_int
from ros2cli.qos import add_qos_arguments, fitting_qos

DEFAULT_WINDOW_SIZE = 10000
REPORT_PERIOD = 1e9  # ns between two reports


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``hz``."""
    add_node_arguments(parser)
    topic = parser.add_argument(
        'topic_name', help="Name of the ROS topic to listen to (e.g. '/chatter')")
    add_completer(topic, complete_topics)
    add_qos_arguments(
        parser, 'subscribe', 'sensor_data',
        note=', default: compatible profile with running endpoints')
    parser.add_argument(
        '-w', '--window', dest='window_size', type=positive_int, default=DEFAULT_WINDOW_SIZE,
        metavar='WINDOW',
        help=f'window size, in # of messages, for calculating rate '
             f'(default: {DEFAULT_WINDOW_SIZE})')
    parser.add_argument(
        '--wall-time', action='store_true',
        help='calculates rate using wall time which can be helpful when clock is not published '
             'during simulation')


@dataclass
class RateMeter:
    """Measures how often messages come, over a window of the last ones.

    Times are integers in ns. A report is due one second after the last.
    """

    window_size: int
    intervals: deque[int] = field(init=False)
    last: int | None = None
    reported: int | None = None

    def __post_init__(self) -> None:
        self.intervals = deque(maxlen=self.window_size)

    def receive(self, now: int) -> None:
        """Note a message that came now; a clock that jumps back starts the measurement anew.

        Time 0 is that of a simulation whose clock has not come yet: nothing can be measured.
        """
        if now == 0 or self.last is None or now < self.last:
            self.intervals.clear()
        else:
            self.intervals.append(now - self.last)
        self.last = now

    def report(self) -> str | None:
        """Return the two lines of a report if one is due."""
        if not self.intervals or self.last is None:
            return None
        if self.reported is None:
            self.reported = self.last
        if 0 <= self.last - self.reported < REPORT_PERIOD:
            return None
        self.reported = self.last
        count = len(self.intervals)
        mean = sum(self.intervals) / count
        deviation = math.sqrt(sum((interval - mean) ** 2 for interval in self.intervals) / count)
        rate = 1e9 / mean if mean > 0 else 0.0
        return (
            f'average rate: {rate:.3f}\n'
            f'\tmin: {min(self.intervals) * 1e-9:.3f}s max: {max(self.intervals) * 1e-9:.3f}s '
            f'std dev: {deviation * 1e-9:.5f}s window: {count}')


def main(args: argparse.Namespace) -> None:
    """Print the rate of the topic every second until interrupted."""
    from rclpy.clock import Clock

    with direct_node(args, found=lambda node: has_publisher(node, args.topic_name)) as node:
        message_type = topic_class(node, args.topic_name)
        if message_type is None:
            print(f'WARNING: topic [{args.topic_name}] does not appear to be published yet')
        while message_type is None:
            time.sleep(POLL_PERIOD)
            message_type = topic_class(node, args.topic_name)
        clock = Clock() if args.wall_time else node.get_clock()
        meter = RateMeter(args.window_size)

        def receive(message: Any) -> None:
            meter.receive(clock.now().nanoseconds)

        # Raw, since only the arrival counts: decoding an image would take longer than its period.
        node.create_subscription(
            message_type, args.topic_name, receive, fitting_qos(node, args.topic_name, args),
            raw=True)
        with serving(node) as turn:
            while True:
                turn()
                report = meter.report()
                if report:
                    print(report)
