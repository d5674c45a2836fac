# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The services of intent_node: typed commands and buttons, for people who do not speak."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from assist_common.waiting import finished
from assist_msgs.msg import Decision as DecisionMessage
from assist_msgs.srv import Confirm, ParseText
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup

from assist_intent import conversions
from assist_intent.types import Decided, Decision, Effect, Heard

if TYPE_CHECKING:
    from assist_intent.intent_node import IntentNode

PATIENCE = 0.1
"""Seconds that a caller waits for the dialogue, which others may be using."""


class Services:
    """Serve `~/parse` and `~/confirm`; they go the same way as what is spoken."""

    def __init__(self, node: IntentNode) -> None:
        self._node = node
        # It waits for a thread, and must not keep all else waiting meanwhile.
        alone = MutuallyExclusiveCallbackGroup()
        node.create_service(ParseText, '~/parse', self._on_parse, callback_group=alone)
        node.create_service(Confirm, '~/confirm', self._on_confirm)

    async def _on_parse(self, request: ParseText.Request, response: ParseText.Response) -> Any:
        node = self._node
        # Whatever goes wrong must not look like the first verdict, which is EXECUTE.
        response.decision.verdict = DecisionMessage.REFUSE
        if not request.dry_run and not node.is_active:
            response.decision.reply = node.replies.say('inactive')
            return response
        heard = node.typed(request.text)
        if not request.dry_run and node.stop_if_heard(heard):
            response.decision.verdict = DecisionMessage.STOP
            response.intent.name = response.decision.intent = 'stop'
            return response
        take = self._preview if request.dry_run else self._decide
        decision = await finished(node.executor, partial(take, heard))
        response.intent = conversions.from_request(decision.request)
        response.decision = conversions.from_decision(decision)
        return response

    def _preview(self, heard: Heard) -> Decision:
        node = self._node
        meaning, now = node.understand(heard), node.steady()
        return node.dialogue.preview(meaning, heard, node.world.situation(now), now)

    def _decide(self, heard: Heard) -> Decision:
        effects = self._node.hear(heard, PATIENCE)
        return [item.decision for item in effects if isinstance(item, Decided)][-1]

    def _on_confirm(self, request: Confirm.Request, response: Confirm.Response) -> Any:
        node = self._node
        if not node.is_active:
            response.message = node.replies.say('inactive')
            return response

        def press() -> list[Effect]:
            now = node.steady()
            response.accepted, response.message, effects = node.dialogue.press(
                request.request_id, request.approve, node.world.situation(now), now
            )
            return effects

        node.do(press, PATIENCE)
        return response
