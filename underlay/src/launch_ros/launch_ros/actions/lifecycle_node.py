# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LifecycleNode action."""

from __future__ import annotations

from typing import Any

from launch import LaunchContext, SomeSubstitutionsType
from launch.utilities import perform_bool

from .node import Node


class LifecycleNode(Node):
    """
    Runs a ROS lifecycle node, which ChangeState events configure, activate and so on.

    With ``autostart`` it is configured and activated whenever it has started, so that a
    respawned node becomes active again.
    """

    def __init__(
        self,
        *,
        name: SomeSubstitutionsType,
        namespace: SomeSubstitutionsType,
        autostart: bool | SomeSubstitutionsType = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, namespace=namespace, **kwargs)
        self._autostart = autostart

    @property
    def node_autostart(self) -> bool | SomeSubstitutionsType:
        return self._autostart

    def execute(self, context: LaunchContext) -> None:
        # Here because it imports rclpy, which a launch without lifecycle nodes need not pay for.
        from ..utilities.lifecycle_event_manager import LifecycleEventManager

        autostart = perform_bool(context, self._autostart)
        super().execute(context)
        if not context.is_shutdown:
            LifecycleEventManager(self, autostart=autostart).setup_lifecycle_manager(context)
