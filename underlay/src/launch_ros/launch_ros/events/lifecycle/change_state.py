# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ChangeState event."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from launch import Event
from lifecycle_msgs.msg import Transition

if TYPE_CHECKING:
    from ...actions import LifecycleNode


class ChangeState(Event):
    """The selected lifecycle nodes are to make a transition."""

    name = 'launch_ros.events.lifecycle.ChangeState'

    valid_transitions = {
        getattr(Transition, name): name
        for name in dir(Transition)
        if name.startswith('TRANSITION_') and isinstance(getattr(Transition, name), int)
    }

    def __init__(
        self,
        *,
        lifecycle_node_matcher: Callable[[LifecycleNode], bool],
        transition_id: int,
    ) -> None:
        if not callable(lifecycle_node_matcher):
            raise TypeError(
                'lifecycle_node_matcher of ChangeState must be callable, '
                f'not {lifecycle_node_matcher!r}'
            )
        if transition_id not in self.valid_transitions:
            raise ValueError(
                'transition_id of ChangeState must be one of lifecycle_msgs.msg.Transition, '
                f'not {transition_id!r}'
            )
        self._lifecycle_node_matcher = lifecycle_node_matcher
        self._transition_id = transition_id

    @property
    def lifecycle_node_matcher(self) -> Callable[[LifecycleNode], bool]:
        return self._lifecycle_node_matcher

    @property
    def transition_id(self) -> int:
        return self._transition_id
