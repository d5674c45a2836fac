# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Time a spoken stop, and the halt of a robot whose intent_node has gone, in the whole graph.

The graph runs as `make demo` starts it. A person says stop while the robot is under way. Lines to
meet: from the end of the word to `stop` p95 at most 600 ms; from `stop` to the end of the goal p95
at most 50 ms; from the moment when intent_node is killed or hangs to the end of the goal at most
500 ms, every time.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from action_msgs.msg import GoalStatus, GoalStatusArray
from assist.demo import launch_arguments
from assist.dialogue import VOICE_RATE
from assist.observer import Observations, Observer
from assist.person import FRAME_SECONDS, Person
from assist.session import Session
from assist_common import qos
from assist_common.testing import claim_domain
from assist_msgs.msg import Decision, SystemMode
from shared import report
from std_msgs.msg import Bool, String

SPOKEN_LIMIT, CANCEL_LIMIT, HALT_LIMIT = 600.0, 50.0, 500.0  # ms
VOICES = (('en-gb', '130', '30'), ('en-us', '150', '45'), ('en-gb-scotland', '140', '60'))
ACTS = ('go to the kitchen', 'come here', 'turn left', 'go to the bedroom')
PATIENCE = 30.0  # s
RECOVERY = 120.0  # s; a node that has failed several times in a row rests for a minute
UNDER_WAY = 1.0  # s between the end of what the robot says and the stop
SETTLED = 0.5  # s: two beats of safety_state, by which the executor learns of a release
WHOLE = 3.0  # s after the stop in which the finished sentence comes, if it does
HUSH = 0.006  # part of the loudest sample: what espeak-ng leaves after the word
ENDED = (GoalStatus.STATUS_SUCCEEDED, GoalStatus.STATUS_CANCELED, GoalStatus.STATUS_ABORTED)


@dataclass
class Times:
    """Steady times, s, of what this process saw last."""

    stop: float = 0.0
    ended: float = 0.0
    running: bool = False
    delays: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, seconds: float) -> None:
        """Keep one measurement."""
        self.delays.setdefault(name, []).append(seconds)


class Bench:
    """The graph under test, and what is done to it."""

    def __init__(self, observer: Observer, session: Session, person: Person) -> None:
        self.times = Times()
        self._observer = observer
        self._session = session
        self._person = person
        node = observer.node
        self._texts = node.create_publisher(String, 'text_command', qos.RELIABLE)
        node.create_subscription(Bool, 'stop', self._on_stop, qos.LATCHED)
        node.create_subscription(
            GoalStatusArray, 'execute/_action/status', self._on_status, qos.LATCHED
        )

    def wait(
        self, condition: Callable[[Observations], object], what: str, patience: float = PATIENCE
    ) -> None:
        """Wait until something was observed."""
        if not self._observer.wait_for(condition, patience):
            log = self._session.log_file.read_text()
            raise SystemExit(f'{log}\nWaited {patience:g} s for {what}.')

    def type(self, text: str, verdict: int) -> None:
        """Type a command and wait for the decision that must come of it."""
        before = len(self._observer.seen.decisions)
        self._texts.publish(String(data=text))
        self.wait(
            lambda seen: any(item.verdict == verdict for item in seen.decisions[before:]),
            f'a decision on "{text}"',
        )

    def set_out(self, act: str) -> None:
        """Have the robot under way, and silent."""
        time.sleep(SETTLED)
        self.type(act, Decision.CONFIRM)
        self.type(f'yes, {act}', Decision.EXECUTE)
        self.wait(lambda seen: self.times.running, 'the act to begin')
        time.sleep(UNDER_WAY)
        self.wait(lambda seen: not seen.speaking, 'the robot to be silent')

    def spoken_stop(self, act: str, path: Path) -> None:
        """Measure one stop."""
        self.set_out(act)
        heard = len(self._observer.seen.transcripts)
        begun = time.monotonic()
        self._person.say(path)
        while self._person.is_speaking:
            time.sleep(0.001)
        end = time.monotonic()
        self.wait(lambda seen: self.times.stop > begun, 'the stop')
        self.wait(lambda seen: not self.times.running, 'the act to end')
        self.times.add('word to stop', self.times.stop - end)
        self.times.add('stop to end of goal', self.times.ended - self.times.stop)
        # The finished sentence follows the partial one that stopped, and stops again; of a word
        # that the robot answers so soon, nothing may be left to finish.
        self._observer.wait_for(lambda seen: len(seen.transcripts) > heard, WHOLE)
        time.sleep(SETTLED)
        self.type('resume', Decision.CONFIRM)
        self.type('no', Decision.EXPIRE)

    def lost_node(self, act: str, number: signal.Signals) -> None:
        """Measure the halt when intent_node is killed or hangs."""
        self.set_out(act)
        process = self._session.processes()['intent_node']
        begun = time.monotonic()
        os.kill(process.pid, number)
        self.wait(lambda seen: not self.times.running, 'the act to end')
        self.times.add(f'{number.name} to end of goal', self.times.ended - begun)
        if number == signal.SIGSTOP:
            process.send_signal(signal.SIGCONT)
        self.wait(lambda seen: self._recovered(process.pid, number), 'it to be back', RECOVERY)

    def _recovered(self, pid: int, number: signal.Signals) -> bool:
        process = self._session.processes().get('intent_node')
        same = process is not None and process.pid == pid
        normal = self._observer.seen.mode.mode == SystemMode.NORMAL
        return normal and process is not None and (same or number == signal.SIGKILL)

    def _on_stop(self, message: Bool) -> None:
        if message.data:
            self.times.stop = time.monotonic()

    def _on_status(self, message: GoalStatusArray) -> None:
        running = any(item.status not in ENDED for item in message.status_list)
        if self.times.running and not running:
            self.times.ended = time.monotonic()
        self.times.running = running


