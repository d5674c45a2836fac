# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Tracker and stabiliser on made sequences whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from assist_vision.pipeline import ScenePipeline, drop_nested, single_image
from assist_vision.scene import Box, Detection, SceneObject
from assist_vision.stabiliser import Stabiliser, StabiliserOptions
from assist_vision.tracker import Tracker, TrackerOptions, iou
from hypothesis import given
from hypothesis import strategies as st

RATE = 30.0


def at(x: float, y: float = 100, width: float = 60, height: float = 120) -> Box:
    return (x, y, x + width, y + height)


def seen(label: str, box: Box, confidence: float = 0.8) -> Detection:
    return Detection(label, confidence, box)


def ids(tracker: Tracker, detections: list[Detection], time: float) -> list[int]:
    return [track.id for track in tracker.update(detections, time) if track.seen]


def test_ids_follow_moving_objects() -> None:
    tracker = Tracker()
    for frame in range(90):
        found = [seen('person', at(10 + 4 * frame)), seen('dog', at(500 - 4 * frame, 300, 90, 60))]
        assert ids(tracker, found[:: 1 if frame % 2 else -1], frame / RATE) == [1, 2] or frame == 0


def test_crossing_objects_of_different_rows_do_not_switch() -> None:
    tracker = Tracker()
    switches = 0
    owner: dict[str, int] = {}
    for frame in range(100):
        found = [
            seen('person', at(10 + 5 * frame, 100)),
            seen('person', at(510 - 5 * frame, 140, 70, 140)),
        ]
        tracks = tracker.update(found, frame / RATE)
        for name, detection in zip('ab', found, strict=True):
            track = next(each for each in tracks if each.detection is detection)
            switches += owner.setdefault(name, track.id) != track.id
    assert switches == 0


def test_an_id_survives_a_gap_and_is_forgotten_after_the_memory() -> None:
    tracker = Tracker(TrackerOptions(memory=2.0))
    for frame in range(30):
        ids(tracker, [seen('cup', at(100 + 2 * frame))], frame / RATE)
    for frame in range(30, 60):
        assert ids(tracker, [], frame / RATE) == []
    assert ids(tracker, [seen('cup', at(100 + 2 * 60))], 60 / RATE) == [1]
    assert ids(tracker, [], 65 / RATE) == []
    assert ids(tracker, [seen('cup', at(220))], 60 / RATE + 2.5) == [2]


def test_an_unsure_detection_continues_a_track_but_starts_none() -> None:
    tracker = Tracker(TrackerOptions(sure=0.3))
    assert ids(tracker, [seen('cup', at(100), 0.2)], 0.0) == []
    assert ids(tracker, [seen('cup', at(100), 0.5)], 0.1) == [1]
    assert ids(tracker, [seen('cup', at(101), 0.15)], 0.2) == [1]


def test_unsure_detections_alone_do_not_keep_a_track_for_ever() -> None:
    tracker = Tracker(TrackerOptions(sure=0.3, memory=1.0))
    assert ids(tracker, [seen('cup', at(100), 0.5)], 0.0) == [1]
    found = [ids(tracker, [seen('cup', at(100), 0.2)], (1 + i) / 10) for i in range(15)]
    assert found == [[1]] * 10 + [[]] * 5


def test_a_class_that_wavers_keeps_the_id() -> None:
    tracker = Tracker()
    labels = ['bus', 'truck', 'bus', 'train', 'bus']
    found = [ids(tracker, [seen(label, at(100))], i / RATE) for i, label in enumerate(labels)]
    assert found == [[1]] * 5


@pytest.mark.parametrize('gap', [0.4, 1.0, 1.8])
def test_another_thing_where_one_vanished_never_gets_its_id(gap: float) -> None:
    pipeline = ScenePipeline(TrackerOptions(), StabiliserOptions())
    for frame in range(30):
        _, objects = pipeline.track([seen('cup', at(100))], frame / RATE)
    assert [(each.id, each.label) for each in objects] == [('1', 'cup')]
    empty = round(gap * RATE)
    for frame in range(30, 30 + empty):
        pipeline.track([], frame / RATE)
    for frame in range(30 + empty, 45 + empty):
        tracks, objects = pipeline.track([seen('knife', at(102))], frame / RATE)
        assert ('1', 'knife') not in {(each.id, each.label) for each in objects}
        assert [track.id for track in tracks] == [2]


