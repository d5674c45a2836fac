# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The action `execute`, seen from who asks for it: by request ids, without futures."""

from __future__ import annotations

import threading
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
        self._lock = threading.RLock()
        self._goals: dict[str, Any] = {}
        """Handles by request id; None until the server has answered."""
        self._servers: dict[str, frozenset[bytes]] = {}
        self._unwanted: set[str] = set()

    def send(self, request_id: str, goal: ExecuteCommand.Goal) -> None:
        """Send a goal."""
        if not self._client.server_is_ready():
            self._refused(request_id, True)
            return
        with self._lock:
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
            with self._lock:
                if request_id not in self._goals:
                    continue
                self._unwanted.add(request_id)
                goal = self._goals[request_id]
            if goal is not None:
                goal.cancel_goal_async()

    def cancel_all(self) -> None:
        """Cancel every goal."""
        with self._lock:
            known = list(self._goals)
        self.cancel(known)

    def check(self) -> None:
        """Refuse what was sent to a server that has gone since, or has begun anew.

        A killed server stays known until its lease ends, but the one that takes its place shows
        at once, and knows nothing of the goal.
        """
        with self._lock:
            goals = dict(self._goals)
        if not goals:
            return
        ready, servers = self._client.server_is_ready(), self._known_servers()
        for request_id, goal in goals.items():
            if not ready or servers - self._servers.get(request_id, servers):
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
        with self._lock:
            known = request_id in self._goals
            unwanted = request_id in self._unwanted or not known
            if known and goal.accepted:
                self._goals[request_id] = goal
        if not goal.accepted:
            self._forget(request_id)
            if known:
                self._refused(request_id, False)
            return
        if unwanted:
            # Also one that was given up meanwhile: it must not run unseen.
            goal.cancel_goal_async()
        if not known:
            return
        self._accepted(request_id)
        result = goal.get_result_async()
        result.add_done_callback(lambda done: self._guard(self._on_result, request_id, done))

    def _on_result(self, request_id: str, future: Any) -> None:
        self._forget(request_id)
        self._ended(request_id, future.result().result)

    def _forget(self, request_id: str) -> None:
        with self._lock:
            self._goals.pop(request_id, None)
            self._servers.pop(request_id, None)
            self._unwanted.discard(request_id)

    def _guard(self, function: Callable[[str, Any], None], request_id: str, future: Any) -> None:
        # Callbacks of futures are not gated as those of topics are.
        try:
            if not self._node.is_active or future.cancelled():
                self._forget(request_id)
                self._abandon(future)
                return
            function(request_id, future)
        except Exception as error:
            self._node.report_error('execute', error)

    @staticmethod
    def _abandon(future: Any) -> None:
        """Cancel the goal that a server has accepted after the node was deactivated."""
        response: Any = None if future.cancelled() else future.result()
        if getattr(response, 'accepted', False):
            response.cancel_goal_async()
