# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""Services whose callbacks wait."""

from __future__ import annotations

import time
from typing import Any

from assist_common.component import Component
from assist_common.testing import Graph
from assist_common.waiting import finished
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from std_srvs.srv import Trigger

WAIT = 2.0


class SlowNode(Component):
    """Take its time for an answer."""

    turns = 0

    def on_setup(self) -> None:
        self.create_service(
            Trigger, '~/work', self.work, callback_group=MutuallyExclusiveCallbackGroup()
        )

    async def work(self, _request: Any, response: Trigger.Response) -> Trigger.Response:
        await finished(self.executor, lambda: time.sleep(WAIT))
        response.success = True
        return response

    def see_turn(self) -> None:
        self.turns += 1
        super().see_turn()


def test_an_executor_does_not_spin_while_a_service_waits() -> None:
    with Graph() as graph:
        node = graph.start(SlowNode)
        before = node.turns
        assert graph.call(Trigger, 'slow_node/work', Trigger.Request()).success
        assert node.turns - before < 30 * WAIT
