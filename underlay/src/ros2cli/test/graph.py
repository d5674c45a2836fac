# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A small graph of real nodes for the tests to look at; prints ``ready`` and runs until killed."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import rclpy
from rcl_interfaces.msg import SetParametersResult
from rclpy.action.server import ActionServer, CancelResponse, GoalResponse
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.executors import ExternalShutdownException, MultiThreadedExecutor
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.node import Node
from rclpy.qos import (
    QoSDurabilityPolicy,
    QoSProfile,
    QoSReliabilityPolicy,
    qos_profile_sensor_data,
)
from std_msgs.msg import Header, Int32, String, UInt8MultiArray
from std_srvs.srv import SetBool
from test_msgs.action import Fibonacci

STATE = QoSProfile(
    depth=1, reliability=QoSReliabilityPolicy.RELIABLE,
    durability=QoSDurabilityPolicy.TRANSIENT_LOCAL)


class Talker(Node):
    """Publishes a counter and long values, keeps a state, serves a switch, has parameters."""

    def __init__(self) -> None:
        super().__init__('talker', namespace='/demo')
        self.chatter = self.create_publisher(String, 'chatter', 10)
        self.blob = self.create_publisher(UInt8MultiArray, 'blob', qos_profile_sensor_data)
        self.header = self.create_publisher(Header, 'header', 10)
        self.hidden = self.create_publisher(String, '_hidden', 10)
        self.state = self.create_publisher(String, 'state', STATE)
        self.state.publish(String(data='latched'))
        self.create_subscription(Int32, 'number', self.heard, 10)
        self.echoed = self.create_publisher(Int32, 'number_back', 10)
        self.create_service(SetBool, 'switch', self.switch)
        self.create_timer(0.1, self.tick)
        self.count = 0
        self.declare_parameter('speed', 1.5)
        self.declare_parameter('limit', 3)
        self.declare_parameter('name', 'box')
        self.declare_parameter('enabled', True)
        self.declare_parameter('sizes', [1, 2])
        self.declare_parameter('camera.labels', ['a', 'b'])
        self.add_on_set_parameters_callback(self.check)

    def tick(self) -> None:
        self.count += 1
        self.chatter.publish(String(data=f'hello {self.count}'))
        self.blob.publish(UInt8MultiArray(data=list(range(200))))
        header = Header(frame_id='base')
        header.stamp.sec = 7
        self.header.publish(header)

    def heard(self, message: Int32) -> None:
        self.echoed.publish(message)

    def switch(self, request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
        response.success = request.data
        response.message = 'on' if request.data else 'off'
        return response

    def check(self, parameters: list[Any]) -> SetParametersResult:
        for parameter in parameters:
            if parameter.name == 'limit' and parameter.value > 10:
                return SetParametersResult(successful=False, reason='limit must be at most 10')
        return SetParametersResult(successful=True)


class Device(LifecycleNode):
    """Cannot be activated."""

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        return TransitionCallbackReturn.FAILURE


class Counter(Node):
    """Serves Fibonacci; order 13 is refused, order 100 goes on until cancelled."""

    def __init__(self) -> None:
        super().__init__('counter')
        self.pause = self.create_rate(20)
        self.server = ActionServer(
            self, Fibonacci, 'fibonacci', self.execute,
            goal_callback=self.decide,
            cancel_callback=lambda handle: CancelResponse.ACCEPT,
            callback_group=ReentrantCallbackGroup())

    def decide(self, goal: Fibonacci.Goal) -> GoalResponse:
        return GoalResponse.REJECT if goal.order == 13 else GoalResponse.ACCEPT

    def execute(self, handle: Any) -> Fibonacci.Result:
        sequence = [0, 1]
        while rclpy.ok() and len(sequence) <= handle.request.order:
            if handle.is_cancel_requested:
                handle.canceled()
                print('canceled', flush=True)
                return Fibonacci.Result(sequence=sequence)
            sequence.append((sequence[-1] + sequence[-2]) % 1000)
            handle.publish_feedback(Fibonacci.Feedback(sequence=sequence))
            self.pause.sleep()
        handle.succeed()
        return Fibonacci.Result(sequence=sequence)


def main() -> None:
    """Run all nodes in one process."""
    rclpy.init()
    executor = MultiThreadedExecutor()
    for node in (Talker(), Device('device'), Counter(), Node('_secret')):
        executor.add_node(node)
    print('ready', flush=True)
    with suppress(KeyboardInterrupt, ExternalShutdownException):
        executor.spin()


if __name__ == '__main__':
    main()
