# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""From the nodes to what the system can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from assist_common.errors import ConfigurationError

from assist_monitor.health import NodeHealth, Status, short_name
from assist_monitor.member import MemberStatus


class Mode(IntEnum):
    """What the robot may do; the numbers are those of assist_msgs/SystemMode."""

    NORMAL = 0
    DEGRADED = 1
    SAFE_STOP = 2


@dataclass(frozen=True)
class NodeStatus:
    """What decides whether a node can be counted on.

    Attributes:
        name: short name.
        works: it is active and reports no error.
        active: its lifecycle state.
        problem: why it does not work, as the rest of a sentence that begins with its name.
    """

    name: str
    works: bool
    active: bool
    problem: str = ''


@dataclass(frozen=True)
class SystemMode:
    """The mode, what is missing, and why."""

    mode: Mode
    missing: tuple[str, ...]
    reason: str

    @property
    def text(self) -> str:
        """Return it as a sentence."""
        missing = f', missing {", ".join(self.missing)}' if self.missing else ''
        reason = f': {self.reason}' if self.reason else ''
        return f'Mode {self.mode.name}{missing}{reason}.'


def parse_abilities(lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the nodes of each ability from lines such as 'hearing: audio_node stt_node'.

    Raises:
        ConfigurationError: a line is not of that form.
    """
    abilities = {}
    for line in lines:
        ability, colon, nodes = line.partition(':')
        if not colon or not ability.strip() or not nodes.split():
            raise ConfigurationError(
                f"the ability '{line}' cannot be read",
                "write it as 'hearing: audio_node stt_node'",
            )
        abilities[ability.strip()] = tuple(nodes.split())
    return abilities


def judge(status: MemberStatus, report: NodeHealth | None) -> NodeStatus:
    """Return whether a node can be counted on.

    Args:
        status: what its supervision says.
        report: what monitor_node says of it, if that is recent.
    """
    name = short_name(status.name)
    if status.problem:
        return NodeStatus(name, False, status.state == 'active', status.problem)
    # monitor_node may not have heard yet that a node is active again.
    if report and report.state == 'active' and report.level >= Status.ERROR:
        return NodeStatus(name, False, True, f'reports: {report.message.rstrip(".")}')
    return NodeStatus(name, works=True, active=True)


def decide(
    nodes: Sequence[NodeStatus],
    abilities: Mapping[str, Sequence[str]],
    safety_nodes: Sequence[str],
) -> SystemMode:
    """Return the mode.

    A safety node that is not active means SAFE_STOP. An ability is missing when one of its nodes
    that is part of the system does not work; a node that is not part of it is not missed.
    """
    known = {node.name: node for node in nodes}
    broken = [node for node in nodes if not node.works]
    missing = tuple(
        ability
        for ability, names in abilities.items()
        if any(not node.works for node in _those(known, names))
    )
    unsafe = [node for node in _those(known, safety_nodes) if not node.active]
    if unsafe:
        return SystemMode(Mode.SAFE_STOP, missing, _sentence(unsafe))
    if broken:
        return SystemMode(Mode.DEGRADED, missing, _sentence(broken))
    return SystemMode(Mode.NORMAL, (), '')


def _those(known: Mapping[str, NodeStatus], names: Sequence[str]) -> list[NodeStatus]:
    return [known[name] for name in map(short_name, names) if name in known]


def _sentence(nodes: Sequence[NodeStatus]) -> str:
    return '; '.join(f'{node.name} {node.problem}' for node in nodes)
