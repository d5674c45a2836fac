# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LaunchService class."""

from __future__ import annotations

import asyncio
import logging as python_logging
import signal
import threading
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from . import logging
from ._orphans import Orphans
from .event import Event
from .event_handlers import OnIncludeLaunchDescription
from .events import IncludeLaunchDescription, Shutdown
from .events.process import SignalProcess
from .launch_context import LaunchContext
from .launch_description import LaunchDescription
from .utilities import normalize_to_list_of_entities, visit_all_entities_and_collect_futures

# A program between the terminal and launch may pass on the ctrl-c that launch has had already:
# only one that comes later than this is meant as a second, s.
REPEAT_TIME = 1.0

SIGNALS = {
    signal.SIGINT: 'user interrupted with ctrl-c (SIGINT)',
    signal.SIGTERM: 'terminated (SIGTERM)',
    signal.SIGQUIT: 'user interrupted with ctrl-\\ (SIGQUIT)',
    signal.SIGHUP: 'the terminal was closed (SIGHUP)',
}


class LaunchService:
    """Launches launch descriptions: handles events and signals until all work is done."""

    def __init__(
        self,
        *,
        argv: Iterable[str] | None = None,
        noninteractive: bool = False,
        debug: bool = False,
    ) -> None:
        if debug:
            logging.launch_config.level = python_logging.DEBUG
        self._debug = debug
        self._logger = logging.get_logger('launch')
        self._context = LaunchContext(argv=argv, noninteractive=noninteractive)
        self._context.register_event_handler(OnIncludeLaunchDescription())
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._futures: list[asyncio.Future[Any]] = []
        self._shutting_down = False
        self._interrupts = 0
        self._interrupted_at = 0.0
        self._return_code = 0

    @property
    def context(self) -> LaunchContext:
        return self._context

    @property
    def event_loop(self) -> asyncio.AbstractEventLoop | None:
        return self._loop

    def include_launch_description(self, launch_description: LaunchDescription) -> None:
        """Launch a launch description, now or as soon as the service runs; thread-safe."""
        if not isinstance(launch_description, LaunchDescription):
            raise TypeError(f'expected a launch.LaunchDescription, not {launch_description!r}')
        self.emit_event(IncludeLaunchDescription(launch_description))

    def emit_event(self, event: Event) -> None:
        """Emit an event, now or as soon as the service runs; thread-safe."""
        with self._lock:
            if self._loop is None:
                self._context.emit_event_sync(event)
            else:
                self._loop.call_soon_threadsafe(self._context.emit_event_sync, event)

    def shutdown(self, force_sync: bool = False) -> None:
        """End the launch, if it runs; thread-safe."""
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._shutdown, 'LaunchService.shutdown() called')

    def run(self, *, shutdown_when_idle: bool = True) -> int:
        """Run until all work is done; return 0, or 1 if something raised an error."""
        return asyncio.run(
            self.run_async(shutdown_when_idle=shutdown_when_idle), debug=self._debug
        )

    async def run_async(self, *, shutdown_when_idle: bool = True) -> int:
        """Do what run() does, in the running event loop."""
        with self._lock:
            if self._loop is not None:
                raise RuntimeError('this LaunchService is running already')
            self._loop = asyncio.get_running_loop()
        self._context._set_asyncio_loop(self._loop)
        self._context._set_is_shutdown(False)
        self._shutting_down = False
        self._return_code = 0
        self._interrupts = 0
        orphans = Orphans()
        outer_handler = self._loop.get_exception_handler()
        self._loop.set_exception_handler(self._on_loop_error)
        try:
            with self._signals_handled(self._loop):
                self._log_config()
                await self._handle_events(shutdown_when_idle)
                await self._end_orphans(orphans)
        finally:
            orphans.end(patience=0.0)
            self._loop.set_exception_handler(outer_handler)
            with self._lock:
                self._loop = None
            self._context._set_asyncio_loop(None)
        return self._return_code

    def _log_config(self) -> None:
        config = logging.launch_config
        self._logger.info(f'All log files can be found below {config.log_dir}')
        level = python_logging.getLevelName(config.level)
        self._logger.info(f'Default logging verbosity is set to {level}')

    async def _end_orphans(self, orphans: Orphans) -> None:
        patience = float(self._context.launch_configurations.get('sigkill_timeout', 5.0))
        await asyncio.get_running_loop().run_in_executor(None, orphans.end, patience)

    # Events

    async def _handle_events(self, shutdown_when_idle: bool) -> None:
        queue = self._context._event_queue
        while True:
            try:
                # Callbacks of work that has just finished may emit events: let them.
                await asyncio.sleep(0)
                self._collect_finished_work()
                if queue.empty() and not self._futures:
                    if self._shutting_down:
                        return
                    if shutdown_when_idle:
                        self._shutdown('idle')
                        continue
                await self._wait_for_work()
                while not queue.empty():
                    self._handle_event(queue.get_nowait())
            except Exception as error:
                self._report(error)

    def _collect_finished_work(self) -> None:
        """Keep the futures of unfinished work; raise the error of a finished one, if any."""
        self._futures += self._context._completion_futures
        self._context._completion_futures.clear()
        finished = [future for future in self._futures if future.done()]
        self._futures = [future for future in self._futures if not future.done()]
        for future in finished:
            if not future.cancelled() and (error := future.exception()) is not None:
                raise error

    async def _wait_for_work(self) -> None:
        """Wait for an event, or the end of some work."""
        if not self._context._event_queue.empty():
            return
        next_event = asyncio.ensure_future(self._context._event_queue.get())
        try:
            await asyncio.wait(
                [next_event, *self._futures], return_when=asyncio.FIRST_COMPLETED
            )
            if next_event.done():
                self._handle_event(next_event.result())
        finally:
            next_event.cancel()

    def _handle_event(self, event: Event) -> None:
        self._logger.debug(f'handling {event.name}')
        if isinstance(event, Shutdown):
            self._shutting_down = True
            self._context._set_is_shutdown(True)
        for handler in tuple(self._context._event_handlers):
            if handler.matches(event):
                self._context._push_locals()
                try:
                    for entity in normalize_to_list_of_entities(
                        handler.handle(event, self._context)
                    ):
                        self._futures += visit_all_entities_and_collect_futures(
                            entity, self._context
                        )
                except Exception as error:
                    self._report(error)
                finally:
                    self._context._pop_locals()

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, details: dict[str, Any]) -> None:
        """Report what a callback or a task that nobody waits for has raised."""
        self._report(details.get('exception') or RuntimeError(details['message']))

    def _report(self, error: BaseException) -> None:
        message = _message(error)
        launch_file = self._context.get_locals_as_dict().get('current_launch_file_path', '')
        if launch_file not in message:
            message = f'{launch_file}: {message}'
        self._logger.debug(''.join(traceback.format_exception(error)))
        self._logger.error(f'Caught exception in launch (see debug for traceback): {message}')
        self._return_code = 1
        self._shutdown(f'error: {message}')

    def _shutdown(self, reason: str, *, due_to_sigint: bool = False) -> None:
        if not self._shutting_down:
            self._shutting_down = True
            self._context._set_is_shutdown(True)
            self._context.emit_event_sync(Shutdown(reason=reason, due_to_sigint=due_to_sigint))

    # Signals

    @contextmanager
    def _signals_handled(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Let signals end the launch; only the main thread gets them."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        handled = [
            number
            for number in SIGNALS
            # Who ignores SIGHUP (nohup) wants the launch to outlive the terminal.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN
        ]
        before = {number: signal.getsignal(number) for number in handled}
        for number in handled:
            loop.add_signal_handler(number, self._on_signal, number)
        try:
            yield
        finally:
            for number in handled:
                loop.remove_signal_handler(number)
                if before[number] is not None:
                    signal.signal(number, before[number])

    def _on_signal(self, number: signal.Signals) -> None:
        message = SIGNALS[number]
        now = time.monotonic()
        if self._interrupts == 0:
            self._logger.warning(message)
            self._shutdown(message, due_to_sigint=number == signal.SIGINT)
        elif now - self._interrupted_at < REPEAT_TIME:
            self._logger.warning(f'{message} again, ignoring...')
            return
        else:
            stronger = signal.SIGTERM if self._interrupts == 1 else signal.SIGKILL
            self._logger.warning(f'{message} again, sending {stronger.name} to what still runs')
            self._context.emit_event_sync(
                SignalProcess(signal_number=stronger, process_matcher=lambda _: True)
            )
        self._interrupts += 1
        self._interrupted_at = now


def _message(error: BaseException) -> str:
    """Return what a person needs to know of an error."""
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return text or type(error).__name__
