# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Change parameters of other nodes for a time, and then back to what they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from assist_common.component import Component
from rcl_interfaces.msg import Parameter as ParameterMessage
from rcl_interfaces.srv import GetParameters, SetParameters
from rclpy.parameter import Parameter

from assist_monitor.health import short_name


class Reliever:
    """Holds what the parameters were before; a node that is started anew is changed anew."""

    def __init__(self, component: Component, measures: Mapping[str, Mapping[str, Any]]) -> None:
        """Prepare a client for every node.

        Args:
            measures: parameters and values of each node, by its fully qualified name.
        """
        self._component = component
        self._measures = {
            node: [Parameter(name, value=value).to_parameter_msg() for name, value in new.items()]
            for node, new in measures.items()
        }
        self._getters = {
            node: component.create_client(GetParameters, f'{node}/get_parameters')
            for node in measures
        }
        self._setters = {
            node: component.create_client(SetParameters, f'{node}/set_parameters')
            for node in measures
        }
        self._before: dict[str, list[ParameterMessage]] = {}
        self._changed: dict[str, int] = {}

    def apply(self, pids: Mapping[str, int]) -> list[str]:
        """Change the nodes that run and are not changed yet; return the names of these."""
        due = [
            node
            for node, pid in pids.items()
            if node in self._measures
            and self._changed.get(node) != pid
            and self._getters[node].service_is_ready()
        ]
        for node in due:
            self._changed[node] = pids[node]
            if node in self._before:
                self._set(node, self._measures[node])
            else:
                self._ask(node)
        return [short_name(node) for node in due]

    def restore(self) -> list[str]:
        """Set back what was changed; return the names of the nodes."""
        before, self._before = self._before, {}
        self._changed.clear()
        for node, parameters in before.items():
            self._set(node, parameters)
        return [short_name(node) for node in before]

    def _ask(self, node: str) -> None:
        names = [parameter.name for parameter in self._measures[node]]
        future = self._getters[node].call_async(GetParameters.Request(names=names))
        future.add_done_callback(partial(self._take, node, partial(self._remember, node)))

    def _remember(self, node: str, answer: GetParameters.Response) -> None:
        if node not in self._changed:
            return
        self._before[node] = [
            ParameterMessage(name=parameter.name, value=value)
            for parameter, value in zip(self._measures[node], answer.values, strict=True)
        ]
        self._set(node, self._measures[node])

    def _set(self, node: str, parameters: list[ParameterMessage]) -> None:
        future = self._setters[node].call_async(SetParameters.Request(parameters=parameters))
        future.add_done_callback(partial(self._take, node, partial(self._report, node)))

    def _report(self, node: str, answer: SetParameters.Response) -> None:
        for result in answer.results:
            if not result.successful:
                self._component.log.error(
                    f'{short_name(node)} refused its relief: {result.reason} '
                    'Change the parameter relief of monitor_node.'
                )

    def _take(self, node: str, take: Callable[[Any], None], future: Any) -> None:
        try:
            take(future.result())
        except Exception as error:
            self._changed.pop(node, None)
            self._component.report_error(f'relief of {short_name(node)}', error)
