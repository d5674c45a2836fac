# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of supervisor_node."""

from __future__ import annotations

from dataclasses import dataclass

from assist_common.errors import ConfigurationError
from assist_common.parameters import parameter

from assist_monitor.member import Limits
from assist_monitor.modes import parse_abilities
from assist_monitor.names import GRAPH, question, strangers


@dataclass(frozen=True)
class SupervisorParameters:
    nodes: tuple[str, ...] = parameter(
        GRAPH,
        'nodes to supervise, in the order of activation; without / they are of this namespace',
        read_only=True,
    )
    self_starting: tuple[str, ...] = parameter(
        (),
        'nodes of the list that run with autostart: driven only when that comes to nothing',
        read_only=True,
    )
    abilities: tuple[str, ...] = parameter(
        (
            'hearing: audio_node stt_node',
            'speaking: speaker_node',
            'seeing: camera_node detector_node',
            'understanding: intent_node',
            'acting: executor_node',
            'monitoring: monitor_node',
        ),
        'what the system can do and the nodes that it takes, each as: ability: node node',
        read_only=True,
    )
    safety_nodes: tuple[str, ...] = parameter(
        ('intent_node',), 'nodes without which the mode is SAFE_STOP', read_only=True
    )
    tick_period: float = parameter(
        0.5,
        'how often heartbeats, processes and time-outs are looked at, s',
        low=0.05,
        high=1.0,
        read_only=True,
    )
    heartbeat_timeout: float = parameter(
        2.0, 'silence after which a node hangs, or is gone, s', low=1.0, read_only=True
    )
    executor_timeout: float = parameter(
        2.5, 'a node whose executor has stood still for longer hangs, s', low=1.0, read_only=True
    )
    worker_timeout: float = parameter(
        180.0,
        'a node with a worker that is at one job for longer hangs; a job may load a large model, '
        'or export one, s',
        low=5.0,
        read_only=True,
    )
    configure_timeout: float = parameter(
        180.0,
        'longest configure; it may load a large model, or export one, s',
        low=1.0,
        read_only=True,
    )
    transition_timeout: float = parameter(
        10.0, 'longest activate, deactivate or cleanup, s', low=1.0, read_only=True
    )
    stop_timeout: float = parameter(
        5.0, 'from SIGTERM to SIGKILL when a node is restarted, s', low=0.1, read_only=True
    )
    respawn_timeout: float = parameter(
        10.0,
        'a node that is gone for longer is reported as not being started again, s',
        low=1.0,
        read_only=True,
    )
    order_timeout: float = parameter(
        10.0,
        'how long a node that is ready waits for those before it in the list, s',
        low=0.0,
        read_only=True,
    )
    bringup_timeout: float = parameter(
        30.0,
        'time after which the bring-up is summed up even if nodes are missing, s',
        low=1.0,
        read_only=True,
    )
    manual_hold: float = parameter(
        5.0,
        'how long a node that somebody else deactivated is left alone, s; negative: for ever',
        read_only=True,
    )
    stable_time: float = parameter(
        5.0, 'a node that is active for so long counts as recovered, s', low=0.0, read_only=True
    )
    failures: int = parameter(
        3, 'failures in a row after which a node is given a rest', low=1, read_only=True
    )
    recovery: float = parameter(
        60.0,
        'rest of a node that failed too often before it is tried again, s',
        low=1.0,
        read_only=True,
    )
    first_delay: float = parameter(
        0.5,
        'pause after a first failure, doubled after each further one, s',
        low=0.1,
        read_only=True,
    )
    longest_delay: float = parameter(
        10.0, 'longest pause between two attempts, s', low=0.1, read_only=True
    )
    health_timeout: float = parameter(
        20.0,
        'the word of monitor_node is not counted on for longer than this, s',
        low=1.0,
        read_only=True,
    )


def check(chosen: SupervisorParameters) -> None:
    """See whether the parameters make sense together.

    Raises:
        ConfigurationError: they do not. A safety node that is not supervised is no safety node.
    """
    to_limits(chosen)
    parse_abilities(chosen.abilities)
    for name in strangers(chosen.safety_nodes, chosen.nodes):
        raise ConfigurationError(
            f"the parameter 'safety_nodes' names '{name}', which is not supervised",
            question(name, chosen.nodes),
        )


def doubts(chosen: SupervisorParameters) -> list[str]:
    """Return a sentence for each name of a node that is likely a mistake."""
    named = {
        f'the ability {ability}': nodes
        for ability, nodes in parse_abilities(chosen.abilities).items()
    }
    named["the parameter 'self_starting'"] = chosen.self_starting
    return [
        f"{where} names '{name}', which is not supervised; {question(name, chosen.nodes)}"
        for where, names in named.items()
        for name in strangers(names, chosen.nodes)
    ]


def to_limits(chosen: SupervisorParameters) -> Limits:
    """Return the limits of the supervision.

    Raises:
        ConfigurationError: two of them contradict each other.
    """
    names = set(Limits.__dataclass_fields__) & set(SupervisorParameters.__dataclass_fields__)
    limits = Limits(**{name: getattr(chosen, name) for name in names})
    if limits.first_delay > limits.longest_delay:
        raise ConfigurationError(
            f'the parameter first_delay is {limits.first_delay:g} s and longest_delay '
            f'{limits.longest_delay:g} s',
            'the first must not be longer',
        )
    return limits
