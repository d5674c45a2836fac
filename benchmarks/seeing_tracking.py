# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Count what tracking does wrong on made sequences of known truth, beside Ultralytics' ByteTrack.

Both get the same detections of people and things at 30 frames a second: one in seven missing, boxes
that jitter by 4 %, a wrong class now and then, and false ones. The things rest, people walk and
hide each other, or the camera turns to and fro and shakes; in a last set it jumps to another place.
What is counted is what leaves either: the tracker and stabiliser of detector_node, and
`BYTETracker.update` with its defaults. The lines are the counts of ByteTrack. Nobody asks for a
hidden object, so that it is neither missed nor false; it keeps its identity. An id that shows one
thing and within a minute another has moved: a command that is bound to it would mean another thing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

import lap
import numpy as np
from assist_vision.pipeline import ScenePipeline
from assist_vision.scene import Box, Detection
from assist_vision.stabiliser import StabiliserOptions
from assist_vision.tracker import TrackerOptions, iou
from shared import pictures, report

RATE = 30.0
SECONDS = 20
LABELS = ('person', 'chair', 'cup', 'bottle', 'laptop', 'dog')
SIZES = {'person': (90, 240), 'chair': (90, 130), 'dog': (110, 80)}  # others: 50x60
DETECTED, WRONG_CLASS, FALSE_PER_FRAME = 0.86, 0.04, 0.2
JITTER = 0.04  # of the size of the box
HIDDEN = 0.6  # of a box behind a nearer one, from which no detector finds it
JUMP = 260.0  # pixels
WINDOW = 60.0  # s in which an id must not show another thing
MATCH = 0.5  # intersection over union from which an output is of an object

Output = tuple[int, Box]
Track = Callable[[list[Detection], float], list[Output]]


@dataclass
class Frame:
    """What is there, what can be seen of it, and what the detector says."""

    truth: dict[int, Box]
    visible: set[int]
    found: list[Detection]
    labels: list[str]
    jumped: bool
    """The camera looks elsewhere than at first."""


T = TypeVar('T')


