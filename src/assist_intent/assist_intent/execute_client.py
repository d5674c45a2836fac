# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The action `execute`, seen from who asks for it: by request ids, without futures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from assist_common.component import Component
from assist_msgs.action import ExecuteCommand
from rclpy.action.client import ActionClient


class ExecuteClient:
    """Send goals and cancel them, also those whose acceptance is still on its way.

    Args:
        accepted, refused, ended: called on the executor's thread while the node is active;
            `refused` gets whether there is no server at all.
    """

    def __init__(
        self,
        node: Component,
        accepted: Callable[[str], None],
        refused: Callable[[str, bool], None],
        ended: Callable[[str, ExecuteCommand.Result], None],
    ) -> None:
        self._node = node
        self._accepted = accepted
        self._refused = refused
        self._ended = ended
        self._client: Any = ActionClient(node, ExecuteCommand, 'execute')
        self._goals: dict[str, Any] = {}
        self._servers: dict[str, frozenset[bytes]] = {}
        self._unwanted: set[str] = set()

    def send(self, request_id: str, goal: ExecuteCommand.Goal) -> None:
        """Send a goal."""
        if not self._client.server_is_ready():
            self._refused(request_id, True)
            return
        self._goals[request_id] = None
        self._servers[request_id] = self._known_servers()
        future = self._client.send_goal_async(goal)
        future.add_done_callback(lambda done: self._guard(self._on_response, request_id, done))

    def refuse(self, request_id: str) -> None:
        """Tell that a goal is not sent."""
        self._refused(request_id, False)

    def cancel(self, request_ids: Iterable[str]) -> None:
        """Cancel goals; those not yet accepted as soon as they are."""
        for request_id in request_ids:
            goal = self._goals.get(request_id)
            if goal is not None:
                goal.cancel_goal_async()
            elif request_id in self._goals:
                self._unwanted.add(request_id)

    def cancel_all(self) -> None:
        """Cancel every goal."""
        self.cancel(list(self._goals))

    def check(self) -> None:
        """Refuse what was sent to a server that has gone since, or has begun anew.

        A killed server stays known until its lease ends, but the one that takes its place shows
        at once, and knows nothing of the goal.
        """
        if not self._goals:
            return
        ready, servers = self._client.server_is_ready(), self._known_servers()
        for request_id, goal in list(self._goals.items()):
            if not ready or servers - self._servers[request_id]:
                if goal is not None:
                    # Should the old one live after all, it must not go on unseen.
                    goal.cancel_goal_async()
                self._forget(request_id)
                self._refused(request_id, True)

    def _known_servers(self) -> frozenset[bytes]:
        topic = self._node.resolve_topic_name('execute') + '/_action/status'
        found = self._node.get_publishers_info_by_topic(topic)
        return frozenset(bytes(info.endpoint_gid) for info in found)

    def destroy(self) -> None:
        """Destroy the client."""
        self._client.destroy()

    def _on_response(self, request_id: str, future: Any) -> None:
        goal = future.result()
        if request_id not in self._goals:
            return
        if not goal.accepted:
            self._forget(request_id)
            self._refused(request_id, False)
            return
        self._goals[request_id] = goal
        if request_id in self._unwanted:
            goal.cancel_goal_async()
        self._accepted(request_id)
        result = goal.get_result_async()
        result.add_done_callback(lambda done: self._guard(self._on_result, request_id, done))

    def _on_result(self, request_id: str, future: Any) -> None:
        self._forget(request_id)
        self._ended(request_id, future.result().result)

    def _forget(self, request_id: str) -> None:
        self._goals.pop(request_id, None)
        self._servers.pop(request_id, None)
        self._unwanted.discard(request_id)

    def _guard(self, function: Callable[[str, Any], None], request_id: str, future: Any) -> None:
        # Callbacks of futures are not gated as those of topics are.
        if not self._node.is_active or future.cancelled():
            self._forget(request_id)
            return
        try:
            function(request_id, future)
        except Exception as error:
            self._node.report_error('execute', error)
