# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The tree of frames, and the transform between any two of them at a time."""

from __future__ import annotations

import threading
import time as system_time
from bisect import bisect_left, insort
from dataclasses import dataclass, field

import numpy as np
from geometry_msgs.msg import TransformStamped
from rclpy.duration import Duration
from rclpy.time import Time

from tf2_ros.exceptions import (
    ConnectivityException,
    ExtrapolationException,
    InvalidArgumentException,
    LookupException,
    TransformException,
)
from tf2_ros.rigid import Rigid

_CACHE = Duration(seconds=10)
_AT_ONCE = Duration()
_POLL = 0.02


@dataclass
class _Link:
    """What is known of one frame: its parent, and where it was in that at which time in ns."""

    parent: str
    static: bool
    times: list[int] = field(default_factory=list)
    poses: dict[int, Rigid] = field(default_factory=dict)

    def add(self, time: int, pose: Rigid, keep: int) -> None:
        if self.static:
            self.times.clear()
            self.poses.clear()
        if time not in self.poses:
            insort(self.times, time)
        self.poses[time] = pose
        while self.times[0] < self.times[-1] - keep:
            del self.poses[self.times.pop(0)]

    def at(self, time: int, child: str) -> Rigid:
        if self.static:
            return self.poses[self.times[0]]
        if not self.times[0] <= time <= self.times[-1]:
            when = 'past' if time < self.times[0] else 'future'
            raise ExtrapolationException(
                f'Lookup would require extrapolation into the {when}. Requested time '
                f'{time / 1e9:f} but the data of [{child}] is from {self.times[0] / 1e9:f} '
                f'to {self.times[-1] / 1e9:f}'
            )
        after = bisect_left(self.times, time)
        late = self.times[after]
        if late == time:
            return self.poses[late]
        early = self.times[after - 1]
        return self.poses[early].towards(self.poses[late], (time - early) / (late - early))


class Buffer:
    """Keeps the transforms of the last seconds and chains them."""

    def __init__(self, cache_time: Duration | None = None) -> None:
        self._keep = (cache_time or _CACHE).nanoseconds
        self._links: dict[str, _Link] = {}
        self._lock = threading.Lock()

    def set_transform(self, transform: TransformStamped, authority: str) -> None:
        """Take the place of a frame in its parent at the time of the stamp."""
        self._set(transform, static=False)

    def set_transform_static(self, transform: TransformStamped, authority: str) -> None:
        """Take the place of a frame in its parent at all times."""
        self._set(transform, static=True)

    def clear(self) -> None:
        """Forget all that changes."""
        with self._lock:
            self._links = {name: link for name, link in self._links.items() if link.static}

    def can_transform(
        self,
        target_frame: str,
        source_frame: str,
        time: Time,
        timeout: Duration = _AT_ONCE,
    ) -> bool:
        """Return whether the transform can be told, after waiting for it."""
        deadline = system_time.monotonic() + timeout.nanoseconds / 1e9
        while True:
            try:
                self._lookup(target_frame, source_frame, time)
            except TransformException:
                if system_time.monotonic() >= deadline:
                    return False
                system_time.sleep(_POLL)
            else:
                return True

    def lookup_transform(
        self,
        target_frame: str,
        source_frame: str,
        time: Time,
        timeout: Duration = _AT_ONCE,
    ) -> TransformStamped:
        """Return what takes points of the source frame into the target frame.

        A time of 0 is the newest at which all links between the two are known.

        Raises:
            TransformException: LookupException, ConnectivityException or ExtrapolationException.
        """
        self.can_transform(target_frame, source_frame, time, timeout)
        return self._lookup(target_frame, source_frame, time)

    def _set(self, transform: TransformStamped, *, static: bool) -> None:
        child = _plain(transform.child_frame_id)
        parent = _plain(transform.header.frame_id)
        pose = Rigid.of(transform.transform)
        # Upstream ignores such transforms with an error on the console.
        if not child or not parent or child == parent or not pose.valid:
            return
        time = Time.from_msg(transform.header.stamp).nanoseconds
        with self._lock:
            link = self._links.get(child)
            if link is None or link.static != static or link.parent != parent:
                link = self._links[child] = _Link(parent, static)
            link.add(time, pose, self._keep)

    def _lookup(self, target: str, source: str, time: Time) -> TransformStamped:
        target, source = _checked(target), _checked(source)
        with self._lock:
            known = self._links.keys() | {link.parent for link in self._links.values()}
            for name in (target, source):
                if name not in known:
                    raise LookupException(f'"{name}" passed to lookupTransform does not exist.')
            down, up = self._chains(target, source)
            when = time.nanoseconds or self._common_time(down + up)
            pose = self._walk(down, when).inverse() @ self._walk(up, when)
        message = TransformStamped(child_frame_id=source, transform=pose.message())
        message.header.frame_id = target
        message.header.stamp = Time(nanoseconds=when).to_msg()
        return message

    def _chains(self, target: str, source: str) -> tuple[list[str], list[str]]:
        """Return the frames from the target and from the source up to what both hang on."""
        down, up = self._ancestors(target), self._ancestors(source)
        shared = next((name for name in down if name in up), None)
        if shared is None:
            raise ConnectivityException(
                f"Could not find a connection between '{target}' and '{source}' because they are "
                'not part of the same tree. Tf has two or more unconnected trees.'
            )
        return down[: down.index(shared)], up[: up.index(shared)]

    def _ancestors(self, name: str) -> list[str]:
        names = [name]
        while names[-1] in self._links:
            parent = self._links[names[-1]].parent
            if parent in names:
                raise LookupException(f'The tf tree is invalid because it contains a loop: {names}')
            names.append(parent)
        return names

    def _common_time(self, names: list[str]) -> int:
        changing = [self._links[name] for name in names if not self._links[name].static]
        return min((link.times[-1] for link in changing), default=0)

    def _walk(self, names: list[str], time: int) -> Rigid:
        pose = Rigid(np.zeros(3), np.array([0.0, 0.0, 0.0, 1.0]))
        for name in names:
            pose = self._links[name].at(time, name) @ pose
        return pose


def _plain(name: str) -> str:
    return name.removeprefix('/')


def _checked(name: str) -> str:
    if not name:
        raise InvalidArgumentException('frame_id cannot be empty')
    if name.startswith('/'):
        raise InvalidArgumentException(f"frame_ids in tf2 cannot start with a '/': {name}")
    return name
