# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A component that does nothing, and fails when a file tells it to."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from assist_common.component import Component
from assist_common.errors import DeviceError, ModelError
from assist_common.main import run
from assist_common.parameters import parameter
from std_srvs.srv import Trigger


@dataclass(frozen=True)
class DummyParameters:
    orders: str = parameter('/nonexistent', 'file with what is to go wrong')


class DummyNode(Component):
    """Do nothing."""

    parameters: DummyParameters

    def on_setup(self) -> None:
        self.released = 0
        self.create_service(Trigger, '~/release_memory', self.release_memory)
        self.create_timer(0.1, self._look_for_orders)
        if 'configure' in self._orders():
            raise ModelError('the model is missing', 'put it back')

    def on_start(self) -> None:
        if 'activate' in self._orders():
            raise DeviceError('the device is missing', 'plug it in')

    def release_memory(
        self, request: Trigger.Request, response: Trigger.Response
    ) -> Trigger.Response:
        self.released += 1
        response.success = True
        response.message = 'nothing to spare'
        return response

    def _look_for_orders(self) -> None:
        if 'hang' in self._orders():
            Path(self.parameters.orders).write_text('')
            time.sleep(60.0)

    def _orders(self) -> str:
        path = Path(self.parameters.orders)
        return path.read_text() if path.exists() else ''


if __name__ == '__main__':
    sys.exit(run(DummyNode))
