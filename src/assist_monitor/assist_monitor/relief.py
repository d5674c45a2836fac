# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""When parameters of nodes are to be changed for want of memory, and when back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml
from assist_common.errors import ConfigurationError

from assist_monitor.thresholds import Level

LONGEST_FACTOR = 16
"""The pressure that comes back each time the relief ends makes it last longer, up to so much."""


class Relief:
    """On from CRITICAL until all was HEALTHY for a time, which doubles if that was too soon."""

    def __init__(self, hold: float) -> None:
        """Be off.

        Args:
            hold: seconds of health after which the relief ends.
        """
        self.on = False
        self._hold = hold
        self._factor = 1
        self._healthy_since: float | None = None
        self._ended: float | None = None

    def update(self, level: Level, now: float) -> bool:
        """Take the level of the memory; return whether the relief has begun or ended."""
        if level != Level.HEALTHY:
            self._healthy_since = None
        elif self._healthy_since is None:
            self._healthy_since = now
        if not self.on and level == Level.CRITICAL:
            self._begin(now)
            return True
        if self.on and self._healthy_since is not None:
            self.on = now - self._healthy_since < self._hold * self._factor
            self._ended = now
            return not self.on
        return False

    def _begin(self, now: float) -> None:
        lasted = self._ended is not None and now - self._ended > self._hold * LONGEST_FACTOR
        came_back = self._ended is not None and not lasted
        self._factor = min(2 * self._factor, LONGEST_FACTOR) if came_back else 1
        self.on = True


def parse_relief(lines: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return parameters and values of each node from lines such as 'stt_node: model=tiny.en'.

    Raises:
        ConfigurationError: a line is not of that form.
    """
    measures: dict[str, dict[str, Any]] = {}
    for line in lines:
        node, colon, settings = line.partition(':')
        pairs = [setting.partition('=') for setting in settings.split()]
        if not (colon and node.strip() and pairs and all(name and text for name, _, text in pairs)):
            raise ConfigurationError(
                f"the relief '{line}' cannot be read",
                "write it as 'stt_node: model=tiny.en device=cpu'",
            )
        values = {name: yaml.safe_load(text) for name, _, text in pairs}
        measures.setdefault(node.strip(), {}).update(values)
    return measures