def test_one_wrong_name_before_a_gap_does_not_open_the_id_to_another_thing() -> None:
    tracker = Tracker()
    for frame in range(10):
        ids(tracker, [seen('cup', at(100))], frame / RATE)
    assert ids(tracker, [seen('knife', at(100))], 10 / RATE) == [1]
    assert ids(tracker, [seen('knife', at(100))], 1.5) == [2]
    assert ids(tracker, [seen('cup', at(100)), seen('knife', at(100))], 1.6) == [1, 2]


def test_another_class_beside_a_thing_that_is_missed_once_is_another_thing() -> None:
    tracker = Tracker()
    assert ids(tracker, [seen('cup', at(100))], 0.0) == [1]
    assert ids(tracker, [seen('knife', at(130))], 1 / RATE) == [2]


def test_in_a_picture_that_changed_another_class_is_another_thing() -> None:
    found = {}
    for changed in (False, True):
        tracker = Tracker()
        tracker.update([seen('cup', at(100)), seen('dog', at(400))], 0.0)
        detections = [seen('knife', at(102)), seen('dog', at(425))]
        tracks = tracker.update(detections, 0.1, changed=changed)
        found[changed] = [track.id for track in tracks if track.seen]
    assert found == {False: [1, 2], True: [3, 4]}


def test_the_longer_unseen_the_better_must_it_match() -> None:
    found = {}
    for gap in (0.1, 1.9):
        tracker = Tracker()
        for frame in range(30):
            ids(tracker, [seen('cup', at(100))], frame / RATE)
        found[gap] = ids(tracker, [seen('cup', at(132))], 29 / RATE + gap)
    assert found == {0.1: [1], 1.9: [2]}


def test_of_two_overlapping_classes_each_keeps_its_own_id() -> None:
    tracker = Tracker()
    pair = [seen('person', at(100)), seen('horse', at(104))]
    tracker.update(pair, 0.0)
    tracks = tracker.update(pair[::-1], 0.1)
    assert {track.id: track.detection.label for track in tracks} == {1: 'person', 2: 'horse'}


def test_ids_are_never_used_again_not_even_when_time_jumps_back() -> None:
    tracker = Tracker()
    assert ids(tracker, [seen('cup', at(100))], 100.0) == [1]
    assert ids(tracker, [seen('cup', at(100))], 5.0) == [2]
    tracker.reset()
    assert ids(tracker, [seen('cup', at(100))], 6.0) == [3]


def test_an_image_that_comes_late_changes_no_id() -> None:
    tracker = Tracker()
    times = [10.0, 10.1, 10.2, 10.05, 10.3, 9.5, 10.4]
    assert [ids(tracker, [seen('cup', at(100))], time) for time in times] == [[1]] * 7


