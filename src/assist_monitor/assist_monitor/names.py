# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Names of nodes in parameters, and those that were mistyped."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from assist_monitor.health import short_name

GRAPH = (
    'monitor_node',
    'speaker_node',
    'executor_node',
    'intent_node',
    'stt_node',
    'detector_node',
    'audio_node',
    'camera_node',
)
"""The nodes of this graph but for supervisor_node, in the order of activation."""


def strangers(names: Iterable[str], supervised: Iterable[str]) -> list[str]:
    """Return the names of nodes that are neither supervised nor of this graph.

    One of this graph that is not supervised is no mistake: only a part of the graph may run.
    """
    known = {*map(short_name, supervised), *GRAPH}
    return [name for name in names if short_name(name) not in known]


def mistyped(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the names that look like one of the known ones, but are not."""
    known = [*known, *GRAPH]
    return [name for name in names if short_name(name) not in known and suggestion(name, known)]


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the known name that was meant; an empty text when none is near."""
    candidates = [*map(short_name, known), *GRAPH]
    return next(iter(difflib.get_close_matches(short_name(name), candidates, n=1, cutoff=0.8)), '')


def question(name: str, known: Iterable[str]) -> str:
    """Return a remedy for a name that is not known, as the end of a sentence."""
    meant = suggestion(name, known)
    return f"did you mean '{meant}'?" if meant else "add it to the parameter 'nodes' or take it out"
