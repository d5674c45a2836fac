# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the ExecuteLocal action."""

from __future__ import annotations

import asyncio
import logging as python_logging
import os
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Union

from .. import logging
from .._child_process import ChildProcess
from ..action import Action
from ..event import Event
from ..event_handler import BaseEventHandler
from ..event_handlers import OnProcessExit
from ..events import Shutdown
from ..events.process import (
    ProcessExited,
    ProcessStarted,
    ProcessStderr,
    ProcessStdout,
    ShutdownProcess,
    SignalProcess,
)
from ..launch_context import LaunchContext
from ..launch_description_entity import LaunchDescriptionEntity
from ..some_entities_type import SomeEntitiesType
from ..some_substitutions_type import SomeSubstitutionsType
from ..substitutions import LaunchConfiguration
from ..utilities import normalize_to_list_of_entities, perform, perform_bool, perform_seconds

OnExit = Union[  # noqa: UP007
    SomeEntitiesType,
    Callable[[ProcessExited, LaunchContext], Union[SomeEntitiesType, None]],  # noqa: UP007
]
Output = Union[SomeSubstitutionsType, Mapping[str, Union[str, Iterable[str]]]]  # noqa: UP007


@dataclass(frozen=True)
class _Settings:
    sigterm_timeout: float
    sigkill_timeout: float
    respawn_delay: float
    respawn: bool
    emulate_tty: bool


