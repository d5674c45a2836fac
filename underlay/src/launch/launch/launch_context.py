# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0

"""Module for the LaunchContext class."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from .event import Event
from .event_handler import BaseEventHandler
from .substitution import Substitution


class _Locals:
    """Gives the local variables of a context as attributes."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(f'the launch context has no local variable {name!r}') from None


class LaunchContext:
    """The state of one launch: configurations, environment, local variables and events."""

    def __init__(
        self, *, argv: Iterable[str] | None = None, noninteractive: bool = False
    ) -> None:
        self._argv = list(argv or [])
        self._noninteractive = noninteractive
        self._launch_configurations: dict[str, str] = {}
        self._saved_configurations: list[dict[str, str]] = []
        self._initial_environment = dict(os.environ)
        self._saved_environments: list[dict[str, str]] = []
        self._globals: dict[str, Any] = {}
        self._locals: dict[str, Any] = {}
        self._saved_locals: list[dict[str, Any]] = []
        self._event_handlers: list[BaseEventHandler] = []
        self._event_queue: asyncio.Queue[Event] = asyncio.Queue()
        self._completion_futures: list[asyncio.Future[Any]] = []
        self._asyncio_loop: asyncio.AbstractEventLoop | None = None
        self._is_shutdown = False

    @property
    def argv(self) -> list[str]:
        return self._argv

    @property
    def noninteractive(self) -> bool:
        return self._noninteractive

    # Launch configurations

    @property
    def launch_configurations(self) -> dict[str, Any]:
        """The launch configurations by name."""
        return self._launch_configurations

    def _push_launch_configurations(self) -> None:
        self._saved_configurations.append(dict(self._launch_configurations))

    def _pop_launch_configurations(self) -> None:
        if not self._saved_configurations:
            raise RuntimeError('PopLaunchConfigurations without PushLaunchConfigurations')
        self._launch_configurations = self._saved_configurations.pop()

    # Environment

    @property
    def environment(self) -> MutableMapping[str, str]:
        """The environment of this process, which launched processes inherit."""
        return os.environ

    def _push_environment(self) -> None:
        self._saved_environments.append(dict(os.environ))

    def _pop_environment(self) -> None:
        if not self._saved_environments:
            raise RuntimeError('PopEnvironment without PushEnvironment')
        self._replace_environment(self._saved_environments.pop())

    def _reset_environment(self) -> None:
        self._replace_environment(self._initial_environment)

    def _replace_environment(self, environment: Mapping[str, str]) -> None:
        os.environ.clear()
        os.environ.update(environment)

    # Local variables: visible while one event is handled

    @property
    def locals(self) -> _Locals:
        return _Locals(self.get_locals_as_dict())

    def get_locals_as_dict(self) -> dict[str, Any]:
        return {**self._globals, **self._locals}

    def extend_globals(self, variables: Mapping[str, Any]) -> None:
        """Set variables that stay for the whole launch."""
        self._globals.update(variables)

    def extend_locals(self, variables: Mapping[str, Any]) -> None:
        """Set variables that are visible until the current event has been handled."""
        self._locals.update(variables)

    def _remove_local(self, name: str) -> None:
        self._locals.pop(name, None)

    def _push_locals(self) -> None:
        self._saved_locals.append(dict(self._locals))

    def _pop_locals(self) -> None:
        self._locals = self._saved_locals.pop()

    # Events

    def register_event_handler(
        self, event_handler: BaseEventHandler, append: bool = False
    ) -> None:
        """Handle events with this handler, before those registered earlier unless appended."""
        position = len(self._event_handlers) if append else 0
        self._event_handlers.insert(position, event_handler)

    def unregister_event_handler(self, event_handler: BaseEventHandler) -> None:
        """Raise ValueError if the handler is not registered."""
        self._event_handlers.remove(event_handler)

    def would_handle_event(self, event: Event) -> bool:
        return any(handler.matches(event) for handler in self._event_handlers)

    def emit_event_sync(self, event: Event) -> None:
        """Queue an event; call this in the thread of the launch service only."""
        self._event_queue.put_nowait(event)

    async def emit_event(self, event: Event) -> None:
        await self._event_queue.put(event)

    def add_completion_future(self, future: asyncio.Future[Any]) -> None:
        """Keep the launch going until the future is done."""
        self._completion_futures.append(future)

    # The state of the launch service

    @property
    def asyncio_loop(self) -> asyncio.AbstractEventLoop:
        """The loop of the launch service; raises RuntimeError when it does not run."""
        if self._asyncio_loop is None:
            raise RuntimeError('this needs a running launch.LaunchService')
        return self._asyncio_loop

    def _set_asyncio_loop(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self._asyncio_loop = loop

    @property
    def is_shutdown(self) -> bool:
        return self._is_shutdown

    def _set_is_shutdown(self, state: bool) -> None:
        self._is_shutdown = state

    def perform_substitution(self, substitution: Substitution) -> str:
        return substitution.perform(self)
