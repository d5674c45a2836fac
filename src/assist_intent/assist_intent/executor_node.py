# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The node that does what was approved, and halts by itself when safety goes away."""

from __future__ import annotations

import threading
from typing import Any

from assist_common import qos
from assist_common.component import Component
from assist_common.errors import AssistError, InputError
from assist_common.main import run
from assist_msgs.action import ExecuteCommand
from assist_msgs.msg import SafetyState, SystemHealth, Utterance
from assist_msgs.msg import Scene as SceneMessage
from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.action.server import CancelResponse, GoalResponse
from rclpy.event_handler import SubscriptionEventCallbacks
from sensor_msgs.msg import BatteryState
from std_msgs.msg import Bool, String

from assist_intent import conversions, grounding, resources
from assist_intent.executor import Executor, Result, Task
from assist_intent.executor_parameters import ExecutorParameters
from assist_intent.goal_server import GoalServer
from assist_intent.grammar import Grammar
from assist_intent.reference_executor import ReferenceExecutor
from assist_intent.replies import Replies
from assist_intent.robot_state import RobotState
from assist_intent.safety_watch import END_TIME, HaltWatch, SafetyWatch
from assist_intent.task_list import TaskList
from assist_intent.types import Outcome, Scene, Sight

WATCH_PERIOD = 0.04
MOST_TASKS = 8
"""Goals at a time; more are rejected."""