@given(
    steps=st.lists(
        st.tuples(
            st.lists(st.tuples(st.integers(0, 9), st.sampled_from([0.15, 0.5, 0.9])), max_size=5),
            st.sampled_from([0.03, 0.1, 1.0, 5.0, -2.0]),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_an_id_that_is_gone_never_comes_back(
    steps: list[tuple[list[tuple[int, float]], float, bool]],
) -> None:
    pipeline = ScenePipeline(TrackerOptions(), StabiliserOptions())
    remembered: set[str] = set()
    gone: set[str] = set()
    time = 100.0
    for places, elapsed, reset in steps:
        time += elapsed
        if reset:
            pipeline.reset()
        found = [seen('cup', at(60.0 * place), confidence) for place, confidence in places]
        tracks, objects = pipeline.track(found, time)
        now = {str(track.id) for track in tracks} | {each.id for each in objects}
        assert not now & gone
        if reset or elapsed < 0 or elapsed > TrackerOptions().memory:
            gone |= remembered - now
        remembered |= now


def test_a_long_pause_does_not_throw_predictions_away() -> None:
    tracker = Tracker(TrackerOptions(memory=600.0))
    for frame in range(10):
        tracker.update([seen('cup', at(100 + frame))], frame / RATE)
    (track,) = tracker.update([], 300.0)
    assert np.isfinite(track.box).all() and abs(track.box[0] - 109) < 80


def test_iou() -> None:
    boxes = np.array([[0, 0, 10, 10], [20, 20, 30, 30]], float)
    assert iou(boxes, np.array([[0, 0, 10, 5], [5, 0, 15, 10]], float)) == pytest.approx(
        np.array([[0.5, 1 / 3], [0, 0]])
    )


class Sequence:
    """Feeds a tracker and a stabiliser at 30 images a second."""

    def __init__(self, **options: object) -> None:
        self.tracker = Tracker()
        self.stabiliser = Stabiliser(StabiliserOptions(**options))  # type: ignore[arg-type]
        self.frame = 0

    def show(self, *detections: Detection) -> list[SceneObject]:
        time = self.frame / RATE
        self.frame += 1
        return self.stabiliser.update(self.tracker.update(detections, time), time)


def test_an_object_appears_after_three_of_five_and_goes_after_five_without() -> None:
    sequence = Sequence()
    cup = seen('cup', at(100))
    pattern = [cup, None, cup, None, cup]
    counts = [len(sequence.show(*([each] if each else []))) for each in pattern]
    assert counts == [0, 0, 0, 0, 1]
    assert [len(sequence.show()) for _ in range(5)] == [1, 1, 1, 1, 0]


def test_a_single_false_detection_never_appears() -> None:
    sequence = Sequence()
    sequence.show(seen('bear', at(300)))
    assert all(sequence.show() == [] for _ in range(10))


def test_no_flicker_with_one_detection_in_three_missing() -> None:
    random = np.random.default_rng(1)
    sequence = Sequence()
    counts = []
    for _ in range(300):
        missing = random.random() < 1 / 3
        counts.append(len(sequence.show(*([] if missing else [seen('cup', at(100))]))))
    changes = np.abs(np.diff(counts[10:])).sum()
    assert changes <= 4  # the raw detections change about 130 times
    assert set(counts[10:]) <= {0, 1}


def test_the_label_is_voted() -> None:
    sequence = Sequence()
    for label in ('bus', 'bus', 'truck', 'bus', 'truck'):
        objects = sequence.show(seen(label, at(100)))
    assert [each.label for each in objects] == ['bus']


def test_confidence_fades_while_hidden() -> None:
    sequence = Sequence()
    for _ in range(5):
        objects = sequence.show(seen('cup', at(100), 0.8))
    assert objects[0].confidence == pytest.approx(0.8)
    assert sequence.show()[0].confidence == pytest.approx(0.64)


def test_a_resting_box_is_smooth_and_a_moving_one_does_not_lag() -> None:
    random = np.random.default_rng(2)
    sequence = Sequence()
    raw, smooth = [], []
    for _ in range(120):
        box = at(100 + random.normal(0, 3))
        raw.append(box[0])
        smooth += [each.box[0] for each in sequence.show(seen('cup', box))]
    assert np.std(smooth[30:]) < 0.5 * np.std(raw)
    for step in range(60):
        (moved,) = sequence.show(seen('cup', at(100 + 6 * step)))
    assert abs(moved.box[0] - (100 + 6 * 59)) < 30  # half a box at three boxes a second


ROOM = (seen('cup', at(100)), seen('laptop', at(300, 150, 160, 90)), seen('chair', at(30, 250)))
STREET = (seen('car', at(420, 20, 150, 60)), seen('person', at(230, 260, 50, 150)))


def told(objects: list[SceneObject]) -> set[str]:
    return {each.label for each in objects}


def test_another_picture_is_never_mixed_with_the_one_before() -> None:
    sequence = Sequence()
    for _ in range(10):
        assert told(sequence.show(*ROOM)) in (set(), {'cup', 'laptop', 'chair'})
    after = [told(sequence.show(*STREET)) for _ in range(6)]
    assert after == [{'cup', 'laptop', 'chair'}, set()] + [{'car', 'person'}] * 4


def test_a_detector_that_blinks_changes_no_picture() -> None:
    sequence = Sequence()
    for _ in range(5):
        sequence.show(*ROOM)
    for found in ((), STREET[:1], (), (), ROOM, STREET, ROOM, STREET[1:], ()):
        assert told(sequence.show(*found)) >= {'cup', 'laptop', 'chair'}


def test_what_somebody_steps_in_front_of_is_hidden_not_gone() -> None:
    sequence = Sequence()
    for _ in range(5):
        before = sequence.show(ROOM[0])
    for _ in range(4):
        objects = sequence.show(seen('person', at(90, 20, 120, 400)))
        assert before[0].id in {each.id for each in objects}
    objects = sequence.show(ROOM[0], seen('person', at(200, 20, 120, 400)))
    assert before[0].id in {each.id for each in objects}


def test_an_object_of_the_picture_before_that_comes_back_keeps_its_id() -> None:
    sequence = Sequence()
    for _ in range(5):
        before = sequence.show(*ROOM)
    for _ in range(5):
        sequence.show(*STREET)
    for _ in range(3):
        objects = sequence.show(*ROOM)
    assert [each.id for each in objects] == [each.id for each in before]


def test_a_picture_that_did_not_change_does_not_become_another_one() -> None:
    random = np.random.default_rng(4)
    room = random.integers(0, 255, (48, 64, 3), np.uint8)
    street = random.integers(0, 255, (48, 64, 3), np.uint8)
    for picture, expected in ((room, {'cup', 'laptop', 'chair'}), (street, {'car', 'person'})):
        pipeline = ScenePipeline(TrackerOptions(), StabiliserOptions())
        for frame in range(10):
            pipeline.track(ROOM, frame / RATE, room)
        for frame in range(10, 13):
            _, objects = pipeline.track(STREET, frame / RATE, picture)
        assert told(objects) >= expected
        assert ('cup' in told(objects)) == (picture is room)


def test_options_can_change_on_the_way() -> None:
    pipeline = ScenePipeline(TrackerOptions(), StabiliserOptions(frames=5, appear=3))
    cup = [seen('cup', at(100))]
    for frame in range(3):
        _, objects = pipeline.track(cup, frame / RATE)
    assert [each.id for each in objects] == ['1']
    pipeline.configure(TrackerOptions(sure=0.9), StabiliserOptions(frames=1, appear=1))
    _, objects = pipeline.track(cup, 0.2)
    assert [each.id for each in objects] == ['1']
    assert pipeline.track([], 0.3)[1] == []


def test_the_same_object_within_itself_is_dropped() -> None:
    person = seen('person', (680, 460, 810, 890), 0.65)
    part = seen('person', (724, 533, 774, 825), 0.58)
    tie = seen('tie', (730, 540, 760, 700), 0.3)
    assert drop_nested([part, tie, person]) == [person, tie]
    assert drop_nested([]) == []


def test_a_person_further_away_within_the_box_of_a_nearer_one_is_kept() -> None:
    near = seen('person', (200, 40, 440, 480), 0.9)
    far = seen('person', (210, 100, 260, 250), 0.6)
    child = seen('person', (300, 100, 420, 340), 0.55)  # in arms: its foot is elsewhere
    unsure = seen('person', (380, 100, 430, 250), 0.4)
    assert drop_nested([near, far, child, unsure]) == [near, far, child]


def test_single_images_need_no_past() -> None:
    objects = single_image([seen('cup', at(100), 0.9), seen('cup', at(300), 0.2)], sure=0.25)
    assert [(each.id, each.label) for each in objects] == [('1', 'cup')]
