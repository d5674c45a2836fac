# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The node that brings the others up, and back."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import psutil
from assist_common import qos
from assist_common.component import Component
from assist_common.errors import ConfigurationError, InputError, as_sentence
from assist_common.main import run
from assist_msgs.msg import Heartbeat, SystemHealth
from assist_msgs.msg import SystemMode as SystemModeMessage
from assist_msgs.srv import RestartComponent
from diagnostic_msgs.msg import DiagnosticStatus
from lifecycle_msgs.srv import ChangeState, GetState
from rclpy.qos import QoSProfile
from std_msgs.msg import Header

from assist_monitor import conversions, modes, shared_memory
from assist_monitor.actions import Action, Change, End, Note, Query, Severity, Transition
from assist_monitor.deaths import Deaths
from assist_monitor.health import NodeHealth, short_name
from assist_monitor.polling import OnlyWhile, PolledSubscription
from assist_monitor.processes import Process
from assist_monitor.supervision import Supervision
from assist_monitor.supervisor_parameters import SupervisorParameters, check, doubts, to_limits

BEATS = QoSProfile(depth=100)
"""Two a second of every node; after a moment without attention all shall still be there."""

MODE_PERIOD = 2.0
"""Seconds after which the mode is told again: somebody else's word on the topic must not last."""


