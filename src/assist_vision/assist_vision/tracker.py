# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Persistent ids for detections: ByteTrack's association over a Kalman filter in seconds.

The method is that of Zhang et al., ByteTrack: Multi-Object Tracking by Associating Every Detection
Box, ECCV 2022: sure detections are matched first, then the unsure ones to the tracks that are left,
and only sure ones start a track. The assignment is solved by the library lap. Ready-made ByteTracks
were weighed and left out: one needs torch in the process, another numpy 2 and a second OpenCV.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import lap
import numpy as np

from assist_vision.motion import BoxMotion
from assist_vision.scene import Box, Detection

_LARGEST_STEP = 1.0  # s: no box is predicted further than that
_DISORDER = 1.0  # s: an image that is older than the last by less is late, not of another time
_WAVERS = 0.3  # s: for so long a detector may call a thing by another name; then it is another
_OTHER_CLASS = 0.2  # how much worse a match of another class is, in intersection over union
_OTHER_OVERLAP = 0.4  # least intersection over union of a detection of another class
_LATE_OVERLAP = 0.4  # of one of the same class, at the end of the memory
_CHANGED_OVERLAP = 0.5  # of one of the same class, in a picture that looks different
_FADING = 0.9  # weight of the past labels against the newest one
_IMPOSSIBLE = 2.0  # cost of what does not belong together; of what does it is at most 1.2


@dataclass(frozen=True)
class TrackerOptions:
    """When boxes are held to be the same object."""

    sure: float = 0.3
    """Confidence from which a detection is sure: matched first, and able to start a track."""
    overlap: float = 0.2
    """Least intersection over union of a sure detection with the predicted box; it grows while
    the object is not seen."""
    weak_overlap: float = 0.5
    """The same for an unsure detection."""
    memory: float = 2.0
    """How long an object is remembered that no sure detection shows, s."""


@dataclass
class Track:
    """One object over time."""

    id: int
    detection: Detection
    box: Box
    """The estimated box, which is a prediction while the object is not seen."""
    label: str
    """What it was called most."""
    last_sure: float
    """When a sure detection showed it, in seconds on the clock of the caller."""
    last_seen: float
    """When any detection showed it."""
    seen: bool = True
    """It was detected in the newest image."""
    names: dict[str, float] = field(default_factory=dict, repr=False)
    """The confidence of its labels so far, the old ones faded."""

    def show(self, detection: Detection, time: float) -> None:
        """Take what the newest image shows of it."""
        self.detection = detection
        self.seen = True
        self.last_seen = time
        self.names = {name: _FADING * weight for name, weight in self.names.items()}
        known = self.names.get(detection.label, 0.0)
        self.names[detection.label] = known + detection.confidence
        self.label = max(self.names, key=self.names.__getitem__)


