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

from assist_vision.scene import Box, Detection

_POSITION_NOISE = 1 / 20  # of the box height: standard deviation of a measurement (SORT, DeepSORT)
_VELOCITY_NOISE = 30**1.5 / 160  # heights/s after 1 s: 1/160 a frame at 30 frames/s, there
_LARGEST_STEP = 1.0  # s: no box is predicted further than that
_DISORDER = 1.0  # s: an image that is older than the last by less is late, not of another time
_WAVERS = 0.3  # s: for so long a detector may call a thing by another name; then it is another
_OTHER_CLASS = 0.2  # how much worse a match of another class is, in intersection over union
_OTHER_OVERLAP = 0.4  # least intersection over union of a detection of another class
_LATE_OVERLAP = 0.4  # of one of the same class, at the end of the memory
_CHANGED_OVERLAP = 0.5  # of one of the same class, in a picture that looks different
_FADING = 0.9  # weight of the past labels against the newest one


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
    state: np.ndarray = field(repr=False)
    covariance: np.ndarray = field(repr=False)
    last_sure: float
    """When a sure detection showed it, in seconds on the clock of the caller."""
    last_seen: float
    """When any detection showed it."""
    seen: bool = True
    """It was detected in the newest image."""
    names: dict[str, float] = field(default_factory=dict, repr=False)
    """The confidence of its labels so far, the old ones faded."""

    @property
    def label(self) -> str:
        """Return what it was called most."""
        return max(self.names, key=self.names.__getitem__)

    @property
    def box(self) -> Box:
        """Return the estimated box, which is a prediction while the object is not seen."""
        x, y, width, height = self.state[0].tolist()
        return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


class Tracker:
    """Give every detection the id of the object that it shows; ids are never used again."""

    def __init__(self, options: TrackerOptions | None = None) -> None:
        self.options = options or TrackerOptions()
        self._tracks: list[Track] = []
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
        tracks = self._tracks
        sure = [d for d in detections if d.confidence >= self.options.sure]
        unsure = [d for d in detections if d.confidence < self.options.sure]
        pairs, left_tracks, new = self._match(tracks, sure, self.options.overlap, time, changed)
        followed = [track for track in left_tracks if track.seen]
        weak_pairs, _, _ = self._match(followed, unsure, self.options.weak_overlap, time, changed)
        for track in tracks:
            track.seen = False
        _correct([*pairs, *weak_pairs], time)
        for track, _ in pairs:
            track.last_sure = time
        oldest = time - self.options.memory
        self._tracks = [track for track in tracks if track.last_sure >= oldest]
        self._tracks += [self._start(detection, time) for detection in new]
        return list(self._tracks)

    def reset(self) -> None:
        """Forget all tracks; their ids stay used."""
        self._tracks = []
        self._time = None

    def _advance(self, time: float) -> float:
        if self._time is not None and time < self._time - _DISORDER:
            self.reset()
        last = time if self._time is None else self._time
        self._time = max(time, last)
        if self._tracks:
            _predict(self._tracks, min(self._time - last, _LARGEST_STEP))
        return self._time

    def _match(
        self,
        tracks: list[Track],
        detections: list[Detection],
        least: float,
        time: float,
        changed: bool,
    ) -> tuple[list[tuple[Track, Detection]], list[Track], list[Detection]]:
        """Return what belongs together, the tracks that are left, and the detections.

        A detector that wavers between two classes must not lose the object: another class is a
        worse match, not an impossible one. But a thing that is found where another one vanished
        is not that one, and the longer it is not seen, the better must it match.
        """
        if not tracks or not detections:
            return [], list(tracks), list(detections)
        least = max(least, _CHANGED_OVERLAP) if changed else least
        overlap = iou(_boxes(tracks), np.array([each.box for each in detections]))
        unseen = np.array([time - track.last_seen for track in tracks])
        late = np.clip(unseen / max(self.options.memory, 1e-9), 0.0, 1.0)
        needed = least + late * max(0.0, _LATE_OVERLAP - least)
        names = np.array([track.label for track in tracks])
        other = names[:, None] != np.array([each.label for each in detections])
        possible = overlap >= needed[:, None]
        wavering = (unseen <= _WAVERS)[:, None] & (overlap >= max(least, _OTHER_OVERLAP))
        possible &= ~other | (wavering & (not changed))
        cost = np.where(possible, 1 - overlap + _OTHER_CLASS * other, 2.0)
        _, columns, rows = lap.lapjv(cost, extend_cost=True, cost_limit=1.5)
        pairs = [(tracks[i], detections[j]) for i, j in enumerate(columns) if j >= 0]
        left_tracks = [track for track, j in zip(tracks, columns, strict=True) if j < 0]
        left_detections = [d for d, i in zip(detections, rows, strict=True) if i < 0]
        return pairs, left_tracks, left_detections

    def _start(self, detection: Detection, time: float) -> Track:
        measured = _measurement(detection.box)
        height = measured[3]
        covariance = np.diag([(2 * _POSITION_NOISE * height) ** 2, (2 * height) ** 2])
        track = Track(
            id=self._next_id,
            detection=detection,
            state=np.stack([measured, np.zeros(4)]),
            covariance=covariance,
            last_sure=time,
            last_seen=time,
            names={detection.label: detection.confidence},
        )
        self._next_id += 1
        return track


