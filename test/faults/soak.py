# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Run the whole graph through dialogues, scenes and faults for a while, and sum up.

A day of a robot is mostly silence; here a command follows on the other, in three rounds typed and
in the fourth spoken, the camera looks at something else after each round, and a fault comes every
few minutes.
Lines to meet: memory slope of each node under 1 MB/h, no more file handles and threads than after
the warm-up, drift of the p95 latencies under 10 %, no act without its confirmation, no line of the
audit log lost, every fault within its lines. Writes soak.json, soak.md and a picture, soak.png.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from assist.dialogue import picture, speak_text, street
from assist_common.testing import claim_domain
from assist_monitor import leak

from faults.devices import CameraLoss, MicrophoneLoss
from faults.fault import Fault, Outcome, trial
from faults.processes import Freeze, Kill
from faults.rig import Rig
from faults.soak_picture import draw

RESULT = Path(__file__).resolve().parents[2] / 'benchmarks' / 'soak.json'
SAMPLE_PERIOD = 2.0
WATCH_PERIOD = 0.2
ANSWER_TIMEOUT = 10.0
SPEECH_TIMEOUT = 15.0
"""Seconds that the robot may take to say all that it has to say."""

CAMERA_STAGE = 'camera_to_scene'
FAULT_SHARE = 1 / 6
"""Of the run that lies between two faults."""

REHEARSAL = 1 / 30
"""Of the run that lies between those of the warm-up: what a node keeps for peers that come back
(Fast DDS reuses it) grows once."""

WARM_UP = 1 / 5
"""Of the run that counts for nothing: caches fill, models warm up."""

SLOPE_LIMIT = 1.0
DRIFT_LIMIT = 10.0
MEGABYTE = 1e6

RESAMPLES = 1000
"""Of the bootstrap for the interval of a drift (Efron, Bootstrap Methods, 1979)."""

SPOKEN_EVERY = 4
"""Rounds of which one is spoken: it takes eight times as long, and a p95 wants many samples."""

SCRIPT = (
    ('What do you see?', False),
    ('Bring me the cup.', True),
    ('Where is the bus?', False),
    ('Bring me the bus.', False),
    ('Bring me the coffee from the kitchen.', False),
    ('Stop!', False),
    ('Resume.', False),
    ('What time is it?', False),
)
"""What is said in a round, and whether it is confirmed."""

YES = 'Yes.'


@dataclass
class Series:
    """What was measured of one process; times in s, memory in MB."""

    pid: int
    times: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)


