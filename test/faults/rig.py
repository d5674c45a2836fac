# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""The whole graph on demo input, the person before it, and all that it reports."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil
import yaml
from assist.dialogue import VOICE_RATE, picture
from assist.nodes import NODES
from assist.observer import Observer
from assist.person import Person
from assist.session import Session
from assist_common import qos
from assist_intent import audit
from assist_msgs.msg import Decision, Heartbeat, SystemHealth, SystemMode
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from lifecycle_msgs.msg import State
from rcl_interfaces.msg import Log
from std_msgs.msg import String
from std_srvs.srv import Trigger

from faults.camera import NetworkCamera
from faults.clock import SimulatedClock

FOREIGN = '\u2020'
"""What all texts of made messages begin with, so that they are not taken for the graph's own."""

START_TIMEOUT = 60.0
SERVICE_TIMEOUT = 5.0
SETTLE = 1.0
"""Seconds that all must be well in a row."""

BEAT_FRESH = 1.5
PARAMETERS = {'monitor_node': {'sample_period': 0.5, 'check_period': 5.0}}
"""Health often enough to be measured against seconds."""

_WARN = 30
"""rcl_interfaces/Log.WARN, a byte in some versions and a number in others."""

_COMMAND = re.compile(r", cmd '.*'")
"""What the launch says of a process and nobody needs to read."""

_VERDICTS = {
    value: name
    for name, value in vars(Decision).items()
    if name in ('EXECUTE', 'CONFIRM', 'ASK', 'REFUSE', 'ANSWER', 'STOP', 'EXPIRE')
}


@dataclass(frozen=True)
class Report:
    """A sentence of the graph about itself; the time is steady, in seconds."""

    at: float
    where: str
    text: str