def iou(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the intersection over union of (N, 4) with (M, 4) boxes as (N, M)."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (first, second)]
    return shared / np.maximum(areas[0][:, None] + areas[1][None, :] - shared, 1e-9)


def _boxes(tracks: Sequence[Track]) -> np.ndarray:
    """Return the (N, 4) estimated boxes."""
    states = np.stack([track.state for track in tracks])
    middles, halves = states[:, 0, :2], states[:, 0, 2:] / 2
    return np.concatenate([middles - halves, middles + halves], axis=1)


def _measurement(box: Box) -> np.ndarray:
    x0, y0, x1, y1 = box
    return np.array([(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0])


def _predict(tracks: Sequence[Track], elapsed: float) -> None:
    # Centre, width and height each move with a constant velocity. They share one covariance,
    # since all have the same noise.
    states = np.stack([track.state for track in tracks])
    noise = (_VELOCITY_NOISE * states[:, 0, 3]) ** 2
    move = np.array([[1.0, elapsed], [0.0, 1.0]])
    states = move @ states
    states[:, 0, 2:] = np.maximum(states[:, 0, 2:], 1.0)
    growth = np.array([[elapsed**3 / 3, elapsed**2 / 2], [elapsed**2 / 2, elapsed]])
    covariances = move @ np.stack([track.covariance for track in tracks]) @ move.T
    covariances += growth * noise[:, None, None]
    for track, state, covariance in zip(tracks, states, covariances, strict=True):
        track.state, track.covariance = state, covariance


def _correct(pairs: Sequence[tuple[Track, Detection]], time: float) -> None:
    if not pairs:
        return
    measured = np.stack([_measurement(detection.box) for _, detection in pairs])
    states = np.stack([track.state for track, _ in pairs])
    covariances = np.stack([track.covariance for track, _ in pairs])
    noise = (_POSITION_NOISE * measured[:, 3]) ** 2
    gains = covariances[:, 0] / (covariances[:, :1, 0] + noise[:, None])
    states += gains[:, :, None] * (measured - states[:, 0])[:, None, :]
    covariances -= gains[:, :, None] * covariances[:, :1]
    for (track, detection), state, covariance in zip(pairs, states, covariances, strict=True):
        track.state, track.covariance = state, covariance
        track.detection = detection
        track.seen = True
        track.last_seen = time
        track.names = {name: _FADING * weight for name, weight in track.names.items()}
        track.names[detection.label] = track.names.get(detection.label, 0.0) + detection.confidence