class SupervisorNode(Component):
    """Bring the nodes up in order, bring back those that die or hang, and say what is missing."""

    parameters: SupervisorParameters

    def check_parameters(self, new: SupervisorParameters) -> None:
        """Refuse limits that contradict each other, and safety nodes that nobody supervises."""
        check(new)

    def on_setup(self) -> None:
        """Prepare a client for every node."""
        chosen = self.parameters
        if not chosen.nodes:
            raise ConfigurationError('there are no nodes to supervise', "set the parameter 'nodes'")
        self.names = conversions.absolute(chosen.nodes, self.get_namespace())
        if len(set(self.names)) < len(self.names):
            raise ConfigurationError("the parameter 'nodes' names a node twice", 'name each once')
        if self.get_fully_qualified_name() in self.names:
            raise ConfigurationError(
                'the supervisor cannot supervise itself', "take it out of the parameter 'nodes'"
            )
        for doubt in doubts(chosen):
            self.log.warning(as_sentence(doubt))
        self.abilities = modes.parse_abilities(chosen.abilities)
        self.limits = to_limits(chosen)
        self.host = socket.gethostname()
        self.requests: dict[Any, Any] = {}
        self.asked = OnlyWhile(self.requests.__contains__)
        self.changers = {
            n: self.create_client(ChangeState, f'{n}/change_state', callback_group=self.asked)
            for n in self.names
        }
        self.askers: dict[str, Any] = {}
        self.modes = self.create_publisher(SystemModeMessage, 'mode', qos.LATCHED)
        self.beats = PolledSubscription(self, Heartbeat, 'heartbeat', self.see_beat, BEATS)
        self.create_subscription(SystemHealth, 'health', self.see_health, qos.RELIABLE)
        self.create_service(RestartComponent, '~/restart', self.restart)
        self.deaths = Deaths(self._wake)
        self.at_teardown(self.deaths.close)
        self.sweeps = self.create_worker(self.sweep, newest_only=True, name='sweeper')
        self.create_timer(chosen.tick_period, self.look)
        self.add_diagnostic('nodes', self.diagnose)

    def on_start(self) -> None:
        """Begin to supervise; nodes that run already are adopted."""
        now = self.steady()
        self.processes: dict[str, Process] = {}
        self.health: dict[str, NodeHealth] = {}
        self.health_seen = now
        self.mode: modes.SystemMode | None = None
        self.mode_published = now
        self.is_ending = False
        # Of processes that may have died since.
        self.beats.discard()
        self.sweeps.put(None)
        self.supervision = Supervision(
            self.names,
            self.limits,
            now,
            self_starting=conversions.absolute(self.parameters.self_starting, self.get_namespace()),
            started=now - _process_age(),
        )

    def on_interrupt(self) -> None:
        """Take the others down in order: SIGINT came to them as well, and they wait for that."""
        if self.is_active:
            self.log.info('The graph ends: its nodes are deactivated, the last one first.')
            self.is_ending = True
            self.supervision.request_end()
            self.tick()

    @property
    def awaits_turn(self) -> bool:
        """Return whether others are still to be taken down."""
        return self.is_active and not (self.is_ending and not self.supervision.active)

    # What comes in.

    def see_beat(self, message: Heartbeat, age: float) -> None:
        """Take a heartbeat that came some seconds ago."""
        beat = conversions.to_beat(message)
        if self.supervision.is_new(beat.node, beat.pid):
            self._find_process(beat.node, beat.pid, beat.host)
        local = beat.node in self.processes
        self.supervision.heard(beat, self.steady(), local=local, age=age)

    def see_health(self, message: SystemHealth) -> None:
        """Remember what monitor_node says of the nodes."""
        self.health = {node.name: node for node in conversions.to_node_healths(message)}
        self.health_seen = self.steady()

    def restart(
        self, request: RestartComponent.Request, response: RestartComponent.Response
    ) -> RestartComponent.Response:
        """Restart a node; the answer does not wait for it to be back."""
        if not self.is_active:
            raise InputError('the supervisor is not active', 'activate it first')
        response.message = self.supervision.request_restart(request.node, self.steady())
        response.success = True
        return response

    # What goes out.

    def look(self) -> None:
        """Take the heartbeats that came, and look at processes and time-outs."""
        self.beats.deliver()
        self.tick()

    def tick(self) -> None:
        """Do what is to be done now."""
        for name, pid in self.supervision.local_pids().items():
            process = self.processes.get(name)
            if process and process.pid == pid and not process.alive:
                self.supervision.process_gone(name, self.steady())
                self.sweeps.put(None)
        for action in self.supervision.tick(self.steady()):
            self._do(action)
        if not self.is_ending:
            self._publish_mode()

    def _wake(self) -> None:
        if self.executor is not None:
            self.executor.create_task(self._see_death)

    def _see_death(self) -> None:
        if self.is_active:
            self.tick()

    def sweep(self, _: object = None) -> None:
        """Give back the shared memory of processes that were killed."""
        if freed := shared_memory.sweep():
            self.log.info(f'{freed / 1e6:.0f} MB of shared memory of killed processes given back.')

    def diagnose(self, status: Any) -> Any:
        """Report every node on /diagnostics."""
        if not self.is_active:
            status.summary(DiagnosticStatus.WARN, 'not supervising')
            return status
        statuses = self.supervision.statuses(self.steady())
        problems = [f'{short_name(node.name)} {node.problem}' for node in statuses if node.problem]
        if problems:
            status.summary(DiagnosticStatus.ERROR, '; '.join(problems))
        else:
            status.summary(DiagnosticStatus.OK, f'all {len(statuses)} nodes active')
        for node in statuses:
            text = f'{node.state}, breaker {node.breaker}, {node.failures} failures in a row'
            status.add(short_name(node.name), text)
        return status

    def _find_process(self, name: str, pid: int, host: str) -> None:
        self.processes.pop(name, None)
        process = Process.of_node(pid, short_name(name)) if host == self.host else None
        if process:
            self.processes[name] = process
            self.deaths.watch(pid)

    def _do(self, action: Action) -> None:
        if isinstance(action, Note):
            self._say(action)
        elif isinstance(action, End):
            process = self.processes.get(action.node)
            fault = process.end(force=action.force) if process else 'it is not on this machine'
            if fault:
                self.log.error(f'Could not end {short_name(action.node)}: {fault}.')
        elif isinstance(action, Query):
            self._ask(action.node)
        else:
            self._change(action)

    def _say(self, note: Note) -> None:
        # A line each: rclpy ties the severity to the line that logs.
        if note.severity == Severity.ERROR:
            self.log.error(note.text)
        elif note.severity == Severity.WARNING:
            self.log.warning(note.text)
        else:
            self.log.info(note.text)

    def _change(self, action: Change) -> None:
        client = self.changers[action.node]
        if not client.service_is_ready():
            self.supervision.not_sent(action.node)
            return
        request = ChangeState.Request()
        request.transition.id = int(action.transition)
        self._call(client, request, lambda answer: self._changed(action, answer))

    def _ask(self, name: str) -> None:
        client = self.askers.get(name)
        if client is None:
            client = self.askers[name] = self.create_client(
                GetState, f'{name}/get_state', callback_group=self.asked
            )
            self.at_teardown(partial(self.destroy_client, client))
        if client.service_is_ready():
            self._call(client, GetState.Request(), lambda answer: self._told(name, answer))

    def _call(self, client: Any, request: Any, take: Callable[[Any], None]) -> None:
        """Send a request; an older one of the same client has been given up by now."""
        older = self.requests.pop(client, None)
        if older is not None:
            client.remove_pending_request(older)
        future = client.call_async(request)
        self.requests[client] = future
        future.add_done_callback(partial(self._take, client, take))

    def _take(self, client: Any, take: Callable[[Any], None], future: Any) -> None:
        was_given_up = client not in self.requests or self.requests[client] is not future
        if was_given_up or not self.is_active:
            return
        del self.requests[client]
        try:
            take(future.result())
        except Exception as error:
            self.report_error(client.srv_name, error)

    def _changed(self, action: Change, answer: ChangeState.Response) -> None:
        self.supervision.answered(
            action.node, Transition(action.transition), answer.success, self.steady()
        )
        self.tick()

    def _told(self, name: str, answer: GetState.Response) -> None:
        self.supervision.state_answered(name, answer.current_state.id, self.steady())
        self.tick()

    def _publish_mode(self) -> None:
        recent = self.steady() - self.health_seen < self.parameters.health_timeout
        nodes = [
            modes.judge(status, self.health.get(status.name) if recent else None)
            for status in self.supervision.statuses(self.steady())
        ]
        mode = modes.decide(nodes, self.abilities, self.parameters.safety_nodes)
        before, self.mode = self.mode, mode
        if mode == before and self.steady() - self.mode_published < MODE_PERIOD:
            return
        self.mode_published = self.steady()
        header = Header(stamp=self.now())
        self.modes.publish(conversions.to_mode_message(mode, header))
        if before is None or (before.mode, before.missing) != (mode.mode, mode.missing):
            self._say(Note(self._severity(mode), mode.text))

    def _severity(self, mode: modes.SystemMode) -> Severity:
        if mode.mode == modes.Mode.NORMAL or self.supervision.bringing_up:
            return Severity.INFO
        return Severity.WARNING


def _process_age() -> float:
    """Return the seconds since this process was started."""
    return max(0.0, time.time() - psutil.Process().create_time())


def main() -> int:
    """Run the node."""
    return run(SupervisorNode)
