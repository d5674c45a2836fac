# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the StateTransition event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launch import Event
from lifecycle_msgs.msg import TransitionEvent

if TYPE_CHECKING:
    from ...actions import LifecycleNode


class StateTransition(Event):
    """A lifecycle node has made a transition."""

    name = 'launch_ros.events.lifecycle.StateTransition'

    def __init__(self, *, action: LifecycleNode, msg: TransitionEvent) -> None:
        self._action = action
        self._msg = msg

    @property
    def action(self) -> LifecycleNode:
        return self._action

    @property
    def msg(self) -> TransitionEvent:
        return self._msg

    @property
    def timestamp(self) -> int:
        """When the transition was made, by the clock of the node, ns."""
        return self._msg.timestamp

    @property
    def transition(self) -> str:
        """The label of the transition, as far as the node gives one: rcl leaves it empty."""
        return self._msg.transition.label

    @property
    def start_state(self) -> str:
        """The label of the state before."""
        return self._msg.start_state.label

    @property
    def goal_state(self) -> str:
        """The label of the state after."""
        return self._msg.goal_state.label
