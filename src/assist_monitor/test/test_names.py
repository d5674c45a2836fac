# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from assist_monitor.names import mistyped, question, strangers


def test_strangers_are_neither_supervised_nor_of_the_graph() -> None:
    names = ['/robot/a_node', 'intent_node', 'intent_nod', 'b_node']
    assert strangers(names, ['a_node']) == ['intent_nod', 'b_node']


def test_the_nearest_name_is_asked_for() -> None:
    assert question('intent_nod', ['a_node']) == "did you mean 'intent_node'?"
    assert question('/robot/my_arm', ['my_arms']) == "did you mean 'my_arms'?"
    assert 'take it out' in question('far_away', ['a_node'])


def test_a_node_of_somebody_else_is_not_mistyped() -> None:
    assert mistyped(['stt_node', 'stt-node', 'my_arm', 'supervisor_node'], ['supervisor_node']) == [
        'stt-node'
    ]
