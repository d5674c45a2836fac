# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Count the camera's images that arrive, with and without the DDS profiles of this project.

camera_node sends a video of 100 frames, 640x480, best effort, 30 Hz, to a plain subscriber and to
detector_node, each in a process of its own. The subscriber has the profile for images, the small
one, or none; the two nodes have those that the launch gives them. Line to meet: every image reaches
detector_node. Writes image_transport.json.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rclpy
from ament_index_python.packages import get_package_prefix
from assist.nodes import DDS_PROFILE, dds_profile
from assist_common import qos
from assist_common.conversions import to_seconds
from assist_common.testing import claim_domain
from diagnostic_msgs.msg import DiagnosticArray
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rclpy.node import Node
from sensor_msgs.msg import Image
from shared import report

FRAMES, RATE, SIZE = 100, 30.0, (640, 480)
TIMEOUT = 60.0
CONFIG = Path(__file__).resolve().parents[1] / 'config'
KINDS = {
    'with profile': CONFIG / 'fastdds.xml',
    'with small profile': CONFIG / 'fastdds_small.xml',
    'without profile': None,
}
QUICK_RUNS = 1


def main() -> int:
    """Run all measurements, or one of them in this process."""
    options = _parser().parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return 0
    count = QUICK_RUNS if options.quick else options.runs
    with tempfile.TemporaryDirectory() as folder:
        video = make_video(Path(folder) / 'frames.mp4')
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in KINDS}
        for _ in range(count):
            for name, results in runs.items():
                results.append(run(video, KINDS[name]))
                print(name, results[-1], flush=True)
    fewest = min(each['detector_received'] for each in runs['with profile'])
    result = {
        'sent': FRAMES,
        'rate_hz': RATE,
        'size': '640x480',
        'runs': count,
        'fewest_at_detector': report.line(fewest, FRAMES, at_least=True),
        **{name: summarise(each) for name, each in runs.items()},
    }
    return report.finish(__file__, result, quick=options.quick)


def make_video(path: Path) -> Path:
    """Write a video of so many frames; noise, so that nothing can be compressed away."""
    random = np.random.default_rng(0)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*'mp4v'), RATE, SIZE)
    for _ in range(FRAMES):
        writer.write(random.integers(0, 255, (SIZE[1], SIZE[0], 3), np.uint8))
    writer.release()
    return path


def run(video: Path, profile: Path | None) -> dict[str, float]:
    """Measure once in a new process, the subscriber, whose DDS reads a profile or none."""
    environment = {name: value for name, value in os.environ.items() if name != DDS_PROFILE}
    # Else the images of another graph that happens to run would count.
    environment['ROS_DOMAIN_ID'] = str(claim_domain())
    if profile:
        environment[DDS_PROFILE] = str(profile)
    result = subprocess.run(
        [sys.executable, __file__, '--measure', str(video)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=3 * TIMEOUT,
    )
    return json.loads(result.stdout.splitlines()[-1])


def measure(video: str) -> dict[str, float]:
    """Return how many images arrived, and the median age of those at the subscriber in ms."""
    rclpy.init()
    probe = Probe()
    with started('detector_node'), started('camera_node', source=video, loop='false'):
        probe.change('detector_node', Transition.TRANSITION_CONFIGURE)
        probe.change('detector_node', Transition.TRANSITION_ACTIVATE)
        probe.change('camera_node', Transition.TRANSITION_CONFIGURE)
        probe.spin_until(lambda: probe.count_publishers('image_raw') == 1, 'the camera')
        probe.spin_for(1.5)
        probe.change('camera_node', Transition.TRANSITION_ACTIVATE)
        probe.spin_until(probe.is_over, 'the end of the video')
    ages = probe.ages or [float('nan')]
    rclpy.shutdown()
    return {
        'subscriber_received': len(probe.ages),
        'subscriber_age_ms': round(statistics.median(ages) * 1000, 2),
        'detector_received': probe.detector['received'],
        'detector_skipped': probe.detector['skipped'],
    }


def summarise(results: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return median, least and greatest of every value."""
    return {key: report.spread([each[key] for each in results]) for key in results[0]}


class Probe(Node):
    """A subscriber like the detector, which also steers the nodes and reads their diagnostics."""

    def __init__(self) -> None:
        super().__init__('image_transport')
        self.ages: list[float] = []
        self.detector: dict[str, int] = {}
        self._ended_at = 0.0
        self.create_subscription(Image, 'image_raw', self._receive, qos.SENSOR)
        self.create_subscription(DiagnosticArray, '/diagnostics', self._read, 10)

    def change(self, node: str, transition: int) -> None:
        """Take a node through a transition."""
        client = self.create_client(ChangeState, f'{node}/change_state')
        self.spin_until(client.service_is_ready, node)
        request = ChangeState.Request(transition=Transition(id=transition))
        future = client.call_async(request)
        self.spin_until(future.done, f'a transition of {node}')
        if not future.result().success:
            raise RuntimeError(f'{node} refused transition {transition}; see its log above.')

    def is_over(self) -> bool:
        """Tell whether the camera has ended and both reports after that have come."""
        return bool(self._ended_at) and time.monotonic() > self._ended_at + 2.5

    def spin_for(self, seconds: float) -> None:
        """Handle what comes for so many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            rclpy.spin_once(self, timeout_sec=0.1)

    def spin_until(self, condition: Callable[[], bool], what: str) -> None:
        """Handle what comes until the condition holds."""
        end = time.monotonic() + TIMEOUT
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f'waited {TIMEOUT:g} s for {what}')
            rclpy.spin_once(self, timeout_sec=0.1)

    def _receive(self, message: Image) -> None:
        now = self.get_clock().now().nanoseconds / 1e9
        self.ages.append(now - to_seconds(message.header.stamp))

    def _read(self, message: DiagnosticArray) -> None:
        for status in message.status:
            values = {pair.key: pair.value for pair in status.values}
            if status.name == 'detector_node: image stream' and 'received' in values:
                self.detector = {key: int(values[key]) for key in ('received', 'skipped')}
            if status.name == 'camera_node: camera stream' and 'ended' in status.message:
                self._ended_at = self._ended_at or time.monotonic()


@contextmanager
def started(name: str, **parameters: Any) -> Iterator[None]:
    """Run a node as a process, and end it."""
    executable = Path(get_package_prefix('assist_vision'), 'lib', 'assist_vision', name)
    arguments = [part for key, value in parameters.items() for part in ('-p', f'{key}:={value}')]
    environment = dict(os.environ)
    if environment.pop(DDS_PROFILE, None):
        environment |= dds_profile(environment, name, 'localhost')
    process = subprocess.Popen(
        [executable, '--ros-args', *arguments],
        env=environment,
        stdout=sys.stderr,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _parser() -> argparse.ArgumentParser:
    parser = report.parser(__doc__, 5)
    parser.add_argument('--measure', metavar='VIDEO', help=argparse.SUPPRESS)
    return parser


if __name__ == '__main__':
    sys.exit(main())
