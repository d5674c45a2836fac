# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LifecycleTransition action."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from launch import Action, LaunchContext, SomeSubstitutionsType
from launch.event_handlers import OnShutdown
from launch.utilities import normalize_to_list_of_substitutions, perform_substitutions


class LifecycleTransition(Action):
    """Makes lifecycle nodes go through transitions, one after the other, as far as they can."""

    def __init__(
        self,
        *,
        lifecycle_node_names: Iterable[SomeSubstitutionsType],
        transition_ids: Iterable[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._names = [normalize_to_list_of_substitutions(name) for name in lifecycle_node_names]
        self._transition_ids = list(transition_ids)
        if not self._names or not self._transition_ids:
            raise ValueError('LifecycleTransition needs lifecycle_node_names and transition_ids')
        self._future: asyncio.Task[None] | None = None

    def execute(self, context: LaunchContext) -> None:
        from ..ros_adapters import get_ros_adapter
        from ..utilities.lifecycle_client import LifecycleClient

        adapter = get_ros_adapter(context)
        names = [perform_substitutions(context, name) for name in self._names]
        clients = [
            LifecycleClient(adapter, name if name.startswith('/') else f'/{name}')
            for name in names
        ]
        task = context.asyncio_loop.create_task(self._make_transitions(clients))
        self._future = task
        context.register_event_handler(OnShutdown(on_shutdown=lambda *_: _cancel(task)))

    async def _make_transitions(self, clients: list[Any]) -> None:
        await asyncio.gather(*(self._make_transitions_of(client) for client in clients))

    async def _make_transitions_of(self, client: Any) -> None:
        for transition_id in self._transition_ids:
            if not await client.change_state(transition_id):
                return

    def get_asyncio_future(self) -> asyncio.Future[None] | None:
        return self._future


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