class ExecutorNode(Component):
    """Do what was approved, with feedback; halt on stop and when safety_state stays away."""

    parameters: ExecutorParameters

    def make_executor(self) -> Executor:
        """Return the abilities; a robot team overrides this one method."""
        grammar = Grammar.load(
            resources.grammar_path(self.parameters.grammar, self.parameters.language)
        )
        state = RobotState()
        self.create_subscription(
            BatteryState,
            'battery_state',
            lambda message: conversions.report_battery(state, message, self.steady()),
            qos.SENSOR,
        )
        self.create_subscription(
            SystemHealth,
            'health',
            lambda message: conversions.report_health(state, message, self.steady()),
            qos.RELIABLE,
        )
        calls = self.create_publisher(String, 'help_call', qos.RELIABLE)
        self.log.info('This is the reference executor: every motion is simulated.')
        return ReferenceExecutor(
            Replies(grammar.responses),
            travel=self.parameters.travel_time,
            state=state,
            steady=self.steady,
            call=lambda person: calls.publish(String(data=person)),
        )

    def on_setup(self) -> None:
        """Set up the abilities and listen."""
        self.abilities = self.make_executor()
        self.hardware_id = type(self.abilities).__name__
        self.watch = SafetyWatch(self.parameters.safety_timeout)
        self._halting = HaltWatch()
        self._stopped = False
        self.tasks = TaskList(self.abilities.moves)
        self._scene: tuple[SceneMessage, float, float] | None = None
        self.says = self.create_publisher(Utterance, 'say', qos.RELIABLE)
        self.create_subscription(Bool, 'stop', self._on_stop_message, qos.LATCHED)
        self.create_subscription(
            SceneMessage, 'scene', self._on_scene, qos.input_profile(1, 'best_effort')
        )
        self._watch_safety()
        self.server = GoalServer(
            self,
            ExecuteCommand,
            'execute',
            self._work,
            self._finish,
            goal_callback=self._on_goal,
            cancel_callback=self._on_cancel,
        )
        self.at_teardown(self.server.destroy)
        self.abilities.setup(self)
        self.add_diagnostic('safety', self._diagnose)

    def on_start(self) -> None:
        """Watch from a thread of its own, which a busy executor can not hold up."""
        self._ending = threading.Event()
        threading.Thread(target=self._watch, name='safety watch', daemon=True).start()

    def on_stop(self) -> None:
        """Halt everything and wait for it."""
        self._ending.set()
        self._halt('the executor was deactivated')
        if not self.server.join(END_TIME):
            self.log.error(f'A handler did not end within {END_TIME:g} s of being halted.')

    def on_teardown(self) -> None:
        """Tear down the abilities."""
        if hasattr(self, 'abilities'):
            self.abilities.teardown()

    # Safety.

    def _watch_safety(self) -> None:
        self.create_subscription(
            SafetyState,
            'safety_state',
            self._on_safety,
            qos.SAFETY,
            event_callbacks=SubscriptionEventCallbacks(
                deadline=lambda _: self._lose('the safety state missed its deadline'),
                liveliness=self._on_liveliness,
            ),
        )

    def _on_safety(self, message: SafetyState) -> None:
        self.watch.beat(self.steady(), message.stopped, message.reason)
        if message.stopped:
            self._halt(message.reason)

    def _on_liveliness(self, event: Any) -> None:
        if event.alive_count == 0:
            self._lose('the node that vouches for safety has gone')

    def _lose(self, reason: str) -> None:
        self.watch.lose(reason)
        if self.is_active:
            self._halt(reason)

    def _watch(self) -> None:
        while not self._ending.wait(WATCH_PERIOD):
            # Whatever goes wrong here must not be the end of the watch.
            try:
                self._look()
            except Exception as error:
                self.report_error('safety', error)

    def _look(self) -> None:
        now = self.steady()
        if self.tasks and not self.watch.safe(now):
            self._halt(self.watch.reason)
        halted = [task.intent for task in self.tasks.moving() if task.halted]
        if self._halting.look(bool(halted), now):
            self._stop_motion()
        if self._halting.overdue:
            cause = f'{", ".join(halted)} goes on {END_TIME:g} s after it was halted'
            self.report_error('halt', AssistError(cause, 'let its handler call task.check'))

    def _stop_motion(self) -> None:
        try:
            self.abilities.halt()
        except Exception as error:
            self.report_error('halt', error)

    def _on_stop_message(self, message: Bool) -> None:
        self._stopped = message.data
        if message.data:
            self._halt('stopped')

    def _halt(self, reason: str, others_than: Task | None = None) -> None:
        """Halt everything; or, where a motion takes the place of others, those."""
        if self.tasks.halt(reason, others_than):
            self._stop_motion()
            self.log.info(f'Halted: {reason}.')

    # Goals.

    def _on_goal(self, goal: ExecuteCommand.Goal) -> GoalResponse:
        moves = self.abilities.moves(goal.intent.name) if self.is_active else True
        reason = ''
        if not self.is_active:
            reason = 'the executor is not active'
        elif len(self.tasks) >= MOST_TASKS:
            reason = f'{MOST_TASKS} goals are being executed already'
        elif moves and self._stopped:
            reason = 'stopped'
        elif moves and not self.watch.safe(self.steady()):
            reason = self.watch.reason
        elif moves and self._halting.overdue:
            reason = 'what was halted has not ended'
        if reason:
            self.log.warning(f'Rejected {goal.intent.name}: {reason}.')
            return GoalResponse.REJECT
        return GoalResponse.ACCEPT

    def _on_cancel(self, handle: Any) -> CancelResponse:
        task = self.tasks.get(bytes(handle.goal_id.uuid))
        if task:
            task.halt('cancelled')
        return CancelResponse.ACCEPT

    def _work(self, handle: Any) -> Result:
        meaning = conversions.to_understanding(handle.request.intent)
        task = Task(
            meaning,
            feedback=lambda phase, progress: handle.publish_feedback(
                conversions.to_feedback(phase, progress)
            ),
            say=lambda text: self.says.publish(conversions.to_utterance(text, self.now())),
            scene=self._fresh_scene,
        )
        key = bytes(handle.goal_id.uuid)
        moves = self.abilities.moves(meaning.name)
        with self.tasks.holding(key, task):
            # What came between acceptance and here was not told to this task.
            if handle.is_cancel_requested:
                task.halt('cancelled')
            elif moves and (self._stopped or not self.watch.safe(self.steady())):
                task.halt(self.watch.reason or 'stopped')
            if moves and not self._replace_others(task):
                self.log.error(f'{task.intent} was not begun: what it replaces has not ended.')
                return Result(Outcome.FAILED)
            return self._run(task, moves)

    def _replace_others(self, task: Task) -> bool:
        """End the other motions; return whether they have ended, or this one has to end, too."""
        self._halt('another task takes its place', others_than=task)
        return self.tasks.wait_alone(task, END_TIME) or task.halted

    def _run(self, task: Task, moves: bool) -> Result:
        try:
            with self.stage('motion' if moves else 'answer'):
                return self.abilities.run(task)
        except Exception as error:
            self.report_error(task.intent, error)
            return Result(Outcome.FAILED)

    def _finish(self, handle: Any, result: Result) -> ExecuteCommand.Result:
        if result.outcome == Outcome.SUCCEEDED:
            handle.succeed()
        elif result.outcome == Outcome.CANCELED and handle.is_cancel_requested:
            handle.canceled()
        else:
            handle.abort()
        return conversions.to_result(result)

    # The scene.

    def _on_scene(self, message: SceneMessage) -> None:
        self._scene = (message, self.steady(), self.age(message.header))

    def _fresh_scene(self) -> Scene | None:
        if self._scene is None:
            return None
        try:
            scene = conversions.to_scene(*self._scene)
        except InputError as error:
            self.report_error('scene', error)
            return None
        fresh = self.parameters.scene_fresh
        return scene if grounding.sight(scene, self.steady(), fresh) == Sight.FRESH else None

    def _diagnose(self, status: Any) -> Any:
        if self._halting.overdue:
            status.summary(DiagnosticStatus.ERROR, 'what was halted has not ended')
        elif not self.watch.safe(self.steady()):
            status.summary(DiagnosticStatus.WARN, self.watch.reason)
        else:
            status.summary(DiagnosticStatus.OK, 'the safety state is heard')
        status.add('executing', ', '.join(task.intent for task in self.tasks.all()))
        status.add('can do', ', '.join(self.abilities.intents))
        return status


def main() -> int:
    """Run the node."""
    return run(ExecutorNode)