class Soak:
    """One run."""

    def __init__(self, rig: Rig, folder: Path, seconds: float, seed: int) -> None:
        self._rig = rig
        self._seconds = seconds
        self._choices = random.Random(seed)
        texts = {text for text, _ in SCRIPT} | {YES}
        self._voice = {
            text: speak_text(text, folder / f'sentence_{number}.wav')
            for number, text in enumerate(sorted(texts))
        }
        self._pictures = cycle((picture(folder / 'both.png'), street(folder / 'street.png')))
        self.series: dict[str, list[Series]] = {name: [] for name in rig.nodes}
        self.outcomes: list[Outcome] = []
        self.fault_times: list[tuple[str, float]] = []
        self.commands: Counter[str] = Counter()
        self.unanswered: Counter[str] = Counter()
        self.latencies: dict[str, list[tuple[float, float]]] = {
            kind: [] for kind in ('typed', 'spoken', CAMERA_STAGE)
        }
        self.well_seconds = self.watched_seconds = 0.0
        self._ended = threading.Event()

    def run(self) -> None:
        """Talk, look and break until the time is over."""
        watch = threading.Thread(target=self._watch)
        watch.start()
        try:
            self._talk()
        finally:
            self._ended.set()
            watch.join()

    def _watch(self) -> None:
        """Measure how much of the time all is well, the faults and their recovery included."""
        last = time.monotonic()
        while not self._ended.wait(WATCH_PERIOD):
            elapsed = time.monotonic() - last
            last += elapsed
            self.watched_seconds += elapsed
            if not self._rig.troubles(0.0):
                self.well_seconds += elapsed

    def _talk(self) -> None:
        self._began = sampled = time.monotonic()
        faults = self._faults()
        turns = 0
        while time.monotonic() - self._began < self._seconds:
            rounds, place = divmod(turns, len(SCRIPT))
            if place == 0:
                self._rig.camera.show(next(self._pictures))
            is_spoken = rounds % SPOKEN_EVERY == SPOKEN_EVERY - 1
            self._turn(*SCRIPT[place], self._say if is_spoken else self._type)
            turns += 1
            if time.monotonic() - sampled >= SAMPLE_PERIOD:
                self._sample()
                sampled = time.monotonic()
            if faults and time.monotonic() - self._began >= faults[0][0] * self._seconds:
                began = time.monotonic() - self._began
                self.outcomes.append(trial(faults.pop(0)[1], self._rig))
                self.fault_times.append((self.outcomes[-1].fault, began))
                print(f'{self.outcomes[-1]}', file=sys.stderr, flush=True)

    def _faults(self) -> list[tuple[float, Fault]]:
        """Return when in the run each fault comes, as a part of it, and the fault."""
        killed, frozen = self._choices.sample(list(self._rig.nodes), 2)
        rehearsed = [Kill(killed), Freeze(frozen)]
        # What ends a process comes first: the memory of a longer life tells more.
        faults = [Freeze(frozen), Kill(killed), MicrophoneLoss(), CameraLoss()]
        return [
            *((number * REHEARSAL, fault) for number, fault in enumerate(rehearsed, start=1)),
            *((number * FAULT_SHARE, fault) for number, fault in enumerate(faults, start=1)),
        ]

    def _turn(self, text: str, confirms: bool, utter: Callable[[str], None]) -> None:
        utter(text)
        if confirms:
            self._rig.approve()
            utter(YES)

    def _type(self, text: str) -> None:
        known, began = len(self._rig.observer.seen.decisions), time.monotonic()
        self._rig.type(text)
        if self._is_answered('typed', known):
            self._note('typed', time.monotonic() - began)
        time.sleep(self._choices.uniform(0.3, 1.0))

    def _say(self, text: str) -> None:
        """Speak once the robot has nothing more to say; measure from the end of the speech."""
        observer = self._rig.observer
        observer.wait_for_turn(self._choices.uniform(0.5, 1.0), SPEECH_TIMEOUT)
        known, replies = len(observer.seen.decisions), observer.seen.replies
        self._rig.person.say(self._voice[text])
        if self._is_answered('spoken', known):
            delay = observer.seen.delays[known]
            if delay is not None:
                self._note('spoken', delay)
            observer.wait_for(lambda seen: seen.replies > replies, SPEECH_TIMEOUT)

    def _is_answered(self, kind: str, known: int) -> bool:
        self.commands[kind] += 1
        answered = self._rig.observer.wait_for(
            lambda seen: len(seen.decisions) > known, ANSWER_TIMEOUT
        )
        self.unanswered[kind] += not answered
        return answered

    def _note(self, kind: str, seconds: float) -> None:
        self.latencies[kind].append((time.monotonic() - self._began, seconds))

    def _sample(self) -> None:
        now = time.monotonic() - self._began
        camera = self._rig.observer.seen.latency.get(CAMERA_STAGE)
        if camera is not None:
            self._note(CAMERA_STAGE, camera.p95)
        for name, process in self._rig.session.processes().items():
            try:
                with process.oneshot():
                    values = (
                        process.memory_info().rss / MEGABYTE,
                        process.num_fds(),
                        process.num_threads(),
                    )
            except psutil.Error:
                continue
            lives = self.series[name]
            if not lives or lives[-1].pid != process.pid:
                lives.append(Series(process.pid))
            lives[-1].times.append(now)
            for values_of, value in zip(
                (lives[-1].memory, lives[-1].files, lives[-1].threads), values, strict=True
            ):
                values_of.append(value)


def summary(soak: Soak, rig: Rig, seconds: float) -> dict[str, Any]:
    """Return the figures of a run."""
    warm_up = seconds * WARM_UP
    nodes = {name: _of_node(lives, warm_up) for name, lives in soak.series.items()}
    latency = {kind: _drift(values, warm_up) for kind, values in soak.latencies.items()}
    return {
        'seconds': round(seconds),
        'commands': dict(soak.commands),
        'unanswered': dict(soak.unanswered),
        'uptime_percent': round(100 * soak.well_seconds / soak.watched_seconds, 1),
        'restarts': sum(len(lives) - 1 for lives in soak.series.values()),
        'faults': dict(Counter('passed' if one.passed else one.fault for one in soak.outcomes)),
        'false_commands': len(rig.false_acts()),
        'audit_problems': rig.audit_problems(),
        'latency': latency,
        'nodes': nodes,
        'met': {
            'slope_under_1_MB_per_h': all(node['slope_met'] for node in nodes.values()),
            'no_more_files_or_threads': all(
                node['files'][1] <= node['files'][0] and node['threads'][1] <= node['threads'][0]
                for node in nodes.values()
            ),
            'drift_under_10_percent': all(
                drift['drift_percent'] < DRIFT_LIMIT for drift in latency.values()
            ),
            'faults_within_their_lines': all(one.passed for one in soak.outcomes),
            'no_act_without_confirmation': not rig.false_acts(),
            'no_audit_line_lost': not rig.audit_problems(),
        },
    }


