# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""What is checked: this machine, with what the graph is to be set to."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from assist_common import threads
from assist_common.errors import AssistError

from assist.nodes import choose, dds_profile, discovery, thread_count
from assist.settings import Settings, from_environment


class Subject:
    """The launch arguments and the environment of a launch, and what checks share."""

    def __init__(
        self, arguments: Mapping[str, str] | None = None, environment: Mapping[str, str] = {}
    ) -> None:
        """Take what the launch would be given; what is wrong with it comes out when it is used.

        Raises:
            ConfigurationError: the argument `nodes` names no node.
        """
        self.given = dict(arguments or {})
        self.environment = environment
        self.began = (time.monotonic(), time.time())
        self.shared: dict[str, Any] = {}
        """What one check has made for those that need it."""
        self.nodes = choose(self._argument('nodes', 'all'))

    @cached_property
    def settings(self) -> Settings:
        """Return the settings of the graph; raises a ConfigurationError where they are wrong."""
        return Settings(self.given, self.environment)

    def parameters(self, node: str) -> Any:
        """Return the parameters of a node, an instance of its class."""
        return self.settings.parameters(node)

    @property
    def variables(self) -> dict[str, str]:
        """Return the variables that the launch sets for its nodes."""
        most = thread_count(self._argument('threads', str(threads.MOST)))
        reach = self._argument('discovery', 'localhost')
        return {
            **dds_profile(self.environment),
            **threads.bounds(self.environment, most),
            **discovery(reach),
        }

    def _argument(self, name: str, default: str) -> str:
        try:
            from_variables, _ = from_environment(self.environment)
        except AssistError:
            from_variables = {}  # the check of the parameters tells
        return self.given.get(name) or from_variables.get(name, default)
