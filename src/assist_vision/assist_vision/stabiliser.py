# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Objects that do not flicker: a vote over the last images on what is there and what it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from assist_vision.box_filter import BoxFilter
from assist_vision.scene import Box, SceneObject
from assist_vision.tracker import Track

_CHANGE = 2
"""Images in a row that must show other things, and none of the old, before the picture changed."""
_HIDDEN = 0.5
"""Part of an object behind something new from which it is hidden, not gone."""


@dataclass(frozen=True)
class StabiliserOptions:
    """How much the past counts."""

    frames: int = 5
    """Images that vote."""
    appear: int = 3
    """An object appears once it was seen in so many of them; it goes when none saw it."""
    steady: float = 1.0
    """Cut-off of the box filter for an object at rest, Hz; lower is smoother."""
    agility: float = 3.0
    """How fast the cut-off grows with speed, per box height; higher lags less."""


@dataclass
class _History:
    votes: deque[tuple[str, float] | None]
    shown: bool = False
    box: Box = (0.0, 0.0, 0.0, 0.0)

    def run(self, *, seen: bool) -> int:
        """Return how many of the latest images in a row saw it, or did not."""
        latest = (bool(vote) for vote in reversed(self.votes))
        return sum(1 for _ in takewhile(lambda vote: vote == seen, latest))

    def hide(self) -> None:
        """Begin anew: it must appear again before it is shown."""
        self.votes.clear()
        self.shown = False


class Stabiliser:
    """Turn tracks into the objects of a scene.

    An object appears when `appear` of the last `frames` images saw it, and stays until none of
    them did, so that a short occlusion leaves it where it was expected. Its label is the one with
    the most confidence among the votes; its confidence is the mean over all images of the buffer
    since it appeared, so that it fades while the object is hidden.

    When the whole picture changes, because the camera turned or shows another image, all objects
    go at once: two images in a row show things that were not there, and none of the objects. They
    do not go when the new things hide them, nor when the images show nothing at all, nor when it
    is known that no picture of the buffer looked different from the one before.
    """

    def __init__(self, options: StabiliserOptions | None = None) -> None:
        self.options = options or StabiliserOptions()
        self._histories: dict[int, _History] = {}
        self._filter = BoxFilter()
        self._changes: deque[bool] = deque(maxlen=self.options.frames)

    def update(
        self, tracks: Sequence[Track], time: float, changed: bool | None = None
    ) -> list[SceneObject]:
        """Take all tracks after one image, at a time in seconds, and return the objects.

        `changed` tells whether the image itself looks different from the one before; None: unknown.
        """
        self._changes.append(changed is not False)
        boxes = self._smooth(tracks, time)
        self._histories = {each.id: self._history_of(each.id) for each in tracks}
        for track, box in zip(tracks, boxes, strict=True):
            self._vote(self._histories[track.id], track, box)
        shown = {id: history for id, history in self._histories.items() if history.shown}
        if any(self._changes) and _is_other_picture(
            list(shown.values()), list(self._histories.values())
        ):
            for history in shown.values():
                history.hide()
            return []
        return [_to_object(id, history) for id, history in shown.items()]

    def lost_most(self, tracks: Sequence[Track]) -> bool:
        """Tell whether the newest image shows things, but at most half of the objects so far."""
        seen = {track.id for track in tracks if track.seen}
        shown = {id for id, history in self._histories.items() if history.shown}
        return bool(seen and shown) and len(shown & seen) * 2 <= len(shown)

    def configure(self, options: StabiliserOptions) -> None:
        """Go on with other options; the votes so far count."""
        self.options = options
        self._changes = deque(self._changes, maxlen=options.frames)
        for history in list(self._histories.values()):
            history.votes = deque(history.votes, maxlen=options.frames)

    def reset(self) -> None:
        """Forget the past."""
        self._histories = {}
        self._filter.reset()
        self._changes.clear()

    def _smooth(self, tracks: Sequence[Track], time: float) -> list[Box]:
        boxes = np.array([track.box for track in tracks], np.float64).reshape(-1, 4)
        smooth = self._filter.update(
            [track.id for track in tracks],
            boxes,
            time,
            steady=self.options.steady,
            agility=self.options.agility,
        )
        return [(x0, y0, x1, y1) for x0, y0, x1, y1 in smooth.tolist()]

    def _history_of(self, id: int) -> _History:
        known = self._histories.get(id)
        return known or _History(votes=deque(maxlen=self.options.frames))

    def _vote(self, history: _History, track: Track, box: Box) -> None:
        vote = (track.detection.label, track.detection.confidence) if track.seen else None
        history.votes.append(vote)
        history.box = box
        seen = len(history.votes) - history.votes.count(None)
        history.shown = seen > 0 if history.shown else seen >= self.options.appear


def _is_other_picture(shown: Sequence[_History], every: Sequence[_History]) -> bool:
    gone_for = min((each.run(seen=False) for each in shown), default=0)
    if gone_for < _CHANGE:
        return False
    new = [each.box for each in every if _CHANGE <= each.run(seen=True) <= gone_for]
    return bool(new) and any(_hidden(each.box, new) < _HIDDEN for each in shown)


def _hidden(box: Box, others: Sequence[Box]) -> float:
    """Return the part of a box within the other that covers most of it."""
    x0, y0, x1, y1 = box
    shared = (
        max(0.0, min(x1, other[2]) - max(x0, other[0]))
        * max(0.0, min(y1, other[3]) - max(y0, other[1]))
        for other in others
    )
    return max(shared) / max((x1 - x0) * (y1 - y0), 1e-9)


def _to_object(number: int, history: _History) -> SceneObject:
    weights: dict[str, float] = {}
    for vote in history.votes:
        if vote:
            weights[vote[0]] = weights.get(vote[0], 0.0) + vote[1]
    label = max(weights, key=weights.__getitem__)
    confidence = sum(weights.values()) / len(history.votes)
    return SceneObject(id=str(number), label=label, confidence=confidence, box=history.box)
