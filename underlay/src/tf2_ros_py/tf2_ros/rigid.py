# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Rotations and translations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from geometry_msgs.msg import Quaternion, Transform, Vector3


@dataclass(frozen=True)
class Rigid:
    """A rotation by a unit quaternion (x, y, z, w) and then a shift in metres."""

    shift: np.ndarray
    turn: np.ndarray

    @classmethod
    def of(cls, message: Transform) -> Rigid:
        """Return the transform of a message."""
        shift, turn = message.translation, message.rotation
        return cls(
            np.array([shift.x, shift.y, shift.z]), np.array([turn.x, turn.y, turn.z, turn.w])
        )

    def message(self) -> Transform:
        """Return the transform as a message."""
        x, y, z = self.shift.tolist()
        turn = dict(zip('xyzw', self.turn.tolist(), strict=True))
        return Transform(translation=Vector3(x=x, y=y, z=z), rotation=Quaternion(**turn))

    @property
    def valid(self) -> bool:
        """Whether all is finite and the quaternion has length 1; upstream's tolerance."""
        length = float(self.turn @ self.turn)
        return bool(np.isfinite(self.shift).all()) and abs(length - 1.0) < 10e-3

    def __matmul__(self, first: Rigid) -> Rigid:
        """Return what does the first and then this."""
        return Rigid(self.shift + _rotate(self.turn, first.shift), _times(self.turn, first.turn))

    def inverse(self) -> Rigid:
        """Return the way back."""
        back = self.turn * np.array([-1.0, -1.0, -1.0, 1.0])
        return Rigid(-_rotate(back, self.shift), back)

    def towards(self, other: Rigid, part: float) -> Rigid:
        """Return what lies between: shifts by a straight line, turns by the arc (slerp)."""
        shift = self.shift + part * (other.shift - self.shift)
        cosine = float(self.turn @ other.turn)
        end = other.turn if cosine >= 0 else -other.turn
        angle = float(np.arccos(min(1.0, abs(cosine))))
        if angle < 1e-6:
            turn = self.turn + part * (end - self.turn)
        else:
            turn = np.sin((1 - part) * angle) * self.turn + np.sin(part * angle) * end
        return Rigid(shift, turn / np.linalg.norm(turn))


def _times(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    vector = left[3] * right[:3] + right[3] * left[:3] + np.cross(left[:3], right[:3])
    return np.append(vector, left[3] * right[3] - left[:3] @ right[:3])


def _rotate(turn: np.ndarray, point: np.ndarray) -> np.ndarray:
    across = 2 * np.cross(turn[:3], point)
    return point + turn[3] * across + np.cross(turn[:3], across)
