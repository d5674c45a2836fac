# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The base of every node: lifecycle, typed parameters, diagnostics, latency."""

from __future__ import annotations

import re
import socket
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, get_type_hints

import diagnostic_updater
from assist_msgs.msg import LatencyReport, LatencyStage
from builtin_interfaces.msg import Time
from lifecycle_msgs.msg import State
from rclpy.lifecycle import LifecycleState, TransitionCallbackReturn
from std_msgs.msg import Header

from assist_common import garbage, memory, parameters, qos
from assist_common.component_diagnostics import ComponentDiagnostics
from assist_common.conversions import to_seconds
from assist_common.errors import AssistError, InputError
from assist_common.gated_node import GatedNode
from assist_common.heartbeat import HeartbeatThread
from assist_common.latency import LatencyTracker
from assist_common.reporter import Reporter
from assist_common.worker import Worker

LATENCY_PERIOD = 5.0
EXECUTOR_PERIOD = 0.5


class Component(GatedNode):
    """A lifecycle node that says what is wrong with it, and goes on.

    A node derives from it, annotates `parameters` with its dataclass and fills in `on_setup`,
    `on_start`, `on_stop` and `on_teardown`. What is created in `on_setup` is destroyed after
    `on_teardown`; its callbacks and timers run only while the node is active, and nothing that
    they raise reaches the executor.
    """

    parameters: Any
    diagnostics_period = 1.0
    """Seconds between two reports on /diagnostics, where no parameter says otherwise."""

    def __init__(self, node_name: str = '', **options: Any) -> None:
        super().__init__(node_name or default_name(type(self)), **options)
        self.log = self.get_logger()
        self.hardware_id = socket.gethostname()
        self.latency = LatencyTracker()
        self.state = State.PRIMARY_STATE_UNCONFIGURED
        self.fault = ''
        self.errors = 0
        self.rejected = 0
        self.workers: list[Worker[Any]] = []
        self._reporter = Reporter()
        self._in_transition = False
        self._executor_seen = time.monotonic()
        self._declare_parameters()
        self.diagnostics = diagnostic_updater.Updater(self, self.diagnostics_period)
        # Adding a task publishes it at once.
        self.diagnostics.setHardwareID(self.hardware_id)
        self._own_diagnostics = ComponentDiagnostics(self)
        self._latency_reports = self.create_publisher(LatencyReport, 'latency', qos.RELIABLE)
        self.create_timer(LATENCY_PERIOD, self._report_latency)
        self.create_timer(EXECUTOR_PERIOD, self.see_turn)  # wakes an executor that is idle
        self.create_timer(LATENCY_PERIOD, self._check_types)
        self._heartbeat = HeartbeatThread(self, self._vital_signs)
        self._starts_itself = bool(self.get_parameter('autostart').value)
        if self._starts_itself:
            self._autostart_timer = self.create_timer(0.0, self._autostart)

    # What a node fills in.

    def on_setup(self) -> None:
        """Load models, check parameters, create publishers, subscriptions, services and workers."""

    def on_start(self) -> None:
        """Open devices and start work; the workers run already."""

    def on_stop(self) -> None:
        """Undo on_start."""

    def on_teardown(self) -> None:
        """Undo on_setup: let go of what takes memory."""

    def on_interrupt(self) -> None:
        """React to SIGINT, which ends the whole graph, before the node itself ends."""

    def check_parameters(self, new: Any) -> None:
        """Refuse parameters that contradict each other by an AssistError that says which.

        It gets the would-be snapshot of a set at run time, before that is accepted, and the
        present one before on_setup: it must need nothing that on_setup makes.
        """

    def on_parameters_changed(self, old: Any) -> None:
        """React to a change; `self.parameters` is the new snapshot already."""

    # What a node uses.

    @property
    def is_active(self) -> bool:
        """Return whether the lifecycle state is active."""
        return self.state == State.PRIMARY_STATE_ACTIVE

    @property
    def awaits_turn(self) -> bool:
        """Return whether, when the whole graph ends, another node is to deactivate this one."""
        return self.is_active and not self._starts_itself

    def now(self) -> Time:
        """Return the ROS time as a stamp."""
        return self.get_clock().now().to_msg()

    def steady(self) -> float:
        """Return seconds on the clock that never jumps: for time-outs and deadlines."""
        return time.monotonic()

    def age(self, header: Header) -> float:
        """Return the seconds since the stamp, in ROS time."""
        return to_seconds(self.now()) - to_seconds(header.stamp)

    def record(self, stage: str, seconds: float) -> None:
        """Add a measured time to a stage of the latency report."""
        self.latency.record(stage, seconds)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what runs inside as one run of a stage."""
        begin = time.perf_counter()
        yield
        self.record(name, time.perf_counter() - begin)

    def create_worker(
        self,
        function: Callable[[Any], Any],
        *,
        capacity: int = 32,
        newest_only: bool = False,
        name: str = 'worker',
    ) -> Worker[Any]:
        """Return a worker that runs while the node is active; see `Worker`."""
        worker: Worker[Any] = Worker(
            function,
            capacity=capacity,
            newest_only=newest_only,
            name=name,
            on_error=lambda error: self.report_error(name, error),
        )
        self.workers.append(worker)
        if self.is_active:
            worker.start()
        return worker

    def add_diagnostic(self, name: str, task: Callable[[Any], Any]) -> None:
        """Publish a task as `node: name` on /diagnostics until teardown."""
        self.diagnostics.add(name, task)
        self.at_teardown(lambda: self.diagnostics.removeByName(name))

    def report_error(self, where: str, error: Exception) -> None:
        """Log and count an error of a callback or worker; the same one only now and then."""
        if isinstance(error, InputError):
            self.rejected += 1
            write, text = self._warn, str(error)
        else:
            self.errors += 1
            write = self._complain
            text = str(error) if isinstance(error, AssistError) else describe(error)
        if self._reporter.report(f'{where}:{text}', f'{where}: {text}', time.monotonic(), write):
            self.log.debug(''.join(traceback.format_exception(error)))

    def see_turn(self) -> None:
        """Remember that the executor has just had a turn; who spins it says so after each."""
        self._executor_seen = time.monotonic()

    def destroy_node(self) -> None:
        """Stop the heartbeat and destroy the node."""
        self._heartbeat.stop()
        super().destroy_node()

    # Lifecycle.

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Check the parameters and set up."""
        with self._transition():
            result = self._attempt('configure', self._set_up)
            if result == TransitionCallbackReturn.SUCCESS:
                self.state = State.PRIMARY_STATE_INACTIVE
            else:
                self._tear_down()
        return result

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Start the workers, then the node."""
        with self._transition():
            result = self._attempt('activate', self._start)
            if result == TransitionCallbackReturn.SUCCESS:
                self.state = State.PRIMARY_STATE_ACTIVE
                self._align_timers()
                self._hand_over()
            else:
                self._stop()
        return result

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop the node, then the workers."""
        with self._transition():
            self.state = State.PRIMARY_STATE_INACTIVE
            self._stop()
        return TransitionCallbackReturn.SUCCESS

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Tear down and give the memory back."""
        with self._transition():
            self.state = State.PRIMARY_STATE_UNCONFIGURED
            self._tear_down()
        return TransitionCallbackReturn.SUCCESS

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop and tear down from whatever state."""
        with self._transition():
            self._unwind(State.PRIMARY_STATE_FINALIZED)
        return TransitionCallbackReturn.SUCCESS

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Return to unconfigured after an error of a transition."""
        with self._transition():
            self._unwind(State.PRIMARY_STATE_UNCONFIGURED)
        return TransitionCallbackReturn.SUCCESS

    def _set_up(self) -> None:
        if self._parameter_errors:
            raise self._parameter_errors[0]
        self.check_parameters(getattr(self, 'parameters', None))
        self._setting_up = True
        try:
            self.on_setup()
            self.create_timer(garbage.PERIOD, garbage.sweep)
        finally:
            self._setting_up = False
        garbage.settle()

    def _start(self) -> None:
        for worker in self.workers:
            worker.start()
        self.on_start()

    def _align_timers(self) -> None:
        """Let timers fall due together: the executor builds its wait set once for all of them."""
        for timer in self.timers:
            if not timer.is_canceled():
                timer.reset()

    def _stop(self) -> None:
        self._try('stop', self.on_stop)
        for worker in self.workers:
            if not worker.stop():
                self.log.warning(f'{worker.name} is still busy; its job was abandoned.')

    def _tear_down(self) -> None:
        self._try('cleanup', self.on_teardown)
        while self._teardowns:
            self._try('cleanup', self._teardowns.pop())
        self.workers.clear()
        self._waiting.clear()
        garbage.collect()
        memory.trim()

    def _unwind(self, final: int) -> None:
        was, self.state = self.state, final
        if was == State.PRIMARY_STATE_ACTIVE:
            self._stop()
        if was in (State.PRIMARY_STATE_ACTIVE, State.PRIMARY_STATE_INACTIVE):
            self._tear_down()

    def _attempt(self, what: str, function: Callable[[], None]) -> TransitionCallbackReturn:
        try:
            function()
        except AssistError as error:
            self.fault = str(error)
            self.log.error(f'Could not {what}: {error}')
            return TransitionCallbackReturn.FAILURE
        except Exception as error:
            self.fault = describe(error)
            self.log.error(f'Could not {what}: {self.fault}')
            self.log.debug(traceback.format_exc())
            return TransitionCallbackReturn.FAILURE
        self.fault = ''
        return TransitionCallbackReturn.SUCCESS

    def _try(self, what: str, function: Callable[[], Any]) -> None:
        try:
            function()
        except Exception as error:
            self.report_error(what, error)

    @contextmanager
    def _transition(self) -> Iterator[None]:
        self._in_transition = True
        yield
        self._executor_seen = time.monotonic()
        self._in_transition = False

    def _autostart(self) -> None:
        self.destroy_timer(self._autostart_timer)
        if self.trigger_configure() == TransitionCallbackReturn.SUCCESS:
            self.trigger_activate()

    # Inner workings.

    def _declare_parameters(self) -> None:
        self.declare_parameter('autostart', False, _AUTOSTART)
        cls = get_type_hints(type(self)).get('parameters', Any)
        self._parameter_errors: list[Any] = []
        if cls is not Any:
            self.parameters, self._parameter_errors = parameters.declare(
                self, cls, self._replace_parameters, self.check_parameters
            )
        for sentence in parameters.unknown_overrides(self):
            self.log.warning(sentence)

    def _replace_parameters(self, new: Any) -> None:
        old, self.parameters = self.parameters, new
        self._try('parameters', lambda: self.on_parameters_changed(old))

    # rclpy fixes the severity of each place that logs, so each severity has a place of its own.

    def _warn(self, text: str) -> None:
        self.log.warning(text)

    def _complain(self, text: str) -> None:
        self.log.error(text)

    def _check_types(self) -> None:
        """Name publishers of a wrong type; the middleware matches none of them and says nothing."""
        for subscription in self.subscriptions:
            wanted = type_name(subscription.msg_type)
            for publisher in self.get_publishers_info_by_topic(subscription.topic_name):
                if publisher.topic_type != wanted:
                    self._report_type(subscription.topic_name, publisher, wanted)

    def _report_type(self, topic: str, publisher: Any, wanted: str) -> None:
        sender = f'{publisher.node_namespace.rstrip("/")}/{publisher.node_name}'
        cause = f'{sender} publishes {publisher.topic_type} on {topic}'
        self.report_error(topic, InputError(cause, f'this node takes {wanted} there'))

    def _vital_signs(self) -> tuple[int, bool, float, float]:
        # Read first: a transition that ends meanwhile renews the sight of the executor before.
        in_transition = self._in_transition
        executor_age = max(0.0, time.monotonic() - self._executor_seen - EXECUTOR_PERIOD)
        worker_age = max((worker.busy_seconds for worker in list(self.workers)), default=0.0)
        return self.state, in_transition, executor_age, worker_age

    def _report_latency(self) -> None:
        stages = [LatencyStage(**vars(stage)) for stage in self.latency.summary()]
        if stages:
            report = LatencyReport(node=self.get_fully_qualified_name(), stages=stages)
            report.header.stamp = self.now()
            self._latency_reports.publish(report)


def type_name(message_type: Any) -> str:
    """Return std_msgs/msg/String for the class."""
    package, kind = message_type.__module__.split('.')[:2]
    return f'{package}/{kind}/{message_type.__name__}'


def default_name(node_class: type) -> str:
    """Return stt_node for SttNode."""
    return re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', node_class.__name__).lower()


def describe(error: BaseException) -> str:
    """Return an unexpected error as one line with the place where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f' ({frames[-1].filename}:{frames[-1].lineno})' if frames else ''
    return f'{type(error).__name__}: {error}{place}'


_AUTOSTART = parameters.descriptor(
    'configure and activate by itself at the start, where no supervisor does it'
)