class ExecuteLocal(Action):
    """
    Runs a process on this machine until it exits or the launch ends; subclasses say which.

    At the end the process and its descendants get SIGINT, after ``sigterm_timeout`` seconds
    SIGTERM, and after ``sigkill_timeout`` more SIGKILL.
    With ``respawn`` the process is started again after every exit, ``respawn_delay`` seconds
    later and at most ``respawn_max_retries`` times (for ever if negative).
    """

    def __init__(
        self,
        *,
        shell: bool = False,
        sigterm_timeout: float | SomeSubstitutionsType = LaunchConfiguration(  # noqa: B008
            'sigterm_timeout', default=5
        ),
        sigkill_timeout: float | SomeSubstitutionsType = LaunchConfiguration(  # noqa: B008
            'sigkill_timeout', default=5
        ),
        emulate_tty: bool | SomeSubstitutionsType = False,
        output: Output = 'log',
        output_format: str = '[{this.name}] {line}',
        log_cmd: bool | SomeSubstitutionsType = False,
        on_exit: OnExit | None = None,
        respawn: bool | SomeSubstitutionsType = False,
        respawn_delay: float | SomeSubstitutionsType | None = None,
        respawn_max_retries: int = -1,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._shell = shell
        self._sigterm_timeout = sigterm_timeout
        self._sigkill_timeout = sigkill_timeout
        self._emulate_tty = emulate_tty
        self._output = os.environ.get('OVERRIDE_LAUNCH_PROCESS_OUTPUT', output)
        self._output_format = output_format
        self._log_cmd = log_cmd
        self._on_exit = on_exit if callable(on_exit) else normalize_to_list_of_entities(on_exit)
        self._respawn = respawn
        self._respawn_delay = respawn_delay
        self._retries_left = respawn_max_retries
        self._details: dict[str, Any] | None = None
        self._child: ChildProcess | None = None
        self._stopping: asyncio.Future[None] | None = None
        self._completed: asyncio.Future[None] | None = None

    @property
    def name(self) -> str:
        """The unique name of the process, such as 'talker-1', once it is executed."""
        return type(self).__name__ if self._details is None else self._details['name']

    @property
    def process_details(self) -> dict[str, Any] | None:
        """The name, cmd, cwd, env and pid of the process; None before it is executed."""
        return self._details

    @property
    def return_code(self) -> int | None:
        """The exit code of the process; None if it has not exited."""
        return None if self._child is None else self._child.returncode

    @property
    def shell(self) -> bool:
        return self._shell

    def get_sub_entities(self) -> Sequence[LaunchDescriptionEntity]:
        return self._on_exit if isinstance(self._on_exit, list) else []

    def get_asyncio_future(self) -> asyncio.Future[None] | None:
        return self._completed

    def _describe_process(self, context: LaunchContext) -> dict[str, Any]:
        """Return the name, cmd, cwd and env of the process to run."""
        raise NotImplementedError('use launch.actions.ExecuteProcess or launch_ros.actions.Node')

    def execute(self, context: LaunchContext) -> None:
        if self._completed is not None:
            raise RuntimeError(f'{self.name} is in the launch description more than once')
        if context.is_shutdown:
            return
        self._details = {'action': self, **self._describe_process(context)}
        output = self._output
        if not isinstance(output, Mapping):
            output = perform(context, output)
        self._check_output_format()
        loggers = logging.get_output_loggers(self.name, output)
        self._lines = {1: _LineLogger(self, loggers[0]), 2: _LineLogger(self, loggers[1])}
        self._logger = logging.get_logger(self.name)
        # The scope of the action ends before its process does: look these up now.
        self._settings = _Settings(
            sigterm_timeout=perform_seconds(context, self._sigterm_timeout, 'sigterm_timeout'),
            sigkill_timeout=perform_seconds(context, self._sigkill_timeout, 'sigkill_timeout'),
            respawn_delay=perform_seconds(context, self._respawn_delay or 0.0, 'respawn_delay'),
            respawn=perform_bool(context, self._respawn),
            emulate_tty=perform_bool(
                context, context.launch_configurations.get('emulate_tty', self._emulate_tty)
            ),
        )
        if perform_bool(context, self._log_cmd):
            self._logger.info(
                f"process details: cmd='{self._command_line()}', cwd='{self._details['cwd']}', "
                f'custom_env?={self._details["env"] is not None}'
            )
        self._stopping = context.asyncio_loop.create_future()
        self._completed = context.asyncio_loop.create_future()
        control = _ProcessControl(self)
        context.register_event_handler(control)
        if callable(self._on_exit) or self._on_exit:
            context.register_event_handler(
                OnProcessExit(target_action=self, on_exit=self._on_exit)
            )
        task = context.asyncio_loop.create_task(self._run(context))
        task.add_done_callback(lambda _: context.unregister_event_handler(control))
        context.add_completion_future(task)

    def _check_output_format(self) -> None:
        try:
            self._output_format.format(line='', this=self)
        except (AttributeError, IndexError, KeyError, ValueError) as error:
            raise ValueError(
                f'output_format {self._output_format!r} of {self.name} is wrong: it may have '
                f'{{line}} and {{this.name}} ({type(error).__name__}: {error})'
            ) from error

    async def _run(self, context: LaunchContext) -> None:
        assert self._completed is not None
        try:
            while await self._run_once(context) and await self._is_respawning():
                self._retries_left -= 1
        finally:
            self._completed.set_result(None)

    async def _run_once(self, context: LaunchContext) -> bool:
        """Run the process until it exits; return whether it could be started."""
        assert self._details is not None and self._stopping is not None
        if self._stopping.done():
            return False
        details = self._details
        try:
            child = ChildProcess(
                details['cmd'],
                shell=self._shell,
                cwd=details['cwd'],
                env=details['env'],
                emulate_tty=self._settings.emulate_tty,
                on_output=lambda fd, data: self._on_output(context, fd, data),
            )
        except (OSError, ValueError) as error:
            self._logger.error(f"cannot start '{self._command_line()}': {error}")
            return False
        self._child = child
        details['pid'] = child.pid
        self._logger.info(f'process started with pid [{child.pid}]')
        context.emit_event_sync(ProcessStarted(**details))
        returncode = await child.wait()
        for lines in self._lines.values():
            lines.flush()
        if returncode == 0:
            self._logger.info(f'process has finished cleanly [pid {child.pid}]')
        else:
            self._logger.error(
                f'process has died [pid {child.pid}, exit code {returncode}, '
                f"cmd '{self._command_line()}']."
            )
        context.emit_event_sync(ProcessExited(returncode=returncode, **details))
        return True

    async def _is_respawning(self) -> bool:
        """Wait for the respawn delay; return whether the process is to be started again."""
        assert self._child is not None and self._stopping is not None
        if not self._settings.respawn or self._retries_left == 0:
            return False
        # What the process has left behind would be in the way of the next one.
        self._child.send_signal_to_group(signal.SIGKILL)
        await asyncio.wait([self._stopping], timeout=self._settings.respawn_delay)
        return not self._stopping.done()

    def _on_output(self, context: LaunchContext, fd: int, data: bytes) -> None:
        assert self._details is not None
        self._lines[fd].write(data)
        event_class = ProcessStdout if fd == 1 else ProcessStderr
        if self._child is not None:
            event = event_class(text=data, **self._details)
            if context.would_handle_event(event):
                context.emit_event_sync(event)

    def _command_line(self) -> str:
        assert self._details is not None
        return ' '.join(part for part in self._details['cmd'] if part.strip())

    def _is_running(self) -> bool:
        return self._child is not None and self._child.returncode is None

    def _signal(self, event: SignalProcess) -> None:
        if not self._is_running():
            self._logger.debug(f'signal {event.signal_name} not sent: the process does not run')
            return
        assert self._child is not None
        self._logger.info(f"sending signal '{event.signal_name}' to process[{self.name}]")
        self._child.send_signal(event.signal)

    def _stop(self, context: LaunchContext, *, due_to_sigint: bool = False) -> None:
        """Stop the process for good, with ever stronger signals."""
        assert self._stopping is not None
        if self._stopping.done():
            return
        self._stopping.set_result(None)
        if self._is_running():
            if not due_to_sigint:
                self._logger.info(f"sending signal 'SIGINT' to process[{self.name}]")
            context.add_completion_future(context.asyncio_loop.create_task(self._end_child()))

    async def _end_child(self) -> None:
        assert self._child is not None
        for number, stronger, seconds in (
            (signal.SIGINT, signal.SIGTERM, self._settings.sigterm_timeout),
            (signal.SIGTERM, signal.SIGKILL, self._settings.sigkill_timeout),
        ):
            self._child.send_signal_to_group(number)
            if await self._child.exits_within(seconds):
                return
            self._logger.error(
                f"process[{self.name}] failed to terminate '{seconds}' seconds after receiving "
                f"'{number.name}', escalating to '{stronger.name}'"
            )
        self._child.send_signal_to_group(signal.SIGKILL)


class _ProcessControl(BaseEventHandler):
    """Lets events stop and signal a process."""

    def __init__(self, action: ExecuteLocal) -> None:
        super().__init__(matcher=self._concerns_process)
        self._action = action

    def _concerns_process(self, event: Event) -> bool:
        if isinstance(event, (ShutdownProcess, SignalProcess)):
            return event.process_matcher(self._action)
        return isinstance(event, Shutdown)

    def handle(self, event: Event, context: LaunchContext) -> None:
        super().handle(event, context)
        if isinstance(event, SignalProcess):
            with suppress(ProcessLookupError):
                self._action._signal(event)
        elif isinstance(event, Shutdown):
            self._action._stop(context, due_to_sigint=event.due_to_sigint)
        else:
            self._action._stop(context)


class _LineLogger:
    """Logs the lines of one output stream of a process."""

    def __init__(self, action: ExecuteLocal, logger: python_logging.Logger) -> None:
        self._action = action
        self._logger = logger
        self._unfinished = b''

    def write(self, data: bytes) -> None:
        *lines, self._unfinished = (self._unfinished + data).split(b'\n')
        for line in lines:
            self._log(line)

    def flush(self) -> None:
        if self._unfinished:
            self._log(self._unfinished)
            self._unfinished = b''

    def _log(self, line: bytes) -> None:
        text = line.decode(errors='replace').rstrip('\r')
        # Not as the format of the logger: the line may have percent signs.
        self._logger.info('%s', self._action._output_format.format(line=text, this=self._action))