def main() -> int:
    """Measure, print and write."""
    options = report.parser(__doc__, runs=1).parse_args()
    stops, losses = (3, 1) if options.quick else (30, 5)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        domain = claim_domain()
        environment = {'ROS_DOMAIN_ID': str(domain), 'ROS_LOG_DIR': str(folder / 'ros')}
        arguments = launch_arguments(folder) | {'log_directory': str(folder / 'logs')}
        words = [word(folder / f'{index}.wav', *voice) for index, voice in enumerate(VOICES)]
        with (
            Observer(domain_id=domain) as observer,
            Person(observer.node, VOICE_RATE) as person,
            Session(arguments, folder / 'launch.log', environment) as session,
        ):
            bench = Bench(observer, session, person)
            bench.wait(lambda seen: seen.active_after is not None, 'all nodes to be active')
            bench.wait(lambda seen: seen.scenes > 0, 'a scene')
            for index in range(stops):
                bench.spoken_stop(ACTS[index % len(ACTS)], words[index % len(words)])
            for index in range(losses):
                for number in (signal.SIGKILL, signal.SIGSTOP):
                    bench.lost_node(ACTS[index % len(ACTS)], number)
    return report.finish(__file__, result(bench.times), quick=options.quick)


def result(times: Times) -> dict[str, object]:
    """Return the figures and their lines."""
    figures = {name: report.percentiles(delays) for name, delays in times.delays.items()}
    halts = max(figures[f'{name} to end of goal']['max_ms'] for name in ('SIGKILL', 'SIGSTOP'))
    return {
        'stops': len(times.delays['word to stop']),
        'losses': len(times.delays['SIGKILL to end of goal']),
        'lines': {
            'end of the word to stop, p95 ms': report.line(
                figures['word to stop']['p95_ms'], SPOKEN_LIMIT
            ),
            'stop to end of goal, p95 ms': report.line(
                figures['stop to end of goal']['p95_ms'], CANCEL_LIMIT
            ),
            'intent_node lost to end of goal, greatest ms': report.line(halts, HALT_LIMIT),
        },
        **figures,
    }


def word(path: Path, voice: str, speed: str, pitch: str) -> Path:
    """Write the word stop; its last frame is full, and ends with the last sample of the word."""
    command = ['espeak-ng', '-v', voice, '-s', speed, '-p', pitch, '-w', str(path), 'Stop!']
    subprocess.run(command, check=True)
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    loud = np.flatnonzero(np.abs(samples.astype(int)) > HUSH * np.abs(samples).max())
    samples = samples[: loud[-1] + 1]
    frame = round(VOICE_RATE * FRAME_SECONDS)
    samples = np.pad(samples, (-len(samples) % frame, 0))
    with wave.open(str(path), 'wb') as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(VOICE_RATE)
        file.writeframes(samples.tobytes())
    return path


if __name__ == '__main__':
    sys.exit(main())
