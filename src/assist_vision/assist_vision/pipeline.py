# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""From detections to a scene: what the detector node and the command line have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assist_vision.change import ChangeDetector
from assist_vision.colours import ColourNamer
from assist_vision.depth import Locator, Sight
from assist_vision.relations import relate
from assist_vision.scene import VIEWER, Detection, Scene, SceneObject
from assist_vision.stabiliser import Stabiliser, StabiliserOptions
from assist_vision.tracker import Track, Tracker, TrackerOptions

UNSURE = 0.1
"""Least confidence a detector is asked for: unsure boxes may continue a track, not start one."""

_NESTED = 0.9
"""Part of a box within a more confident one of its class from which both are the same object."""
_SMALL, _OTHER_FOOT, _TRUSTED = 0.25, 0.25, 0.5
"""But a box of less than that part of the other's area, or whose foot is off by more than that part
of the other's height, is another thing further away, from that confidence on."""


class ScenePipeline:
    """Tracks, stabilises and relates; keeps the past of one camera."""

    def __init__(self, tracking: TrackerOptions, stabilising: StabiliserOptions) -> None:
        self._tracker = Tracker(tracking)
        self._stabiliser = Stabiliser(stabilising)
        self._change = ChangeDetector()
        self._colours = ColourNamer()
        self._locator = Locator()
        self._time = 0.0

    def track(
        self, detections: Sequence[Detection], time: float, image: np.ndarray | None = None
    ) -> tuple[list[Track], list[SceneObject]]:
        """Return what this image shows with its ids, and the stable objects, at a time in s.

        When the BGR image has little in common with the one before, and most objects are not
        where they should be, it shows another place: nothing of the past is carried over.
        """
        self._time = time
        detections = drop_nested(detections)
        changed = None if image is None else self._change.update(image)
        tracks = self._tracker.update(detections, time, changed=bool(changed))
        if changed and self._stabiliser.lost_most(tracks):
            self._tracker.reset()
            self._stabiliser.reset()
            changed = None
            tracks = self._tracker.update(detections, time)
        seen = [track for track in tracks if track.seen]
        return seen, self._stabiliser.update(tracks, time, changed)

    def build(
        self,
        objects: Sequence[SceneObject],
        tracks: Sequence[Track],
        image: np.ndarray,
        sight: Sight | None = None,
        relation_frame: str = VIEWER,
    ) -> Scene:
        """Return the scene of a BGR image: the objects with their colours and places, related.

        `tracks` tells which objects the image shows; the others keep what was known of them.
        Relations in the robot's frame need places in it; without, they are the viewer's.
        """
        seen = {str(track.id) for track in tracks}
        height, width = image.shape[:2]
        objects = self._colours.name(objects, seen, image)
        if sight is None:
            return build_scene(objects, width, height)
        objects = self._locator.locate(objects, seen, sight, self._time)
        return build_scene(
            objects,
            width,
            height,
            position_frame=sight.transform.frame,
            relation_frame=relation_frame if sight.in_base else VIEWER,
        )

    def configure(self, tracking: TrackerOptions, stabilising: StabiliserOptions) -> None:
        """Go on with other options."""
        self._tracker.options = tracking
        self._stabiliser.configure(stabilising)

    def reset(self) -> None:
        """Forget the past; ids that were used stay used."""
        self._change.reset()
        self._tracker.reset()
        self._stabiliser.reset()
        self._colours.reset()
        self._locator.reset()


def build_scene(
    objects: Sequence[SceneObject],
    width: int,
    height: int,
    *,
    position_frame: str = '',
    relation_frame: str = VIEWER,
) -> Scene:
    """Return the scene of an image of that size with the relations worth a word.

    `position_frame` names the frame of the objects' places. Relations in the robot's frame need
    places in it.
    """
    relations = relate(objects, frame=relation_frame, size=(width, height))
    return Scene(width, height, tuple(objects), relations, position_frame, relation_frame)


def single_image(detections: Sequence[Detection], sure: float) -> list[SceneObject]:
    """Return the objects of an image that has no past, numbered by confidence."""
    certain = [each for each in drop_nested(detections) if each.confidence >= sure]
    return [
        SceneObject(str(number), each.label, each.confidence, each.box)
        for number, each in enumerate(certain, start=1)
    ]


def drop_nested(detections: Sequence[Detection]) -> list[Detection]:
    """Return the detections without those within a more confident one of the same class.

    Their intersection over union is small, so that non-maximum suppression keeps them. One that is
    sure, and so small or so high that it is further away, is a thing of its own.
    """
    ranked = sorted(detections, key=lambda each: -each.confidence)
    if len(ranked) < 2:
        return ranked
    boxes = np.array([each.box for each in ranked])
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    within = np.clip(high - low, 0, None).prod(axis=2) / np.maximum(areas[:, None], 1e-9)
    heights = boxes[:, 3] - boxes[:, 1]
    feet = np.abs(boxes[:, None, 3] - boxes[None, :, 3])
    other = (areas[:, None] < _SMALL * areas) | (feet > _OTHER_FOOT * heights)
    other &= np.array([each.confidence >= _TRUSTED for each in ranked])[:, None]
    names = np.array([each.label for each in ranked])
    same = (within > _NESTED) & ~other & (names[:, None] == names)
    np.fill_diagonal(same, val=False)
    dropped: set[int] = set()
    for i in np.flatnonzero(same.any(axis=1)).tolist():
        if not dropped.issuperset(np.flatnonzero(same[i, :i]).tolist()):
            dropped.add(i)
    return [each for i, each in enumerate(ranked) if i not in dropped]
