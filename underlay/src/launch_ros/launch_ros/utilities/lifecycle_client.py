# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LifecycleClient class."""

from __future__ import annotations

import asyncio
from typing import Any

from launch.logging import get_logger
from lifecycle_msgs.msg import State, Transition
from lifecycle_msgs.srv import ChangeState, GetState

from ..ros_adapters import ROSAdapter

# How long an answer about the state may take; a node in a transition may not answer at all, s.
ANSWER_TIME = 1.0
# How often it is checked that a request for a transition has not been lost, s.
CHECK_TIME = 3.0
POLL_TIME = 0.05

PRIMARY_STATES = (
    State.PRIMARY_STATE_UNKNOWN,
    State.PRIMARY_STATE_UNCONFIGURED,
    State.PRIMARY_STATE_INACTIVE,
    State.PRIMARY_STATE_ACTIVE,
    State.PRIMARY_STATE_FINALIZED,
)


class LifecycleClient:
    """
    Asks one lifecycle node for its state and for transitions.

    A node that was killed stays known for a while, and a request to it is lost even if a new
    node has taken its name: so the node must answer before it is asked for a transition, and
    is asked again if it has evidently not been reached.
    """

    def __init__(self, adapter: ROSAdapter, node_name: str) -> None:
        self._adapter = adapter
        self._node_name = node_name
        self._get_state, self._change_state = adapter.run_in_spin_thread(
            lambda: (
                adapter.ros_node.create_client(GetState, f'{node_name}/get_state'),
                adapter.ros_node.create_client(ChangeState, f'{node_name}/change_state'),
            )
        )

    async def get_state(self) -> int:
        """Return the state of the node, as soon as it answers."""
        while (state := await self._try_get_state()) is None:
            pass
        return state

    async def change_state(self, transition_id: int) -> bool:
        """Request a transition; return whether the node has made it, and log if not."""
        success = await self._request(transition_id, before=await self.get_state())
        if not success:
            get_logger('launch_ros').error(
                f"Failed to make transition '{transition_name(transition_id)}' "
                f"for LifecycleNode '{self._node_name}'"
            )
        return success

    async def activate(self) -> bool:
        """Configure and activate the node, as far as it is not; return whether it is active."""
        for state, transition_id in (
            (State.PRIMARY_STATE_UNCONFIGURED, Transition.TRANSITION_CONFIGURE),
            (State.PRIMARY_STATE_INACTIVE, Transition.TRANSITION_ACTIVATE),
        ):
            if await self.get_state() == state and not await self.change_state(transition_id):
                return False
        return await self.get_state() == State.PRIMARY_STATE_ACTIVE

    async def _request(self, transition_id: int, before: int) -> bool:
        while not self._change_state.service_is_ready():
            await asyncio.sleep(POLL_TIME)
        request = ChangeState.Request(transition=Transition(id=transition_id))
        answer = self._adapter.call(self._change_state, request)
        try:
            while True:
                await asyncio.wait([answer], timeout=CHECK_TIME)
                if answer.done():
                    return answer.result().success
                state = await self._try_get_state()
                if state == before:
                    answer.cancel()
                    answer = self._adapter.call(self._change_state, request)
                elif state in PRIMARY_STATES:
                    return True  # only the answer was lost
        finally:
            answer.cancel()

    async def _try_get_state(self) -> int | None:
        """Return the state of the node, None if it does not answer in time."""
        if not self._get_state.service_is_ready():
            await asyncio.sleep(POLL_TIME)
            return None
        answer: Any = self._adapter.call(self._get_state, GetState.Request())
        try:
            return (await asyncio.wait_for(answer, ANSWER_TIME)).current_state.id
        except asyncio.TimeoutError:
            return None


def transition_name(transition_id: int) -> str:
    """Return the name of a transition, such as 'configure'."""
    for name in dir(Transition):
        if name.startswith('TRANSITION_') and getattr(Transition, name) == transition_id:
            return name.removeprefix('TRANSITION_').lower()
    return str(transition_id)