class Tracker:
    """Give every detection the id of the object that it shows; ids are never used again."""

    def __init__(self, options: TrackerOptions | None = None) -> None:
        self.options = options or TrackerOptions()
        self._tracks: list[Track] = []
        self._motion = BoxMotion()  # its rows are those of the tracks
        self._next_id = 1
        self._time: float | None = None

    def update(
        self, detections: Sequence[Detection], time: float, *, changed: bool = False
    ) -> list[Track]:
        """Take the detections of one image and return all remembered tracks, oldest first.

        Args:
            time: of the image in seconds. An image that is late by less than a second counts as
                one of the same time as the last. After a larger jump backwards nothing is
                remembered.
            changed: the image has little in common with the one before; then only what is where
                it should be, and of the same class, is the same.
        """
        time = self._advance(time)
        sure = [d for d in detections if d.confidence >= self.options.sure]
        unsure = [d for d in detections if d.confidence < self.options.sure]
        expected = _Expected(self._tracks, self._motion.boxes, time, changed)
        rows = list(range(len(self._tracks)))
        pairs, left, new = self._match(expected, rows, sure, self.options.overlap)
        followed = [row for row in left if self._tracks[row].seen]
        weak_pairs, _, _ = self._match(expected, followed, unsure, self.options.weak_overlap)
        for track in self._tracks:
            track.seen = False
        self._correct([*pairs, *weak_pairs], time)
        for row, _ in pairs:
            self._tracks[row].last_sure = time
        self._forget(time - self.options.memory)
        self._start(new, time)
        for track, (x0, y0, x1, y1) in zip(self._tracks, self._motion.boxes.tolist(), strict=True):
            track.box = (x0, y0, x1, y1)
        return list(self._tracks)

    def reset(self) -> None:
        """Forget all tracks; their ids stay used."""
        self._tracks = []
        self._motion = BoxMotion()
        self._time = None

    def _advance(self, time: float) -> float:
        if self._time is not None and time < self._time - _DISORDER:
            self.reset()
        last = time if self._time is None else self._time
        self._time = max(time, last)
        self._motion.predict(min(self._time - last, _LARGEST_STEP))
        return self._time

    def _match(
        self, expected: _Expected, rows: list[int], detections: list[Detection], least: float
    ) -> tuple[list[tuple[int, Detection]], list[int], list[Detection]]:
        """Return which rows and detections belong together, and what is left of both."""
        if not rows or not detections:
            return [], rows, detections
        cost = expected.costs(rows, detections, least, self.options.memory)
        _, columns, places = lap.lapjv(cost, extend_cost=True, cost_limit=_IMPOSSIBLE - 0.5)
        matched = columns.tolist()
        pairs = [(row, detections[j]) for row, j in zip(rows, matched, strict=True) if j >= 0]
        left = [row for row, j in zip(rows, matched, strict=True) if j < 0]
        new = [d for d, i in zip(detections, places.tolist(), strict=True) if i < 0]
        return pairs, left, new

    def _correct(self, pairs: Sequence[tuple[int, Detection]], time: float) -> None:
        if not pairs:
            return
        rows = [row for row, _ in pairs]
        self._motion.correct(rows, np.array([detection.box for _, detection in pairs]))
        for row, detection in pairs:
            self._tracks[row].show(detection, time)

    def _forget(self, oldest: float) -> None:
        rows = [row for row, track in enumerate(self._tracks) if track.last_sure >= oldest]
        if len(rows) < len(self._tracks):
            self._tracks = [self._tracks[row] for row in rows]
            self._motion.keep(rows)

    def _start(self, detections: Sequence[Detection], time: float) -> None:
        if not detections:
            return
        self._motion.add(np.array([detection.box for detection in detections]))
        for detection in detections:
            track = Track(
                id=self._next_id,
                detection=detection,
                box=detection.box,
                label=detection.label,
                last_sure=time,
                last_seen=time,
                names={detection.label: detection.confidence},
            )
            self._tracks.append(track)
            self._next_id += 1


class _Expected:
    """What an image should show: the tracks where they are predicted, at a time in s."""

    def __init__(
        self, tracks: Sequence[Track], boxes: np.ndarray, time: float, changed: bool
    ) -> None:
        self._boxes = boxes
        self._unseen = np.array([time - track.last_seen for track in tracks])
        self._names = np.array([track.label for track in tracks])
        self._changed = changed

    def costs(
        self, rows: list[int], detections: list[Detection], least: float, memory: float
    ) -> np.ndarray:
        """Return how badly each track (N,) fits each detection (M,) as (N, M).

        A detector that wavers between two classes must not lose the object: another class is a
        worse match, not an impossible one. But a thing that is found where another one vanished
        is not that one, and the longer it is not seen, the better must it match.

        Args:
            rows: of the tracks.
            least: intersection over union that is needed.
            memory: how long what is not seen is remembered, s.
        """
        least = max(least, _CHANGED_OVERLAP) if self._changed else least
        overlap = iou(self._boxes[rows], np.array([each.box for each in detections]))
        unseen = self._unseen[rows]
        late = np.clip(unseen / max(memory, 1e-9), 0.0, 1.0)
        needed = least + late * max(0.0, _LATE_OVERLAP - least)
        other = self._names[rows, None] != np.array([each.label for each in detections])
        possible = overlap >= needed[:, None]
        wavering = (unseen <= _WAVERS)[:, None] & (overlap >= max(least, _OTHER_OVERLAP))
        possible &= ~other | (wavering & (not self._changed))
        return np.where(possible, 1 - overlap + _OTHER_CLASS * other, _IMPOSSIBLE)


def iou(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the intersection over union of (N, 4) with (M, 4) boxes as (N, M)."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (first, second)]
    return shared / np.maximum(areas[0][:, None] + areas[1][None, :] - shared, 1e-9)