class Owners(Generic[T]):
    """What each id showed last, for a minute."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[T, float]] = {}

    def show(self, id: int, thing: T, now: float) -> T | None:
        """Take note that an id shows a thing; return the other thing that it showed before."""
        before, then = self._last.get(id, (thing, now))
        self._last[id] = (thing, now)
        return before if before != thing and now - then <= WINDOW else None

    def forget(self, now: float) -> None:
        """Forget what was more than a minute ago."""
        self._last = {id: each for id, each in self._last.items() if now - each[1] <= WINDOW}


@dataclass
class Counts:
    """What was done wrong."""

    objects: int = 0
    missed: int = 0
    false: int = 0
    switches: int = 0
    moved: int = 0
    moved_to_another_class: int = 0
    flickers: int = 0
    seconds_of_objects: float = 0.0
    ids: dict[int, int] = field(default_factory=dict)
    present: set[int] = field(default_factory=set)
    ever: set[int] = field(default_factory=set)
    owners: Owners[int] = field(default_factory=lambda: Owners())

    def summary(self) -> dict[str, float]:
        """Return the figures: MOTA as of Bernardin and Stiefelhagen (2008)."""
        wrong = self.missed + self.false + self.switches
        return {
            'identity switches': self.switches,
            'ids that moved': self.moved,
            'ids that moved to another class': self.moved_to_another_class,
            'flickers per object and minute': round(
                60 * self.flickers / self.seconds_of_objects, 2
            ),
            'missed %': round(100 * self.missed / self.objects, 2),
            'false %': round(100 * self.false / self.objects, 2),
            'MOTA': round(1 - wrong / self.objects, 3),
        }


def main() -> int:
    """Measure, print and write."""
    options = report.parser(__doc__, runs=20).parse_args()
    runs = 2 if options.quick else options.runs
    names = ('at rest', 'walking', 'moving camera', 'jumping camera')
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for name in names:
        counts = {'detector_node': Counts(), 'ByteTrack': Counts()}
        for seed in range(runs):
            frames = sequence(name, seed)
            for who, track in (('detector_node', ours()), ('ByteTrack', peer())):
                count(frames, track, counts[who])
        figures[name] = {who: each.summary() for who, each in counts.items()}
        print(name, figures[name], flush=True)
    result = {
        'sequences of each': runs,
        'seconds of a sequence': SECONDS,
        'lines': {
            f'{what}, {name}': report.line(
                figures[name]['detector_node'][what], figures[name]['ByteTrack'][what]
            )
            for what in (
                'identity switches',
                'ids that moved',
                'ids that moved to another class',
                'flickers per object and minute',
            )
            for name in names
        },
        'figures': figures,
    }
    return report.finish(__file__, result, quick=options.quick)


def sequence(name: str, seed: int) -> list[Frame]:
    """Make a sequence: objects by depth, farthest first, and where the camera looks."""
    random = np.random.default_rng(seed)
    frames = round(SECONDS * RATE)
    people = name == 'walking'
    labels = ['person' if people else str(random.choice(LABELS)) for _ in range(6)]
    centres = random.uniform((60, 150), (pictures.WIDTH - 60, 330), (len(labels), 2))
    speeds = random.uniform(-120, 120, len(labels)) if people else np.zeros(len(labels))
    shift = camera(name, frames, random)
    made = []
    for i in range(frames):
        truth: dict[int, Box] = {}
        for number, label in enumerate(labels):
            x = _bounce(centres[number, 0] + speeds[number] * i / RATE, pictures.WIDTH)
            box = _box(x + shift[i, 0], centres[number, 1] + shift[i, 1], label)
            if box is not None:
                truth[number] = box
        visible = _visible(truth)
        found = [
            _detect(truth[number], labels[number], random)
            for number in visible
            if random.random() < DETECTED
        ]
        found += [_false(random) for _ in range(random.poisson(FALSE_PER_FRAME))]
        made.append(Frame(truth, visible, found, labels, shift[i, 0] == JUMP))
    return made


def camera(name: str, frames: int, random: np.random.Generator) -> np.ndarray:
    """Return (frames, 2): by how many pixels the picture is shifted."""
    shift = np.zeros((frames, 2))
    seconds = np.arange(frames) / RATE
    if name == 'moving camera':
        shift[:, 0] = 80 * np.sin(2 * np.pi * seconds / 3)  # up to 170 pixels a second
        shift += random.normal(0, 2, (frames, 2))
    if name == 'jumping camera':
        shift[:, 0] = np.where(seconds.astype(int) // 5 % 2, JUMP, 0)
    return shift


def count(frames: Sequence[Frame], track: Track, counts: Counts) -> None:
    """Add what a tracker does wrong on a sequence."""
    counts.ids, counts.present, counts.ever, counts.owners = {}, set(), set(), Owners()
    for number, frame in enumerate(frames):
        outputs = track(frame.found, number / RATE)
        matched = match(frame.truth, outputs, counts.ids)
        for thing, index in matched.items():
            id = outputs[index][0]
            counts.switches += counts.ids.setdefault(thing, id) != id
            counts.ids[thing] = id
            before = counts.owners.show(id, thing, number / RATE)
            if before is not None:
                counts.moved += 1
                counts.moved_to_another_class += frame.labels[before] != frame.labels[thing]
        seen = set(matched)
        counts.objects += len(frame.visible)
        counts.missed += len(frame.visible - seen)
        counts.false += len(outputs) - len(matched)
        counts.seconds_of_objects += len(frame.visible) / RATE
        # Going while it is visible, and coming back, is a flicker; the first coming is not.
        counts.flickers += len((counts.present - seen) & frame.visible)
        counts.flickers += len((seen - counts.present) & counts.ever & frame.visible)
        counts.ever |= seen
        counts.present = seen


def ours() -> Track:
    """Return tracker and stabiliser with the defaults of detector_node."""
    pipeline = ScenePipeline(TrackerOptions(sure=0.25), StabiliserOptions())

    def track(found: list[Detection], time: float) -> list[Output]:
        _, objects = pipeline.track(found, time)
        return [(int(each.id), each.box) for each in objects]

    return track


def peer() -> Track:
    """Return ByteTrack of Ultralytics with its defaults."""
    from ultralytics.engine.results import Boxes
    from ultralytics.trackers.byte_tracker import BYTETracker
    from ultralytics.utils import ROOT, YAML

    defaults: Any = SimpleNamespace(**YAML.load(ROOT / 'cfg' / 'trackers' / 'bytetrack.yaml'))
    tracker = BYTETracker(defaults)

    def track(found: list[Detection], time: float) -> list[Output]:
        rows = [[*each.box, each.confidence, LABELS.index(each.label)] for each in found]
        data = np.array(rows, np.float32).reshape(-1, 6)
        outputs = tracker.update(Boxes(data, (pictures.HEIGHT, pictures.WIDTH)))
        return [(int(row[4]), tuple(row[:4].tolist())) for row in outputs]

    return track


def match(truth: dict[int, Box], outputs: Sequence[Output], ids: dict[int, int]) -> dict[int, int]:
    """Return which output shows each object; one that showed it before comes first."""
    if not truth or not outputs:
        return {}
    things = list(truth)
    overlap = iou(np.array([truth[each] for each in things]), np.array([box for _, box in outputs]))
    same = np.array([[ids.get(each) == id for id, _ in outputs] for each in things])
    cost = 1 - overlap - same
    cost[overlap < MATCH] = 9.0
    _, columns, _ = lap.lapjv(cost, extend_cost=True, cost_limit=2.0)
    pairs = zip(things, columns.tolist(), strict=True)
    return {thing: column for thing, column in pairs if column >= 0}


def _visible(truth: dict[int, Box]) -> set[int]:
    shown = set()
    for number, box in truth.items():
        nearer = [other for later, other in truth.items() if later > number]
        hidden = max((_within(box, other) for other in nearer), default=0.0)
        if hidden < HIDDEN:
            shown.add(number)
    return shown


def _within(box: Box, other: Box) -> float:
    width = min(box[2], other[2]) - max(box[0], other[0])
    height = min(box[3], other[3]) - max(box[1], other[1])
    return max(0.0, width) * max(0.0, height) / ((box[2] - box[0]) * (box[3] - box[1]))


def _box(x: float, y: float, label: str) -> Box | None:
    """Return a box cut at the border of the image, None when half of it is outside."""
    width, height = SIZES.get(label, (50, 60))
    low, high = max(0.0, x - width / 2), min(float(pictures.WIDTH), x + width / 2)
    top, foot = max(0.0, y - height / 2), min(float(pictures.HEIGHT), y + height / 2)
    return (low, top, high, foot) if high - low > width / 2 else None


def _detect(box: Box, label: str, random: np.random.Generator) -> Detection:
    width, height = box[2] - box[0], box[3] - box[1]
    noise = random.normal(0, JITTER / 2, 4) * (width, height, width, height)
    said = str(random.choice(LABELS)) if random.random() < WRONG_CLASS else label
    x0, y0, x1, y1 = (np.array(box) + noise).tolist()
    return Detection(said, float(random.beta(4, 2.5)), (x0, y0, x1, y1))


def _false(random: np.random.Generator) -> Detection:
    x, y = random.uniform(0, pictures.WIDTH - 80), random.uniform(0, pictures.HEIGHT - 80)
    width, height = random.uniform(30, 80, 2)
    label = str(random.choice(LABELS))
    return Detection(label, float(random.uniform(0.1, 0.5)), (x, y, x + width, y + height))


def _bounce(x: float, width: float) -> float:
    """Walk to and fro between the borders."""
    turned = x % (2 * width)
    return turned if turned < width else 2 * width - turned


if __name__ == '__main__':
    sys.exit(main())
