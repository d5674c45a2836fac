# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math

import pytest
from geometry_msgs.msg import TransformStamped
from rclpy.duration import Duration
from rclpy.time import Time
from tf2_ros import (
    Buffer,
    ConnectivityException,
    ExtrapolationException,
    InvalidArgumentException,
    LookupException,
    TransformException,
)

QUARTER = (0.0, 0.0, math.sqrt(0.5), math.sqrt(0.5))
"""A quarter turn to the left."""


def link(
    parent: str,
    child: str,
    shift: tuple[float, float, float] = (0.0, 0.0, 0.0),
    turn: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 1.0),
    time: float = 0.0,
) -> TransformStamped:
    message = TransformStamped(child_frame_id=child)
    message.header.frame_id = parent
    message.header.stamp = Time(nanoseconds=round(time * 1e9)).to_msg()
    shifts, turns = message.transform.translation, message.transform.rotation
    shifts.x, shifts.y, shifts.z = shift
    turns.x, turns.y, turns.z, turns.w = turn
    return message


def at(seconds: float) -> Time:
    return Time(nanoseconds=round(seconds * 1e9))


def shift_of(message: TransformStamped) -> list[float]:
    shift = message.transform.translation
    return [round(value, 6) + 0.0 for value in (shift.x, shift.y, shift.z)]


def angle_of(message: TransformStamped) -> float:
    turn = message.transform.rotation
    return math.degrees(2 * math.atan2(turn.z, turn.w))


@pytest.fixture
def buffer() -> Buffer:
    made = Buffer()
    made.set_transform_static(link('base', 'mast', (1.0, 0.0, 1.0), QUARTER), 'test')
    made.set_transform_static(link('mast', 'camera', (0.5, 0.0, 0.0)), 'test')
    made.set_transform_static(link('base', 'arm', (0.0, 2.0, 0.0)), 'test')
    return made


def test_chains_up_down_and_across(buffer: Buffer) -> None:
    up = buffer.lookup_transform('base', 'camera', Time())
    assert shift_of(up) == [1.0, 0.5, 1.0]
    assert angle_of(up) == pytest.approx(90)
    assert (up.header.frame_id, up.child_frame_id) == ('base', 'camera')
    down = buffer.lookup_transform('camera', 'base', Time())
    assert shift_of(down) == [-0.5, 1.0, -1.0]
    assert angle_of(down) == pytest.approx(-90)
    assert shift_of(buffer.lookup_transform('arm', 'camera', at(77.0))) == [1.0, -1.5, 1.0]
    assert shift_of(buffer.lookup_transform('arm', 'arm', Time())) == [0.0, 0.0, 0.0]


def test_between_two_times_it_goes_straight_and_turns_evenly() -> None:
    buffer = Buffer()
    buffer.set_transform(link('odom', 'base', (0.0, 0.0, 0.0), time=10.0), 'test')
    buffer.set_transform(link('odom', 'base', (2.0, 0.0, 0.0), QUARTER, time=11.0), 'test')
    half = buffer.lookup_transform('odom', 'base', at(10.25))
    assert shift_of(half) == [0.5, 0.0, 0.0]
    assert angle_of(half) == pytest.approx(22.5)
    newest = buffer.lookup_transform('odom', 'base', Time())
    assert newest.header.stamp.sec == 11 and shift_of(newest) == [2.0, 0.0, 0.0]


def test_newest_is_what_all_links_know(buffer: Buffer) -> None:
    buffer.set_transform(link('odom', 'base', (0.0, 0.0, 0.0), time=10.0), 'test')
    buffer.set_transform(link('odom', 'base', (1.0, 0.0, 0.0), time=12.0), 'test')
    buffer.set_transform(link('camera', 'lens', (0.0, 0.0, 0.0), time=11.0), 'test')
    found = buffer.lookup_transform('odom', 'lens', Time())
    assert found.header.stamp.sec == 11
    assert shift_of(found) == [1.5, 0.5, 1.0]


@pytest.mark.parametrize('time', [9.9, 11.1])
def test_nothing_is_told_of_other_times(time: float) -> None:
    buffer = Buffer()
    buffer.set_transform(link('odom', 'base', time=10.0), 'test')
    buffer.set_transform(link('odom', 'base', time=11.0), 'test')
    with pytest.raises(ExtrapolationException, match='extrapolation into the'):
        buffer.lookup_transform('odom', 'base', at(time))


def test_old_ones_are_forgotten() -> None:
    buffer = Buffer(cache_time=Duration(seconds=5))
    for time in (10.0, 14.0, 16.0):
        buffer.set_transform(link('odom', 'base', time=time), 'test')
    assert not buffer.can_transform('odom', 'base', at(12.0))
    assert buffer.can_transform('odom', 'base', at(15.0))


def test_why_there_is_none(buffer: Buffer) -> None:
    with pytest.raises(LookupException, match='"moon" passed'):
        buffer.lookup_transform('base', 'moon', Time())
    buffer.set_transform_static(link('earth', 'moon'), 'test')
    with pytest.raises(ConnectivityException, match='not part of the same tree'):
        buffer.lookup_transform('base', 'moon', Time())
    for name in ('', '/base'):
        with pytest.raises(InvalidArgumentException):
            buffer.lookup_transform(name, 'camera', Time())
    assert issubclass(LookupException, TransformException)


def test_what_makes_no_sense_is_ignored(buffer: Buffer) -> None:
    for wrong in (
        link('base', 'base'),
        link('', 'stray'),
        link('base', 'stray', (math.nan, 0.0, 0.0)),
        link('base', 'stray', turn=(0.0, 0.0, 0.0, 0.0)),
    ):
        buffer.set_transform(wrong, 'test')
    assert not buffer.can_transform('base', 'stray', Time())


def test_a_loop_is_told_and_not_followed(buffer: Buffer) -> None:
    buffer.set_transform_static(link('camera', 'base'), 'test')
    with pytest.raises(LookupException, match='loop'):
        buffer.lookup_transform('base', 'camera', Time())


def test_a_frame_moves_to_another_parent(buffer: Buffer) -> None:
    buffer.set_transform_static(link('arm', 'camera', (0.0, 0.0, 3.0)), 'test')
    assert shift_of(buffer.lookup_transform('base', 'camera', Time())) == [0.0, 2.0, 3.0]
