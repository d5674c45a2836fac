# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Have nodes give memory back while it is short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from assist_common.component import Component
from std_srvs.srv import Trigger

from assist_monitor.health import short_name
from assist_monitor.relief import Relief
from assist_monitor.reliever import Reliever
from assist_monitor.thresholds import Level


class MemoryCare:
    """Asks nodes to release memory each time it gets shorter, and gives relief while CRITICAL."""

    def __init__(
        self,
        component: Component,
        releasing: Sequence[str],
        measures: Mapping[str, Mapping[str, Any]],
        hold: float,
    ) -> None:
        """Prepare clients.

        Args:
            releasing: fully qualified names of the nodes whose release_memory is called.
            measures: parameters that nodes are given for relief, by their fully qualified names.
            hold: seconds of health after which the relief ends.
        """
        self._component = component
        self._reliever = Reliever(component, measures)
        self._relief = Relief(hold)
        self._acted_at: dict[str, Level] = {}
        self.releasers = {
            name: component.create_client(Trigger, f'{name}/release_memory') for name in releasing
        }
        component.create_service(Trigger, '~/release_memory', self._on_request)

    def update(
        self, levels: Mapping[str, Level], pids: Mapping[str, int], now: float, *, release: bool
    ) -> None:
        """Do what the levels ask for.

        Args:
            levels: of each kind of memory.
            pids: processes of the nodes that are active.
            release: nodes may be asked to release memory.
        """
        if release:
            self._release_when_shorter(levels)
        self.relieve(max(levels.values()), pids, now)

    def relieve(self, level: Level, pids: Mapping[str, int], now: float) -> None:
        """Give the relief to all that run, or take it back."""
        changed = self._relief.update(level, now)
        if self._relief.on:
            given = self._reliever.apply(pids)
            if given:
                self._component.log.warning(
                    f'Memory is critical: gave {", ".join(given)} what relief says.'
                )
        elif changed:
            restored = self._reliever.restore()
            if restored:
                self._component.log.info(f'Memory suffices again: set back {", ".join(restored)}.')

    def release(self) -> list[str]:
        """Ask the nodes to release memory; return the names of those that were reached."""
        ready = {
            name: client for name, client in self.releasers.items() if client.service_is_ready()
        }
        for name, client in ready.items():
            future = client.call_async(Trigger.Request())
            future.add_done_callback(partial(self._released, short_name(name)))
        return [short_name(name) for name in ready]

    def _release_when_shorter(self, levels: Mapping[str, Level]) -> None:
        shorter = any(
            level > self._acted_at.get(name, Level.HEALTHY) for name, level in levels.items()
        )
        asked = self.release() if shorter else []
        if asked:
            self._component.log.warning(
                f'Memory is short: asked {", ".join(asked)} to release some.'
            )
        for name, level in levels.items():
            # While none could be asked, the rise is still to be acted on.
            before = self._acted_at.get(name, Level.HEALTHY)
            self._acted_at[name] = level if asked else min(level, before)

    def _on_request(self, request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        """Release memory; the answer does not wait for those of the nodes."""
        asked = self.release()
        response.success = bool(asked)
        response.message = (
            f'asked {", ".join(asked)} to release memory'
            if asked
            else 'no node offers release_memory; check the parameter release_memory_of'
        )
        return response

    def _released(self, name: str, future: Any) -> None:
        try:
            answer = future.result()
        except Exception as error:
            self._component.report_error(f'{name}/release_memory', error)
            return
        self._component.log.info(f'{name} released memory: {answer.message or answer.success}.')