class Rig:
    """A context manager around a running graph."""

    def __init__(
        self,
        folder: Path,
        domain: int,
        *,
        arguments: Mapping[str, str] = {},
        parameters: Mapping[str, Mapping[str, object]] = {},
        remote: tuple[Sequence[str], Sequence[str]] = ((), ()),
    ) -> None:
        """Take what the launch is given.

        Args:
            folder: for all files, unless the launch arguments name others.
            domain: ROS domain.
            arguments: of the launch, over those of the rig.
            parameters: of each node, over those of the rig.
            remote: nodes that run on another computer, and the command that runs things there.
        """
        self.folder = folder
        self.nodes = tuple(NODES)
        self.audit_folder = Path(arguments.get('audit_folder', folder / 'audit'))
        self._domain = domain
        self._arguments = arguments
        self._parameters = {**PARAMETERS, **parameters}
        self._remote, self._prefix = remote
        self._reports: list[Report] = []
        self._records = False
        self._beats: dict[str, tuple[float, int, int]] = {}
        self._changed = threading.Condition()
        self._ending = threading.Event()
        self._stack = ExitStack()
        self.approved: set[str] = set()
        self.executed: set[str] = set()

    def __enter__(self) -> Rig:
        with ExitStack() as stack:
            self.camera = stack.enter_context(NetworkCamera(picture(self.folder / 'picture.png')))
            self.observer = stack.enter_context(Observer(domain_id=self._domain))
            self.person = stack.enter_context(Person(self.observer.node, VOICE_RATE))
            self._listen()
            if self._arguments.get('use_sim_time') == 'true':
                self.clock = stack.enter_context(SimulatedClock(self.observer.node))
            here = [name for name in self.nodes if name not in self._remote]
            self.session = stack.enter_context(self._session(here))
            if self._remote:
                stack.enter_context(self._session(self._remote, self._prefix))
            self._follower = threading.Thread(target=self._follow, daemon=True)
            self._follower.start()
            stack.callback(self._end_following)
            self._wait_until_up()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    # What the person does.

    def type(self, text: str) -> None:
        """Type a command."""
        self._typed.publish(String(data=text))

    def approve(self) -> None:
        """Allow what is asked for at present; nothing else that needs a yes may be done."""
        asked = [one for one in self._decisions() if one.verdict == Decision.CONFIRM]
        if asked:
            self.approved.add(asked[-1].request_id)

    def release_memory(self, name: str) -> None:
        """Ask a node to release memory, as monitor_node does when it gets short."""
        client = self.observer.node.create_client(Trigger, f'{name}/release_memory')
        client.wait_for_service(SERVICE_TIMEOUT)
        client.call_async(Trigger.Request())

    # What the graph says.

    def record(self) -> None:
        """Keep what is reported from now on, until a report was waited for."""
        with self._changed:
            self._reports.clear()
            self._records = True

    def wait_for_report(self, words: str, timeout: float) -> Report | None:
        """Return the first report since `record` that a regular expression matches."""
        wanted = re.compile(words, re.IGNORECASE)
        place = 0

        def found() -> Report | None:
            nonlocal place
            new, place = self._reports[place:], len(self._reports)
            return next((one for one in new if wanted.search(one.text)), None)

        with self._changed:
            result = self._changed.wait_for(found, timeout)
            self._records = False
        return result

    def wait_until_well(self, since: float, timeout: float) -> float | None:
        """Return the moment since which all is well, once that has lasted; None if never."""
        deadline = time.monotonic() + timeout
        well_since: float | None = None
        while time.monotonic() < deadline + SETTLE:
            now = time.monotonic()
            well_since = None if self.troubles(since) else well_since or now
            if well_since is not None and now - well_since >= SETTLE:
                return well_since
            if well_since is None and now > deadline:
                return None
            time.sleep(0.05)
        return None

    def troubles(self, since: float) -> list[str]:
        """Return what is not well, by what was heard since a moment."""
        mode, now = self.observer.seen.mode, time.monotonic()
        found = []
        if mode is None or mode.mode != SystemMode.NORMAL:
            found.append(f'mode: {mode.reason if mode else "unknown"}')
        with self._changed:
            beats = dict(self._beats)
        for name in self.nodes:
            at, state, _ = beats.get(name, (0.0, 0, 0))
            if at < max(since, now - BEAT_FRESH) or state != State.PRIMARY_STATE_ACTIVE:
                found.append(f'{name} is not active')
        return found

    def pid(self, name: str) -> int:
        """Return the process of a node."""
        with self._changed:
            return self._beats[name][2]

    def process(self, name: str) -> psutil.Process:
        """Return the process of a node."""
        return psutil.Process(self.pid(name))

    # What must never happen.

    def false_acts(self) -> list[str]:
        """Return what was approved or begun without the confirmation that it needs."""
        decisions = self._decisions()
        approved = {one.request_id for one in decisions if one.verdict == Decision.EXECUTE}
        begun = {one for one in self.executed - approved if one and not one.startswith(FOREIGN)}
        return [
            f'{one.intent} of risk {one.risk} was approved'
            for one in decisions
            if one.verdict == Decision.EXECUTE
            and one.risk >= Decision.MEDIUM
            and one.request_id not in self.approved
        ] + [f'request {one} was begun' for one in begun]

    def audit_problems(self, timeout: float = 5.0) -> list[str]:
        """Return what is wrong with the audit log, or missing in it of what was decided."""
        deadline = time.monotonic() + timeout
        while (problems := self._audit_problems()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return problems

    def _audit_problems(self) -> list[str]:
        decided = Counter(
            (one.request_id, _VERDICTS[one.verdict]) for one in self._decisions()
        )
        found = audit.folders(self.audit_folder)
        problems = [text for folder in found for text in audit.verify(folder).problems]
        written = Counter(
            (entry.get('request'), entry.get('verdict'))
            for folder in found
            for entry in audit.entries(folder)
        )
        lost = sum((decided - written).values())
        return problems + ([f'{lost} decisions are not in the audit log'] if lost else [])

    # Inner workings.

    def _decisions(self) -> list[Decision]:
        decisions = list(self.observer.seen.decisions)
        return [one for one in decisions if not one.request_id.startswith(FOREIGN)]

    def _session(self, nodes: Sequence[str], prefix: Sequence[str] = ()) -> Session:
        log = self.folder / ('launch_there.log' if prefix else 'launch.log')
        environment = {
            'ROS_LOG_DIR': str(self.folder / 'ros'),
            'ROS_DOMAIN_ID': str(self._domain),
        }
        return Session(self._launch_arguments(nodes), log, environment, prefix=prefix)

    def _launch_arguments(self, nodes: Sequence[str]) -> dict[str, str]:
        config = self.folder / 'parameters.yaml'
        content = {
            f'/**/{node}': {'ros__parameters': dict(values)}
            for node, values in self._parameters.items()
        }
        config.write_text(yaml.safe_dump(content))
        return {
            'config_file': str(config),
            'profile': 'demo',
            'nodes': ','.join(nodes),
            'audio_source': 'topic',
            'camera_source': self.camera.address,
            'audit_folder': str(self.audit_folder),
            'log_directory': str(self.folder / 'logs'),
            **self._arguments,
        }

    def _wait_until_up(self) -> None:
        if self.wait_until_well(0.0, START_TIMEOUT) is None:
            logs = '\n'.join(path.read_text() for path in sorted(self.folder.glob('launch*.log')))
            raise RuntimeError(f'The graph did not come up: {self.troubles(0.0)}\n{logs}')

    def _listen(self) -> None:
        node = self.observer.node
        self._typed = node.create_publisher(String, 'text_command', 10)
        node.create_subscription(Log, '/rosout', self._on_log, 1000)
        node.create_subscription(DiagnosticArray, '/diagnostics', self._on_diagnostics, 100)
        node.create_subscription(SystemMode, 'mode', self._on_mode, qos.LATCHED)
        node.create_subscription(SystemHealth, 'health', self._on_health, qos.RELIABLE)
        node.create_subscription(Heartbeat, 'heartbeat', self._on_beat, 100)

    def _report(self, where: str, text: str) -> None:
        with self._changed:
            if self._records:
                self._reports.append(Report(time.monotonic(), where, text))
                self._changed.notify_all()

    def _follow(self) -> None:
        """Report what the launch itself writes of its processes."""
        with self.session.log_file.open() as lines:
            while not self._ending.wait(0.05):
                for line in lines:
                    if line.startswith('[ERROR]'):
                        self._report('launch', _COMMAND.sub('', line).rstrip())

    def _end_following(self) -> None:
        self._ending.set()
        self._follower.join()

    def _on_log(self, message: Log) -> None:
        if message.level >= _WARN and not message.name.startswith(FOREIGN):
            self._report('log', f'{message.name.rpartition(".")[2]}: {message.msg}')

    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        for status in message.status:
            if status.level != DiagnosticStatus.OK:
                self._report('diagnostics', f'{status.name}: {status.message}')

    def _on_mode(self, message: SystemMode) -> None:
        if message.mode != SystemMode.NORMAL:
            self._report('mode', message.reason)

    def _on_health(self, message: SystemHealth) -> None:
        for reason in message.reasons:
            self._report('health', reason)

    def _on_beat(self, message: Heartbeat) -> None:
        self.executed.add(self.observer.seen.executing)
        with self._changed:
            name = message.node.rpartition('/')[2]
            self._beats[name] = time.monotonic(), message.state, message.pid