def _of_node(lives: list[Series], warm_up: float) -> dict[str, Any]:
    """Return the figures of the longest life of a node, from its warm-up on."""
    life = max(lives, key=lambda one: len(one.times))
    late = [place for place, at in enumerate(life.times) if at - life.times[0] >= warm_up]
    begin = late[0] if late else 0
    times, memory = life.times[begin:], life.memory[begin:]
    slope = leak.slope(times, memory)
    half = len(times) // 2
    return {
        'megabytes': round(float(np.median(memory))),
        'slope_MB_per_h': [round(value, 2) for value in (slope.low, slope.value, slope.high)],
        'slope_met': slope.value < SLOPE_LIMIT,
        'slope_certain': slope.high < SLOPE_LIMIT,
        'files': _before_and_after(life.files[begin:], half),
        'threads': _before_and_after(life.threads[begin:], half),
        'samples': len(times),
    }


def _before_and_after(values: list[int], half: int) -> list[int]:
    """Return the median of each half: what is open for a moment is no growth."""
    return [int(np.median(values[:half])), int(np.median(values[half:]))]


def _drift(latencies: list[tuple[float, float]], warm_up: float) -> dict[str, Any]:
    """Compare the first half after the warm-up with the second; times in ms."""
    values = np.array([1000 * seconds for at, seconds in latencies if at >= warm_up])
    if len(values) < 2:
        return {'drift_percent': float('inf')}
    halves = np.array_split(values, 2)
    first, second = (float(np.percentile(half, 95)) for half in halves)
    return {
        'samples': len(values),
        'p50_ms': round(float(np.median(values)), 1),
        'p95_first_half_ms': round(first, 1),
        'p95_second_half_ms': round(second, 1),
        'drift_percent': round(100 * (second / first - 1), 1),
        'drift_interval_percent': _interval(*halves),
    }


def _interval(first: np.ndarray, second: np.ndarray) -> list[float]:
    """Return the 95 % interval of the drift of the p95."""
    chance = np.random.default_rng(1)
    before, after = (
        np.percentile(chance.choice(half, (RESAMPLES, len(half))), 95, axis=1)
        for half in (first, second)
    )
    low, high = np.percentile(100 * (after / before - 1), (2.5, 97.5))
    return [round(float(low), 1), round(float(high), 1)]


def table(result: dict[str, Any]) -> str:
    """Return the figures of the nodes as Markdown."""
    rows = ['| node | MB | MB/h (95 % interval) | files | threads |', '|' + ' --- |' * 5]
    for name, node in result['nodes'].items():
        low, slope, high = node['slope_MB_per_h']
        files, threads = ('{} to {}'.format(*node[key]) for key in ('files', 'threads'))
        rows.append(
            f'| {name} | {node["megabytes"]} | {slope} ({low} to {high}) | {files} | {threads} |'
        )
    return '\n'.join(rows)


def main() -> int:
    """Run, print and write the figures; return 0 only if every line was kept."""
    parser = argparse.ArgumentParser(prog='soak', description=__doc__)
    parser.add_argument('--minutes', type=float, default=30.0, help='(%(default)s)')
    parser.add_argument('--seed', type=int, default=1, help='(%(default)s)')
    parser.add_argument('--quick', action='store_true', help='two minutes, printed, not written')
    options = parser.parse_args()
    seconds = 120.0 if options.quick else options.minutes * 60.0
    with (
        tempfile.TemporaryDirectory(prefix='assist_soak_') as folder,
        Rig(Path(folder), claim_domain()) as rig,
    ):
        soak = Soak(rig, Path(folder), seconds, options.seed)
        soak.run()
        result = summary(soak, rig, seconds)
    text = json.dumps(result, indent=2) + '\n'
    print(f'{text}\n{table(result)}')
    if not options.quick:
        RESULT.write_text(text)
        RESULT.with_suffix('.md').write_text(table(result) + '\n')
        lives = {
            name: [(life.times, life.memory) for life in of_node]
            for name, of_node in soak.series.items()
        }
        draw(lives, soak.fault_times, seconds * WARM_UP, RESULT.with_suffix('.png'))
    return 0 if all(result['met'].values()) else 1


if __name__ == '__main__':
    sys.exit(main())
